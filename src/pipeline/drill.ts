import {
  type Drill,
  type DrillEnd,
  type DrillReport,
  drillEveryMs,
  drillMsMax,
  type EndedDrill,
  type RecordingName,
} from '../model/drill.ts';
import type { EnsembleId } from '../model/ensemble.ts';
import { type Incident, isOpen, type Stamp } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import { isMended } from '../rules/drill/replay.ts';
import { applyChange } from './apply.ts';
import { drillHouse, playedOf, runningDrill } from './drill-house.ts';
import type { House } from './house.ts';
import { judge } from './judge.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { notify } from './notify.ts';
import { realOnly } from './real-only.ts';

/** How often a drill is looked at. */
export const drillTickMs = 2_000;

/** Begins a drill, or says why not. */
export async function startDrill(
  house: House,
  asked: {
    readonly recording: RecordingName;
    readonly ensemble: EnsembleId;
    readonly anyway: boolean;
  },
  stamp: Stamp,
): Promise<Drill | Refusal> {
  const { recording, ensemble, anyway } = asked;
  const running = await runningDrill(house, ensemble);
  if (running !== undefined)
    return refuse('drill-running', {
      ensemble,
      recording: running.recording,
      name: running.started.name,
    });
  const real = await realOnly(house.incidents.open(ensemble));
  if (real.length > 0 && !anyway)
    return refuse('drill-not-now', { ensemble, incidents: real.map(({ id }) => `#${id}`) });
  if (!(await house.shortMemory.claim(`drill:${ensemble}`, drillEveryMs)))
    return refuse('drill-too-often', { ensemble, everyMs: drillEveryMs });
  const nowMs = house.clock.now();
  const drill: Drill = {
    id: `d-${nowMs}`,
    ensemble,
    recording,
    started: stamp,
    untilMs: nowMs + drillMsMax,
    beside: real.map(({ id }) => id),
  };
  await house.drills.start(drill);
  await note(house, drill, stamp, 'drill:start', {});
  await kick(house, drill);
  return drill;
}

/** Ends a drill before its time; its report says how long people took. */
export async function stopDrill(
  house: House,
  ensemble: EnsembleId,
  stamp: Stamp,
): Promise<EndedDrill | Refusal> {
  const running = await runningDrill(house, ensemble);
  if (running === undefined) return refuse('no-drill', { ensemble });
  return (await end(house, running, 'stopped', stamp)) ?? refuse('no-drill', { ensemble });
}

/** One look of a drill, and the job of the next one. May be done twice, and by any replica. */
export async function playDrill(house: House, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'drill') return;
  const state = await house.drills.get(job.ensemble);
  if (state === undefined || state.drill.id !== job.drill) return;
  const { drill } = state;
  if (state.ended !== undefined) return await closeCards(house, drill, state.ended);
  const nowMs = house.clock.now();
  const settings = house.settings().ensembles.find(({ id }) => id === job.ensemble);
  if (nowMs >= drill.untilMs || settings === undefined)
    return void (await end(house, drill, 'bound'));
  if (await yields(house, drill)) return;
  const slot = Math.floor(nowMs / drillTickMs);
  if (await house.shortMemory.claim(`drill-tick:${drill.id}:${slot}`, 60_000)) {
    const own = drillHouse(house, drill);
    const ensemble = await members.of(settings);
    const seen = await look(own, settings, ensemble, []);
    const judged = await judge(own, seen);
    if (judged !== 'conflict') await notify(own, judged.touched);
    const isDone = judged !== 'conflict' && (await own.incidents.open(drill.ensemble)).length === 0;
    if (isDone && isMended(await playedOf(house, drill), ensemble, nowMs))
      return void (await end(house, drill, 'over'));
  }
  await arm(house, drill, (slot + 1) * drillTickMs);
}

/** Makes up for lost jobs. */
export async function keepDrills(house: House): Promise<void> {
  for (const { id } of house.settings().ensembles) {
    const state = await house.drills.get(id);
    if (state === undefined) continue;
    if (state.ended === undefined) await kick(house, state.drill);
    else await closeCards(house, state.drill, state.ended);
  }
}

/** Ends the drill of an ensemble in which something real has just begun. */
export async function yieldDrill(
  house: House,
  ensemble: EnsembleId,
  changed: readonly Incident[],
): Promise<void> {
  if (!changed.some((incident) => incident.drill === undefined && isOpen(incident))) return;
  const running = await runningDrill(house, ensemble);
  if (running !== undefined) await yields(house, running);
}

/** Whether it ended because something real is open that was not there when it began. */
async function yields(house: House, drill: Drill): Promise<boolean> {
  const real = await realOnly(house.incidents.open(drill.ensemble));
  if (!real.some(({ severity, id }) => severity !== 'info' && !drill.beside.includes(id)))
    return false;
  await end(house, drill, 'real-fault');
  return true;
}

const itself: Omit<Stamp, 'atMs'> = { by: keeper.id, name: keeper.name, via: 'drill' };

async function end(
  house: House,
  drill: Drill,
  why: DrillEnd,
  by?: Stamp,
): Promise<EndedDrill | undefined> {
  const atMs = house.clock.now();
  const stamp = by ?? { ...itself, atMs };
  const ended: EndedDrill = { atMs, why, name: stamp.name, report: await reportOf(house, drill) };
  if (!(await house.drills.end(drill, ended))) return undefined;
  await note(house, drill, stamp, 'drill:end', factsOf(ended));
  await closeCards(house, drill, ended);
  return ended;
}

function factsOf({
  why,
  report: { acknowledged, decided },
}: EndedDrill): Readonly<Record<string, string | number>> {
  return {
    why,
    ...(acknowledged === undefined
      ? {}
      : { acknowledgedBy: acknowledged.name, acknowledgedMs: acknowledged.afterMs }),
    ...(decided === undefined ? {} : { decidedBy: decided.name, decidedMs: decided.afterMs }),
  };
}

/** Says on the first card how long people took, and closes what is open. */
async function closeCards(house: House, drill: Drill, ended: EndedDrill): Promise<void> {
  const mine = (await house.incidents.recent(drill.ensemble, recentMax)).filter(
    (incident) => incident.drill === drill.id,
  );
  const first = mine.at(-1);
  const told = first?.notes?.some(({ report }) => report !== undefined) === true;
  const stamp: Stamp = { ...itself, atMs: ended.atMs };
  if (first !== undefined && !told) {
    const intent = { kind: 'note', stamp, text: drill.id, report: ended } as const;
    const done = await applyChange(house, first.id, intent);
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
  for (const { id, grid } of mine.filter(isOpen)) {
    const done = await applyChange(house, id, { kind: 'resolve', grid, stamp });
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
}

/** Incidents looked through for those of a drill. */
const recentMax = 50;

/** From the first card: who took it on first, and who first wanted something done, and when. */
async function reportOf(house: House, drill: Drill): Promise<DrillReport> {
  const own = drillHouse(house, drill);
  const mine = await own.incidents.recent(drill.ensemble, recentMax);
  const beganMs = Math.min(...mine.map(({ openedMs }) => openedMs));
  const events = (await Promise.all(mine.map(({ id }) => house.incidents.events(id)))).flat();
  const taken = events
    .flatMap((event) => (event.kind === 'acknowledged' ? [event.stamp] : []))
    .sort((a, b) => a.atMs - b.atMs)[0];
  const decided = (await own.recoveries.recent(drill.ensemble, recentMax))
    .toSorted((a, b) => a.requested.atMs - b.requested.atMs)
    .at(0);
  return {
    ...(taken === undefined
      ? {}
      : { acknowledged: { name: taken.name, afterMs: taken.atMs - beganMs } }),
    ...(decided === undefined
      ? {}
      : {
          decided: {
            name: decided.requested.name,
            afterMs: decided.requested.atMs - beganMs,
            action: decided.action,
            server: decided.server,
          },
        }),
  };
}

async function note(
  house: House,
  drill: Drill,
  { by, name, via, atMs }: Stamp,
  what: string,
  facts: Readonly<Record<string, string | number>>,
): Promise<void> {
  const { id, ensemble, recording } = drill;
  await house.incidents.audit([
    {
      atMs,
      ensemble,
      who: by,
      name,
      via,
      what,
      outcome: 'done',
      facts: { drill: id, recording, ...facts },
    },
  ]);
}

async function kick(house: House, { id, ensemble }: Drill): Promise<void> {
  await house.schedule.now({ kind: 'drill', ensemble, drill: id });
}

async function arm(house: House, { id, ensemble }: Drill, atMs: number): Promise<void> {
  await house.schedule.at(atMs, { kind: 'drill', ensemble, drill: id }, `drill-${id}-${atMs}`);
}
