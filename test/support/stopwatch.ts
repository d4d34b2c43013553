import { readFileSync } from 'node:fs';

/** Measures how long something takes on a machine that does nothing else. */
export interface Stopwatch {
  /** Since the start, less how long this thread or one of the processes, whichever had to longest, was ready to run and did not. */
  ms(): number;
}

/**
 * A busy machine lets everybody wait for a turn, and Linux counts that for each thread; what is left of the time is what the work
 * itself takes: processors, timers, answers. Where nobody counts it, every moment does. Waits beside the way of the work are taken off too,
 * so that on a busy machine some tenths more may pass.
 */
export function startStopwatch(...pids: readonly number[]): Stopwatch {
  const tasks = ['thread-self', ...pids];
  const startMs = performance.now();
  const before = tasks.map(waitedMs);
  // One waits while the other works: the sum of both would take off too much.
  const longest = () => Math.max(...tasks.map((task, at) => waitedMs(task) - (before[at] ?? 0)));
  return { ms: () => performance.now() - startMs - longest() };
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
