import type { EnsembleId } from '../model/ensemble.ts';
import type { Incident, RecoveryMark } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import type { Recovery } from '../model/recovery.ts';
import {
  breakerOf,
  type Hindrance,
  hindranceOf,
  ruleFor,
  startsMs,
} from '../rules/guard/automation.ts';
import { isActive } from '../rules/routing/silences.ts';
import { settleDropped } from './abort-recovery.ts';
import { applyChange } from './apply.ts';
import { beginAutomatic } from './begin-automatic.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';
import { notify } from './notify.ts';
import { realOnly } from './real-only.ts';
import { auditOf } from './recovery-progress.ts';

/** Recoveries looked through for those to come. */
const recentMax = 20;

/** Looks at one incident: is there something to plan, to drop, or has the time come? May be asked as often as one likes. */
export async function attend(house: House, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'auto') return;
  const incident = await house.incidents.get(job.incident, job.ensemble);
  if (incident !== undefined) await attendTo(house, members, incident);
}

/** Plans for incidents that have just changed, as far as there are rules for them. */
export async function planFor(house: House, incidents: readonly Incident[]): Promise<void> {
  for (const incident of incidents)
    if (incident.recovery === undefined) await plan(house, incident);
}

/** Makes up for lost jobs, for changed settings and for processes that died in between: all incidents of all ensembles. */
export async function keepAutomation(house: House, members: Members): Promise<void> {
  for (const { id } of house.settings().ensembles) await keepIn(house, members, id);
}

/** The same in one ensemble. */
export async function keepIn(house: House, members: Members, id: EnsembleId): Promise<void> {
  const settings = house.settings().ensembles.find((each) => each.id === id);
  const coming = (await house.recoveries.recent(id, recentMax)).filter(
    ({ state }) => state === 'scheduled',
  );
  if (settings?.auto === undefined && coming.length === 0) return;
  for (const incident of await realOnly(house.incidents.open(id)))
    await attendTo(house, members, incident);
  for (const recovery of coming) await settle(house, recovery);
}

/** Writes down of a recovery to come what its card says already: that it never will. */
async function settle(house: House, recovery: Recovery): Promise<void> {
  const incident =
    recovery.incident === undefined ? undefined : await house.incidents.get(recovery.incident);
  const mark = incident?.recovery;
  if (mark?.id === recovery.id && (mark.state === 'scheduled' || mark.state === 'running')) return;
  await settleDropped(house, recovery, incident ?? {});
}

async function attendTo(house: House, members: Members, incident: Incident): Promise<void> {
  const mark = incident.recovery;
  if (mark === undefined) return await plan(house, incident);
  if (mark.automatic === undefined || !isComing(mark)) return;
  const recovery = await written(house, incident, mark);
  if (recovery.state !== 'scheduled') return;
  const why = mark.state === 'running' ? undefined : await hindrance(house, incident);
  if (why !== undefined) return await drop(house, incident, recovery, why);
  const atMs = mark.startsMs ?? 0;
  if (atMs > house.clock.now()) return await arm(house, incident, atMs);
  const outcome =
    (await breaker(house, incident)) ?? (await beginAutomatic(house, members, recovery));
  if (outcome === undefined) return;
  if ('untilMs' in outcome) return await arm(house, incident, outcome.untilMs);
  await drop(house, incident, recovery, outcome);
}

/** `running` on the card and not in the record: the process that began it died in between. */
function isComing({ state }: RecoveryMark): boolean {
  return state === 'scheduled' || state === 'running';
}

/** Puts on the card what will be done when, where there is a rule and nobody is on it. */
async function plan(house: House, incident: Incident): Promise<void> {
  const settings = house.settings().ensembles.find(({ id }) => id === incident.ensemble);
  const rule = ruleFor(settings, incident);
  const { server } = incident.subject;
  if (rule === undefined || server === undefined || incident.state !== 'triggered') return;
  if (incident.drill !== undefined) return;
  const nowMs = house.clock.now();
  const atMs = startsMs(incident, rule, nowMs);
  if (atMs === undefined || (await hindrance(house, incident)) !== undefined) return;
  const mark: RecoveryMark = {
    id: await house.recoveries.allocate(),
    action: rule.action,
    server,
    state: 'scheduled',
    by: keeper.id,
    name: keeper.name,
    via: 'auto',
    reason: incident.detector,
    atMs: nowMs,
    startsMs: atMs,
    automatic: { afterMs: rule.afterMs },
  };
  const done = await applyChange(house, incident.id, { kind: 'plan-recovery', mark });
  if (done.kind !== 'applied') return;
  await written(house, done.incident, mark);
  await notify(house, [done.incident]);
  await arm(house, done.incident, atMs);
}

/** The record of a recovery to come, made after its card: whoever finds it missing writes it. */
async function written(house: House, incident: Incident, mark: RecoveryMark): Promise<Recovery> {
  const known = await house.recoveries.get(incident.ensemble, mark.id);
  if (known !== undefined) return known;
  const { by, name, via, atMs } = mark;
  const recovery: Recovery = {
    id: mark.id,
    action: mark.action,
    ensemble: incident.ensemble,
    server: mark.server,
    incident: incident.id,
    requested: { by, name, via, atMs },
    reason: mark.reason,
    state: 'scheduled',
    version: 1,
    fence: 0,
    guards: [],
    automatic: { startsMs: mark.startsMs ?? atMs, afterMs: mark.automatic?.afterMs ?? 0 },
  };
  if ((await house.recoveries.save(recovery, 0)) === 'written') {
    await house.incidents.audit([auditOf(recovery, house.clock.now())]);
    return recovery;
  }
  return (await house.recoveries.get(incident.ensemble, mark.id)) ?? recovery;
}

/** What keeps the bot's hands off, but for the state of the ensemble. */
async function hindrance(house: House, incident: Incident): Promise<Hindrance | undefined> {
  const settings = house.settings().ensembles.find(({ id }) => id === incident.ensemble);
  if (ruleFor(settings, incident) === undefined) return { code: 'auto-rule', facts: {} };
  const nowMs = house.clock.now();
  const [off, silences] = await Promise.all([house.automation.list(), house.silences.list()]);
  return hindranceOf(
    incident,
    off,
    silences.filter((each) => isActive(each, nowMs)),
  );
}

/** Alarms elsewhere, or too many members out here. */
async function breaker(house: House, { ensemble }: Incident): Promise<Hindrance | undefined> {
  const ids = house.settings().ensembles.map(({ id }) => id);
  const open = await Promise.all(ids.map((id) => realOnly(house.incidents.open(id))));
  const alarmed = ids.filter((_, index) =>
    open[index]?.some(({ severity, pagedMs }) => severity === 'page' && pagedMs !== undefined),
  );
  return breakerOf(alarmed, (await house.ensembles.status(ensemble))?.grid ?? []);
}

/** It will not begin after all: the card and its thread say why. */
async function drop(
  house: House,
  incident: Incident,
  recovery: Recovery,
  { code, facts }: Hindrance,
): Promise<void> {
  const outcome = { code, facts };
  const intent = { kind: 'drop-recovery', recovery: recovery.id, outcome } as const;
  const done = await applyChange(house, incident.id, intent);
  if (done.kind === 'applied') await notify(house, [done.incident]);
  const now = done.kind === 'applied' ? done.incident : await house.incidents.get(incident.id);
  if (now?.recovery?.state !== 'running') await settleDropped(house, recovery, now ?? {});
  house.telemetry.count('automatic_recoveries_total', {
    ensemble: recovery.ensemble,
    outcome: code,
  });
}

async function arm(house: House, { id, ensemble }: Incident, atMs: number): Promise<void> {
  const job = { kind: 'auto', ensemble, incident: id } as const;
  await house.schedule.at(atMs, job, `auto-${id}-${atMs}`);
}
