import { ownEnsemble } from '../model/ensemble.ts';
import type { Stamp } from '../model/incident.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { Silence, SilenceId } from '../model/silence.ts';
import type { SilenceRequest } from '../ports/command.ts';
import { isActive, scopeText, silenceFault } from '../rules/routing/silences.ts';
import type { House } from './house.ts';
import { keepSilences } from './silences.ts';

/** Silences what a person asks for, or says why not. */
export async function setSilence(
  house: House,
  request: SilenceRequest,
  stamp: Stamp,
): Promise<Silence | Refusal> {
  const nowMs = house.clock.now();
  const fault = silenceFault(request, await house.silences.list(), nowMs);
  if (fault !== undefined) return fault;
  const { scope, reason, untilMs, freezes } = request;
  const added = await house.silences.add(
    {
      scope,
      reason: reason.trim(),
      set: stamp,
      startMs: nowMs,
      endMs: untilMs,
      ...(freezes === undefined ? {} : { freezes }),
    },
    nowMs,
  );
  if (added === 'full') return refuse('silences-full');
  await note(house, added, stamp, freezes === 'only' ? 'freeze' : 'silence');
  await keepSilences(house);
  return added;
}

/** Ends a silence before its time. */
export async function endSilence(
  house: House,
  id: SilenceId,
  stamp: Stamp,
): Promise<Silence | Refusal> {
  const found = (await house.silences.list()).find((each) => each.id === id);
  if (found === undefined) return refuse('unknown-silence', { silence: id });
  if (!isActive(found, house.clock.now())) return refuse('silence-over', { silence: id });
  const ended = (await house.silences.end(id, stamp)) ?? found;
  await note(house, ended, stamp, ended.freezes === 'only' ? 'unfreeze' : 'unsilence');
  await keepSilences(house);
  return ended;
}

async function note(
  house: House,
  { id, scope, reason, endMs }: Silence,
  stamp: Stamp,
  what: 'silence' | 'unsilence' | 'freeze' | 'unfreeze',
): Promise<void> {
  const isKnown = house.settings().ensembles.some((each) => each.id === scope.ensemble);
  await house.incidents.audit([
    {
      atMs: stamp.atMs,
      ensemble: isKnown && scope.ensemble !== undefined ? scope.ensemble : ownEnsemble,
      who: stamp.by,
      name: stamp.name,
      via: stamp.via,
      what,
      outcome: 'done',
      facts: { silence: id, scope: scopeText(scope), reason, untilMs: endMs },
    },
  ]);
}
