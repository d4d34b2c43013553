import type { ServerId } from '../../model/ensemble.ts';
import type { IncidentId, Symptom } from '../../model/incident.ts';
import { isRunning, type Recovery, takesDown } from '../../model/recovery.ts';
import { calls, symptomOf } from './appearance.ts';
import type { Cause } from './causes.ts';
import type { Fault } from './faults.ts';

/** What the bot itself does to the servers of an ensemble now, and did a moment ago. */
export interface OwnWork {
  /** Servers that a recovery has in hand: they go away, and come back. */
  readonly inHand: readonly ServerId[];
  /** Servers it restarted lately, and from when to when. */
  readonly restarted: readonly {
    readonly server: ServerId;
    readonly fromMs: number;
    readonly untilMs: number;
  }[];
  /** The incident on whose card the recovery stands. */
  readonly incident?: IncidentId;
}

/** How long a restart by the bot is remembered: as long as a note of a restart stays up, and a rolling restart is told as one. */
export const rememberedMs = 10 * 60_000;

/**
 * What the recoveries of an ensemble have in hand. `patienceMs` is the most that one server may take: what nobody works on any more
 * excuses nothing for longer.
 */
export function ownWorkOf(
  recoveries: readonly Recovery[],
  patienceMs: (recovery: Recovery) => number,
  nowMs: number,
): OwnWork | undefined {
  const mine = recoveries.filter(({ action }) => takesDown.has(action));
  const running = mine.find(isRunning);
  const inHand = running === undefined ? [] : handOf(running, nowMs - patienceMs(running));
  const restarted = mine.flatMap(spansOf).filter(({ untilMs }) => untilMs > nowMs - rememberedMs);
  if (running === undefined && restarted.length === 0) return undefined;
  const { incident } = running ?? {};
  return { inHand, restarted, ...(incident === undefined ? {} : { incident }) };
}

function handOf({ steps, server, startedMs }: Recovery, sinceMs: number): readonly ServerId[] {
  if (steps === undefined) return startedMs !== undefined && startedMs > sinceMs ? [server] : [];
  return steps
    .filter((step) => step.state === 'running' && step.startedMs > sinceMs)
    .map((step) => step.server);
}

function spansOf(recovery: Recovery): OwnWork['restarted'] {
  const { steps, server, startedMs, finishedMs, state } = recovery;
  if (steps !== undefined)
    return steps.flatMap((step) =>
      step.finishedMs === undefined
        ? []
        : [{ server: step.server, fromMs: step.startedMs, untilMs: step.finishedMs }],
    );
  const isDone = state === 'succeeded' && startedMs !== undefined && finishedMs !== undefined;
  return isDone ? [{ server, fromMs: startedMs, untilMs: finishedMs }] : [];
}

/** Ways of a server to be away while it is restarted. What a restart does not explain is not among them: loops, lost data, a full disk. */
const absences: ReadonlySet<string> = new Set([
  'member-down',
  'member-unreachable',
  'member-hung',
  'member-accept-starved',
  'member-not-serving',
  'member-restarted',
  'leader-unresponsive',
  'observer-down',
  'unsynced-follower',
  'follower-lag',
  'read-only-mode',
]);

/** Whether a fault is nothing but what the bot does. */
function isOwn({ detector, subject, face }: Fault, own: OwnWork, nowMs: number): boolean {
  const { server } = subject;
  const isInHand = (id: unknown): boolean => own.inHand.some((each) => each === id);
  const { facts } = face;
  if (server !== undefined) {
    if (isInHand(server)) return absences.has(detector);
    return detector === 'member-restarted' && wasOwn(server, own, nowMs);
  }
  switch (detector) {
    case 'electing':
      return isInHand(facts['lastLeader']);
    case 'quorum-at-risk':
      return own.inHand.length > 0 && listed(facts['missing']).every(isInHand);
    case 'rolling-restart': {
      const known = [...own.inHand, ...own.restarted.map((each) => each.server)];
      const { now } = facts;
      const taken = [...listed(facts['done']), ...(now === '' ? [] : [now])];
      return taken.length > 0 && taken.every((id) => known.some((each) => each === id));
    }
    default:
      return false;
  }
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** How long after the bot has restarted a server its note for the record may still come: it stands for a minute. */
const notedMs = 120_000;

function wasOwn(server: ServerId, { restarted }: OwnWork, nowMs: number): boolean {
  return restarted.some((each) => each.server === server && nowMs - each.untilMs < notedMs);
}

/** Causes that get a card, those that get none because the bot is their cause, and what these are on the card of its recovery. */
export interface Excused {
  readonly causes: readonly Cause[];
  readonly symptoms: readonly Symptom[];
}

/**
 * Takes out what the bot does itself: no card begins of it and nobody is called. Whatever it does not explain is told as ever, and so is
 * a fault under it that calls people by itself. Its time goes on: once the recovery has given up, the page goes out with the next look.
 */
export function withoutOwnWork(
  causes: readonly Cause[],
  own: OwnWork | undefined,
  nowMs: number,
): Excused {
  if (own === undefined) return { causes, symptoms: [] };
  const excused = causes.filter((cause) => isExcused(cause, own, nowMs));
  const faults = excused
    .filter(({ root }) => root.incident === undefined)
    .flatMap(({ root, symptoms }) => [root, ...symptoms])
    .filter(({ verdict }) => verdict === 'firing');
  const host = causes.find(
    ({ root }) => root.incident !== undefined && root.incident.id === own.incident,
  );
  return {
    causes: causes.flatMap((cause) => {
      const isQuiet = excused.includes(cause);
      if (isQuiet && cause.root.incident === undefined) return [];
      // A line more on the card of the recovery makes it no worse.
      const lines = cause === host ? faults.map((fault) => ({ ...fault, isHeld: false })) : [];
      return [{ ...cause, symptoms: [...cause.symptoms, ...lines], isQuiet }];
    }),
    symptoms: host === undefined ? faults.map(symptomOf) : [],
  };
}

function isExcused({ root, symptoms }: Cause, own: OwnWork, nowMs: number): boolean {
  if (!isOwn(root, own, nowMs)) return false;
  return symptoms.every(
    (fault) => isOwn(fault, own, nowMs) || !calls({ root: fault, symptoms: [] }),
  );
}
