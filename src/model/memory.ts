import type { ServerId } from './ensemble.ts';
import type { Fingerprint } from './incident.ts';
import type { LastLeader, LeaderChange } from './leadership.ts';
import type { Life } from './lives.ts';

/** What the judgement of an ensemble must remember from one look to the next. Compare-and-set by `version`. */
export interface EnsembleMemory {
  readonly version: number;
  /** The look it was made from; an older look never replaces a newer one. */
  readonly atMs: number;
  /** Since when a fault has been firing without a break. */
  readonly firingSince: Readonly<Record<Fingerprint, number>>;
  /** Since when what was a line on a card that has ended fires by itself, without a break. */
  readonly leftOverSince?: Readonly<Record<Fingerprint, number>>;
  /** Since when the fault of an open incident has been clear without a break. */
  readonly clearSince: Readonly<Record<Fingerprint, number>>;
  /** Since when nothing is known of the fault of an open incident. */
  readonly unseenSince?: Readonly<Record<Fingerprint, number>>;
  /** When each fault got its card or came back to it, within the window in which a fault that comes and goes is told as one. */
  readonly starts?: Readonly<Record<Fingerprint, readonly number[]>>;
  readonly lastLeader?: LastLeader;
  /** The last changes of the leader, oldest first. */
  readonly leaderChanges?: readonly LeaderChange[];
  /** The lives of processes that were seen to begin, by server, oldest first. */
  readonly lives?: Readonly<Record<ServerId, readonly Life[]>>;
}

export const blankMemory: EnsembleMemory = { version: 0, atMs: 0, firingSince: {}, clearSince: {} };
