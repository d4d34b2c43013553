import {
  quorumSize,
  type Server,
  type ServerId,
  type ServerRole,
  votersOf,
} from '../../model/ensemble.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { GuardView } from '../../model/recovery-action.ts';
import type { Mode, Sample } from '../../model/sample.ts';
import { type Standing, standingOf } from '../../model/standing.ts';

/**
 * How a server looks to somebody who wants to take it down. `serves`: clients and the quorum use it; `waits`: the process runs
 * without a quorum; `failed`: no process answers, or it does not speak; `dark`: nobody can tell.
 */
export type Condition = 'serves' | 'waits' | 'failed' | 'dark';

/** What a fresh sample says of a server. Without one it is `dark`. */
export function conditionOf(
  sample: Sample | undefined,
  role: ServerRole,
  voters: number,
): Condition {
  if (sample === undefined) return 'dark';
  if (sample.kind === 'reading') return conditionIn(sample.mode, role, voters);
  switch (sample.reason) {
    case 'refused':
    case 'reset':
      return 'failed';
    case 'not-serving':
      return 'waits';
    case 'timeout':
      return sample.connected ? 'failed' : 'dark';
    case 'unreachable':
    case 'unresolved':
    case 'not-allowed':
    case 'garbled':
    case 'tls':
      return 'dark';
  }
}

/** A server in a mode it should not be in (a voter that observes, one alone among many) is no help to count on. */
function conditionIn(mode: Mode, role: ServerRole, voters: number): Condition {
  switch (mode) {
    case 'leader':
    case 'follower':
      return 'serves';
    case 'observer':
      return role === 'observer' ? 'serves' : 'dark';
    case 'standalone':
      return voters === 1 ? 'serves' : 'dark';
    case 'read-only':
      return 'waits';
  }
}

/** An ensemble as it stands around one server, counted from fresh samples alone. */
export interface Surroundings {
  readonly standing: Standing;
  readonly condition: Condition;
  readonly voters: number;
  readonly quorum: number;
  /** Voters whose condition is known. */
  readonly seen: number;
  /** Voters in sync that stay when the server is down: what a quorum must be made of. */
  readonly after: number;
  /** Voters that serve, or would serve if there were a quorum. */
  readonly capable: number;
  /** Voters that do not serve, the server itself left out. */
  readonly missing: readonly ServerId[];
}

/** Counts what is left without the server. Samples older than one look may be count as if they were not there. */
export function surroundingsOf(
  { ensemble, view, server, settings }: GuardView,
  nowMs: number,
): Surroundings {
  const freshMs = settings.probe.everyMs + settings.probe.timeoutMs;
  const samples = Object.fromEntries(
    Object.entries(view.samples).filter(([, sample]) => nowMs - sample.atMs <= freshMs),
  );
  const standing = standingOf(ensemble, samples);
  const voters = votersOf(ensemble).map(({ id }) => id);
  const condition = conditionOf(samples[server.id], server.role, voters.length);
  const conditions = voters.map((id) => conditionOf(samples[id], 'voter', voters.length));
  return {
    standing,
    condition,
    voters: voters.length,
    quorum: quorumSize(voters.length),
    seen: conditions.filter((each) => each !== 'dark').length,
    after: left(standing, server, condition, samples[server.id]),
    capable: conditions.filter((each) => each === 'serves' || each === 'waits').length,
    missing: voters.filter((id) => id !== server.id && !standing.serving.includes(id)),
  };
}

/**
 * Voters in sync without the server. Two accounts must agree: the leader's own count, and how many of the others answer as leader
 * or follower. The lower one holds, since a follower that still syncs may answer, and a leader counts a hung follower for about
 * syncLimit ticks, and one that only we cannot reach for ever.
 */
function left(
  standing: Standing,
  server: Server,
  condition: Condition,
  sample: Sample | undefined,
): number {
  const serving = standing.serving.filter((id) => id !== server.id).length;
  if (standing.synced === undefined) return serving;
  // It says itself that it waits, so it is not among those the leader counts: the leader's account is enough.
  if (condition === 'waits') return standing.synced;
  const counted = server.role === 'voter' && condition === 'serves' && inSync(sample);
  return Math.min(counted ? standing.synced - 1 : standing.synced, serving);
}

/**
 * What a guard says that takes no server down, so that the quorum is no matter: no other recovery runs. Its facts show how the
 * ensemble stands, for the person who is asked.
 */
export function guardBeside(input: GuardView, nowMs: number): GuardVerdict {
  const { ensemble, server, running } = input;
  const { standing, voters, quorum, condition } = surroundingsOf(input, nowMs);
  const facts = {
    ensemble: ensemble.id,
    server: server.id,
    voters,
    quorum,
    serving: standing.serving.length,
    serves: condition === 'serves',
    leader: standing.leader ?? '',
  };
  return running === undefined
    ? { kind: 'allow', facts }
    : deny('recovery-running', { ...facts, recovery: running });
}

/** Whether clients can write through it, and it has caught up with the leader. */
export function servesInSync(sample: Sample | undefined): boolean {
  return sample?.kind === 'reading' && sample.mode !== 'read-only' && inSync(sample);
}

/** Whether a serving server has caught up with the leader; older versions do not say, and then it counts as having. */
export function inSync(sample: Sample | undefined): boolean {
  return sample?.kind !== 'reading' || (sample.peerState?.includes('broadcast') ?? true);
}
