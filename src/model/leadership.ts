import { restartedBetween } from './delta.ts';
import type { Ensemble, ServerId } from './ensemble.ts';
import { type Sample, zxidOf } from './sample.ts';
import { standingOf } from './standing.ts';

/**
 * What became of a leader whose place another one took. `alive`: its process went on, so that it lost its followers and not its life;
 * all others have a fault of their own that tells of them.
 */
export type LeaderFate = 'alive' | 'down' | 'hung' | 'unreachable' | 'restarted' | 'unknown';

/** One change of the leader; the same server elected again counts, too. */
export interface LeaderChange {
  readonly atMs: number;
  readonly from: ServerId;
  readonly to: ServerId;
  readonly fate: LeaderFate;
  /** When the one before was first seen to serve again. */
  readonly backMs?: number;
}

/** The server that led last with a quorum, when it was last seen leading, and in which epoch, where its zxid told. */
export interface LastLeader {
  readonly server: ServerId;
  readonly atMs: number;
  readonly epoch?: number;
}

/** Changes of the leader that are remembered. */
export const leaderChangesMax = 16;

/** A leader may show the epoch before its own until its first transaction: so long, a new epoch is still the same election. */
export const epochSettlesMs = 5_000;

/** What is looked back at: the look itself, those before it, and what was remembered. */
interface Past {
  readonly ensemble: Ensemble;
  readonly atMs: number;
  readonly samples: Readonly<Record<ServerId, Sample>>;
  readonly history: Readonly<Record<ServerId, readonly Sample[]>>;
  readonly lastLeader?: LastLeader;
  readonly leaderChanges?: readonly LeaderChange[];
}

/** Who leads with a quorum by this look; the one before where nobody does. */
export function lastLeaderOf(past: Past): LastLeader | undefined {
  const { leader } = standingOf(past.ensemble, past.samples);
  if (leader === undefined) return past.lastLeader;
  const known = past.lastLeader?.server === leader ? past.lastLeader.epoch : undefined;
  const epoch = epochOf(past.samples[leader]) ?? known;
  return { server: leader, atMs: past.atMs, ...(epoch === undefined ? {} : { epoch }) };
}

/** The changes of the leader that are known after this look, oldest first. */
export function leaderChangesOf(past: Past): readonly LeaderChange[] {
  const known = (past.leaderChanges ?? []).map((change) => withReturn(change, past));
  const before = past.lastLeader;
  const now = lastLeaderOf(past);
  if (before === undefined || now === undefined || !isAnother(before, now, known)) return known;
  const change: LeaderChange = {
    atMs: past.atMs,
    from: before.server,
    to: now.server,
    fate: fateOf(past, before),
  };
  return [...known, withReturn(change, past)].slice(-leaderChangesMax);
}

function withReturn(change: LeaderChange, { atMs, samples }: Past): LeaderChange {
  if (change.backMs !== undefined) return change;
  const sample = samples[change.from];
  const serves =
    sample?.kind === 'reading' &&
    (sample.mode === 'follower' || (sample.mode === 'leader' && change.from === change.to));
  return serves ? { ...change, backMs: atMs } : change;
}

function isAnother(before: LastLeader, now: LastLeader, known: readonly LeaderChange[]): boolean {
  if (before.server !== now.server) return true;
  if (before.epoch === undefined || now.epoch === undefined || now.epoch <= before.epoch)
    return false;
  const last = known.at(-1);
  return last === undefined || now.atMs - last.atMs > epochSettlesMs;
}

function epochOf(sample: Sample | undefined): number | undefined {
  const zxid = zxidOf(sample);
  return zxid === undefined ? undefined : Number(zxid >> 32n);
}

/** What the looks since it last led tell of the server that led before. */
function fateOf({ history, samples }: Past, before: LastLeader): LeaderFate {
  const newest = samples[before.server];
  if (newest === undefined) return 'unknown';
  const earlier = history[before.server] ?? [];
  const since = [...earlier.filter(({ atMs }) => atMs > before.atMs), newest];
  for (const sample of since) {
    if (sample.kind === 'reading') continue;
    if (sample.reason === 'refused') return 'down';
    if (sample.reason === 'timeout') return sample.connected ? 'hung' : 'unreachable';
    if (sample.reason === 'unreachable') return 'unreachable';
  }
  const told = earlier.findLast((sample) => sample.kind === 'reading');
  if (newest.kind === 'reading')
    return told !== undefined && restartedBetween(told, newest) ? 'restarted' : 'alive';
  return newest.reason === 'not-serving' ? 'alive' : 'unknown';
}
