import type { RecordingName } from '../../model/drill.ts';
import type { FailureReason } from '../../model/sample.ts';

/** Whom a line of a recording is about, whatever the servers are called: the first follower, or as many as the quorum cannot spare. */
export type Whom = 'follower-1' | 'majority';

/** What was recorded of some servers from a moment on, ms since the beginning. What is not recorded is well. */
export interface RecordedLine {
  readonly fromMs: number;
  readonly whom: Whom;
  /** How it looked; `disk-full`: it serves, and its machine has no room left. */
  readonly state: Extract<FailureReason, 'refused' | 'timeout'> | 'disk-full';
}

/**
 * Incidents of real ensembles (ZooKeeper 3.8.0, three voters, faults made by SIGKILL, SIGSTOP and a full disk), reduced to what the
 * probes of the bot saw of each server. A restart mends what it mended then.
 */
export const recordings: Readonly<Record<RecordingName, readonly RecordedLine[]>> = {
  'quorum-lost': [
    { fromMs: 2_000, whom: 'follower-1', state: 'refused' },
    { fromMs: 8_000, whom: 'majority', state: 'refused' },
  ],
  'member-down': [{ fromMs: 2_000, whom: 'follower-1', state: 'refused' }],
  'member-hung': [{ fromMs: 2_000, whom: 'follower-1', state: 'timeout' }],
  'disk-full-now': [
    { fromMs: 2_000, whom: 'follower-1', state: 'disk-full' },
    { fromMs: 60_000, whom: 'follower-1', state: 'refused' },
  ],
};

/** What a restart does not mend. */
export const lasting: readonly RecordedLine['state'][] = ['disk-full'];
