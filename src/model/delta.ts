import type { Reading, Sample } from './sample.ts';

/** What a summary grew by over some readings: how many were counted, and their mean. */
export interface Growth {
  readonly count: number;
  /** Milliseconds, for summaries of times; 0 when nothing was counted. */
  readonly mean: number;
}

/**
 * Growth of the summary `sum_<name>` / `cnt_<name>` over readings, oldest first. Lifetime averages hide everything that began just
 * now, so nothing else is used. A value that falls (`srst`, a restart) or an `uptime` that falls (every election) begins the counters
 * anew: that step is left out. Undefined where no two readings can be compared.
 */
export function growthOver(name: string, readings: readonly Reading[]): Growth | undefined {
  const steps = readings.slice(1).flatMap((to, index) => {
    const from = readings[index];
    const step = from === undefined ? undefined : stepOf(name, from, to);
    return step === undefined ? [] : [step];
  });
  if (steps.length === 0) return undefined;
  const count = steps.reduce((total, step) => total + step.count, 0);
  const sum = steps.reduce((total, step) => total + step.sum, 0);
  return { count, mean: count === 0 ? 0 : sum / count };
}

function stepOf(
  name: string,
  from: Reading,
  to: Reading,
): { readonly count: number; readonly sum: number } | undefined {
  const count = rise(`cnt_${name}`, from, to);
  const sum = rise(`sum_${name}`, from, to);
  if (count === undefined || sum === undefined || fell('uptime', from, to)) return undefined;
  return { count, sum };
}

/**
 * By how much a counter grew over readings, oldest first, and over what time. Steps across a reset (`srst`, a restart, an election) are
 * left out, of the rise as of the time. Undefined where no two readings can be compared.
 */
export function riseOver(
  metric: string,
  readings: readonly Reading[],
): { readonly rise: number; readonly overMs: number } | undefined {
  const steps = readings.slice(1).flatMap((to, index) => {
    const from = readings[index];
    if (from === undefined || fell('uptime', from, to)) return [];
    const step = rise(metric, from, to);
    return step === undefined ? [] : [{ rise: step, overMs: to.atMs - from.atMs }];
  });
  if (steps.length === 0) return undefined;
  return {
    rise: steps.reduce((total, step) => total + step.rise, 0),
    overMs: steps.reduce((total, step) => total + step.overMs, 0),
  };
}

/**
 * By how much a counter of the process (not of its role) grew over some readings, oldest first: elections leave it alone, and a step
 * in which it fell is a new process or `srst` and left out. Undefined where no two readings can be compared.
 */
export function riseOfProcess(metric: string, readings: readonly Reading[]): number | undefined {
  const steps = readings.slice(1).flatMap((to, index) => {
    const from = readings[index];
    return from === undefined ? [] : (rise(metric, from, to) ?? []);
  });
  return steps.length === 0 ? undefined : steps.reduce((total, step) => total + step, 0);
}

/** Counters of the process: elections do not touch them, a restart (or `srst`) begins them anew. */
const processCounters: readonly string[] = [
  'looking_count',
  'cnt_election_time',
  'cnt_fsynctime',
  'cnt_updatelatency',
  'cnt_readlatency',
];

/**
 * Whether another process answers than before. `uptime` is the age of the role and falls at every election, too; `srst` zeroes the
 * counters and leaves it alone. Both together, or a role begun anew without a look for a leader more than before, are a new process.
 */
export function restartedBetween(before: Reading, after: Reading): boolean {
  if (!fell('uptime', before, after)) return false;
  if (processCounters.some((counter) => fell(counter, before, after))) return true;
  const looked = after.metrics['looking_count'];
  return looked !== undefined && looked === before.metrics['looking_count'];
}

/** By how much a value that only grows is higher than before; undefined across a reset or where a reading lacks it. */
function rise(metric: string, from: Reading, to: Reading): number | undefined {
  const [before, after] = [from.metrics[metric], to.metrics[metric]];
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

/** Whether a value that only grows is lower than before. False where either reading lacks it. */
export function fell(metric: string, from: Reading, to: Reading): boolean {
  const [before, after] = [from.metrics[metric], to.metrics[metric]];
  return before !== undefined && after !== undefined && after < before;
}

/** The readings of the last `windowMs` up to this one, oldest first. Looks that saw nothing are left out. */
export function readingsWithin(
  history: readonly Sample[],
  now: Reading,
  windowMs: number,
): readonly Reading[] {
  const earlier = history.filter(
    (sample): sample is Reading => sample.kind === 'reading' && sample.atMs >= now.atMs - windowMs,
  );
  return [...earlier, now];
}
