import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import { type Incident, isOpen } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import { isSameMute, type Silence, silenceCard } from '../model/silence.ts';
import type { PlanStep } from '../rules/incident/plan.ts';
import { isActive, muteOf, overMs, scopeText } from '../rules/routing/silences.ts';
import { applyChange, applyOpen } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** How often silences are looked at without being asked; their beginnings and ends ring at their own time. */
export const lifeEveryMs = 30_000;

/** Begins the windows whose time has come, says which silences began or ended, and silences what they cover. */
export async function keepSilences(house: House, _job?: Job): Promise<void> {
  const nowMs = house.clock.now();
  const silences = await beginWindows(house, nowMs);
  await notify(house, await tellOf(house, silences, nowMs));
  const ensembles = [...house.settings().ensembles.map(({ id }) => id), ownEnsemble];
  for (const ensemble of ensembles) {
    const open = await house.incidents.open(ensemble);
    await notify(house, await silence(house, ensemble, open, silences));
  }
  await armSilences(house, silences, nowMs);
}

/** Gives every fault that begins now the silence it is under, so that not a word of it gets out. */
export function underSilence(
  plan: readonly PlanStep[],
  silences: readonly Silence[],
  nowMs: number,
): readonly PlanStep[] {
  return plan.map((step) => {
    const mute = step.kind === 'open' ? muteOf(silences, step.intent, nowMs) : undefined;
    return step.kind === 'open' && mute !== undefined
      ? { ...step, intent: { ...step.intent, mute } }
      : step;
  });
}

type Needs = Pick<House, 'incidents' | 'settings' | 'clock' | 'telemetry' | 'log'> & {
  readonly schedule: Pick<House['schedule'], 'now'>;
};

/** Brings what open incidents know of silences up to date; answers those that changed. */
export async function silence(
  house: Needs,
  ensemble: EnsembleId,
  incidents: readonly Incident[],
  silences: readonly Silence[],
): Promise<readonly Incident[]> {
  const nowMs = house.clock.now();
  const changed: Incident[] = [];
  let isAudible = false;
  for (const incident of incidents.filter(isOpen)) {
    const mute = muteOf(silences, incident, nowMs);
    if (isSameMute(mute, incident.silenced)) continue;
    const done = await applyChange(house, incident.id, {
      kind: 'mute',
      ...(mute === undefined ? {} : { mute }),
    });
    if (done.kind !== 'applied') continue;
    isAudible ||= mute === undefined;
    changed.push(mute === undefined ? await pageOwn(house, done.incident) : done.incident);
  }
  // The next look pages what was silent, if it is still there.
  if (isAudible && ensemble !== ownEnsemble)
    await house.schedule.now({ kind: 'observe', ensemble, notices: [] });
  return changed;
}

/** No look comes to page a trouble of the bot itself. */
async function pageOwn(house: Needs, incident: Incident): Promise<Incident> {
  if (incident.ensemble !== ownEnsemble || incident.severity !== 'page') return incident;
  const done = await applyChange(house, incident.id, { kind: 'page' });
  return done.kind === 'applied' ? done.incident : incident;
}

/** All silences, with those of windows that are open by now. Every replica does this, and each window begins once. */
async function beginWindows(house: House, nowMs: number): Promise<readonly Silence[]> {
  const silences = await house.silences.list();
  const begun: Silence[] = [];
  for (const window of house.settings().maintenance ?? []) {
    const { name, scope, reason, forMs, freezes } = window;
    const startMs = house.timetable.next(window.cron, window.timeZone, nowMs - forMs);
    if (startMs === undefined || startMs > nowMs) continue;
    if (silences.some((each) => each.window === name && each.startMs === startMs)) continue;
    const added = await house.silences.add(
      {
        scope,
        reason,
        set: { by: keeper.id, name: keeper.name, via: 'configuration', atMs: nowMs },
        startMs,
        endMs: startMs + forMs,
        window: name,
        ...(freezes === undefined ? {} : { freezes: 'too' as const }),
      },
      nowMs,
      `${name}:${startMs}`,
    );
    if (added === 'full') house.log.warn({ window: name }, 'no room for another silence');
    else begun.push(added);
  }
  return [...silences, ...begun];
}

/** One card for each silence: posted when it begins, edited when it is over. Each is said once, everywhere it matters. */
async function tellOf(
  house: House,
  silences: readonly Silence[],
  nowMs: number,
): Promise<readonly Incident[]> {
  const cards = (await house.incidents.open(ownEnsemble)).filter(
    ({ detector }) => detector === silenceCard,
  );
  const changed: Incident[] = [];
  for (const each of silences) {
    const card = cards.find(({ fingerprint }) => fingerprint === fingerprintOf(each));
    const active = isActive(each, nowMs);
    if (active === (card !== undefined)) continue;
    const done =
      card === undefined
        ? await applyOpen(house, ownEnsemble, beginning(each))
        : await applyChange(house, card.id, {
            kind: 'resolve',
            grid: [],
            ...(each.ended === undefined ? {} : { stamp: each.ended }),
          });
    if (done.kind === 'applied') changed.push(done.incident);
  }
  return changed;
}

function fingerprintOf({ id }: Silence): string {
  return `${ownEnsemble}/${silenceCard}/${id}`;
}

function beginning(each: Silence): Parameters<typeof applyOpen>[2] {
  const { scope, reason, set, window, freezes } = each;
  return {
    kind: 'trigger',
    fingerprint: fingerprintOf(each),
    detector: silenceCard,
    subject: { ensemble: scope.ensemble ?? '*' },
    severity: 'info',
    facts: {
      silence: each.id,
      scope: scopeText(scope),
      untilMs: overMs(each),
      name: set.name,
      reason,
      ...(window === undefined ? {} : { window }),
      ...(freezes === undefined ? {} : { freezes }),
    },
    evidence: [],
    grid: [],
    symptoms: [],
    sinceMs: each.startMs,
    page: false,
  };
}

/** Sets the clock to the next beginning and the next end. */
async function armSilences(
  house: House,
  silences: readonly Silence[],
  nowMs: number,
): Promise<void> {
  const starts = (house.settings().maintenance ?? []).flatMap(
    ({ cron, timeZone }) => house.timetable.next(cron, timeZone, nowMs) ?? [],
  );
  const ends = silences.filter((each) => isActive(each, nowMs)).map(overMs);
  const nextMs = Math.min(...starts, ...ends);
  if (!Number.isFinite(nextMs)) return;
  await house.schedule.at(nextMs, { kind: 'life', ensemble: ownEnsemble }, `life-${nextMs}`);
}
