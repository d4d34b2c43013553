import { readFileSync } from 'node:fs';

/** Measures how long something takes on a machine that does nothing else. */
export interface Stopwatch {
  /** Since the start, less what the machine gave to others while this thread or one of the processes was ready to run. */
  ms(): number;
}

/**
 * A busy machine lets everybody wait for a turn, and Linux counts that for each thread; what is left of the time is what the work
 * itself takes: processors, timers, answers. Where nobody counts it, every moment does.
 */
export function startStopwatch(...pids: readonly number[]): Stopwatch {
  const tasks = ['thread-self', ...pids];
  const waited = () => tasks.map(waitedMs).reduce((sum, each) => sum + each, 0);
  const startMs = performance.now();
  const before = waited();
  return { ms: () => performance.now() - startMs - (waited() - before) };
}

/** How long a task has been ready to run and was not, ever. @see docs.kernel.org/scheduler/sched-stats.html, /proc/<pid>/schedstat */
function waitedMs(task: string | number): number {
  try {
    const [, waitedNs = '0'] = readFileSync(`/proc/${task}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}
