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
 * Courses of incidents, written down by hand after how ZooKeeper 3.8.0 with three voters answers probes after SIGKILL, after SIGSTOP and
 * with a full disk: how each server looks from when on. A restart mends what it mends there.
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
