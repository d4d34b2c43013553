import { NightkeeperError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { Agreement, Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { type Applied, applyChange, commitAttemptsMax } from './apply.ts';
import { findRecovery } from './approve-recovery.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';
import { aborted, advance, type Outcome, tell, unlessConflict } from './recovery-progress.ts';
import { letGo } from './recovery-work.ts';

/** What became of the wish to stop a recovery: a request withdrawn, one stopped before it began, or one asked to begin nothing more. */
export interface Stopped {
  readonly recovery: Recovery;
  readonly how: 'withdrawn' | 'before' | 'asked';
}

/**
 * Stops a recovery. What has not begun never will: that is settled in the same step in which it would begin. What runs is asked to begin
 * nothing more; a command that is sent already is not taken back.
 */
export async function abortRecovery(
  house: House,
  id: string,
  stop: Agreement,
): Promise<Stopped | Refusal> {
  for (let attempt = 0; attempt < commitAttemptsMax; attempt += 1) {
    const recovery = await findRecovery(house, id);
    if (recovery === undefined) return refuse('unknown-recovery', { recovery: id });
    switch (recovery.state) {
      case 'awaiting':
      case 'requested': {
        const ended = await endUnbegun(house, recovery, stop);
        if (ended !== undefined) return ended;
        break;
      }
      case 'scheduled':
      case 'running':
      case 'verifying': {
        const answer = await askToStop(house, recovery, stop);
        if (answer !== undefined) return answer;
        break;
      }
      case 'succeeded':
      case 'failed':
      case 'refused':
      case 'rejected':
      case 'expired':
      case 'aborted':
        return refuse('nothing-to-stop', factsOf(recovery));
    }
    await house.clock.sleep(20);
  }
  throw new NightkeeperError('redis-conflict', `no turn to stop recovery ${id}`);
}

function factsOf({
  id,
  state,
  outcome,
}: Pick<Recovery, 'id' | 'state' | 'outcome'>): Refusal['facts'] {
  const name = outcome?.facts['name'];
  return { recovery: id, state, ...(typeof name === 'string' ? { name } : {}) };
}

/** Ends what waits for others or for its turn; undefined when it moved on meanwhile. */
async function endUnbegun(
  house: House,
  recovery: Recovery,
  { reason, ...stamp }: Agreement,
): Promise<Stopped | undefined> {
  const how = recovery.state === 'awaiting' ? 'withdrawn' : 'before';
  const outcome: Outcome = {
    code: how === 'withdrawn' ? 'withdrawn' : 'stopped',
    facts: { by: stamp.by, name: stamp.name, reason },
  };
  const ended = await advance(
    house,
    recovery,
    { state: aborted, finishedMs: house.clock.now(), outcome },
    stamp,
  ).catch(unlessConflict);
  if (ended === undefined) return undefined;
  await tell(house, ended, aborted);
  await letGo(house, ended.ensemble, ended.id);
  return { recovery: ended, how };
}

/** Puts the wish on the card, where whoever does the work looks before each step; undefined when the card says something else by now. */
async function askToStop(
  house: House,
  recovery: Recovery,
  stop: Agreement,
): Promise<Stopped | Refusal | undefined> {
  if (recovery.incident === undefined)
    return refuse('nothing-to-stop', { recovery: recovery.id, state: recovery.state });
  const intent = { kind: 'stop-recovery', recovery: recovery.id, stop } as const;
  const done: Applied = await applyChange(house, recovery.incident, intent);
  if (done.kind === 'refusal') return done;
  if (done.kind === 'nothing') {
    const mark = done.incident?.recovery;
    if (mark?.id !== recovery.id || mark.state !== aborted) return undefined;
    // Somebody was faster, and has not written it down yet.
    return refuse('nothing-to-stop', factsOf({ ...recovery, ...mark }));
  }
  await notify(house, [done.incident]);
  const isOff = done.incident.recovery?.state === aborted;
  if (isOff) await settleDropped(house, recovery, done.incident, stop);
  return { recovery, how: isOff ? 'before' : 'asked' };
}

/** Writes down of a recovery that was to come what its card says already. */
export async function settleDropped(
  house: House,
  recovery: Recovery,
  { recovery: mark }: Pick<Incident, 'recovery'>,
  by?: Agreement,
): Promise<void> {
  const outcome = mark?.id === recovery.id ? mark.outcome : undefined;
  await advance(
    house,
    recovery,
    {
      state: aborted,
      finishedMs: house.clock.now(),
      outcome: outcome ?? { code: 'gone', facts: {} },
    },
    by,
  ).catch(unlessConflict);
}

/** Who asked to stop a recovery that runs, and how far it is; nothing while nobody did. */
export async function stopOf(
  house: Pick<House, 'incidents'>,
  { id, incident, action, ensemble, steps }: Recovery,
  total = 0,
): Promise<Outcome | undefined> {
  if (incident === undefined) return undefined;
  const mark = (await house.incidents.get(incident))?.recovery;
  if (mark?.id !== id || mark.stopping === undefined) return undefined;
  const { name, by, reason } = mark.stopping;
  const done = (steps ?? []).filter(({ state }) => state === 'done').length;
  const facts = { recovery: id, action, ensemble, by, name, reason, done, total };
  return { code: aborted, facts };
}
