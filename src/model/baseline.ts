import { type Mark, medianOf } from './slope.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What is usual at this time of the day. */
export interface Baseline {
  readonly median: number;
  /** Days it was taken from. */
  readonly days: number;
}

/** Days without which nothing is usual. */
export const baselineDaysMin = 3;

/**
 * The median of what was measured on the days before in this hour of the day and in the two around it, so that summer time and a
 * job that begins a little late move nothing. Undefined with fewer than `baselineDaysMin` days. The last 22 hours do not count: a
 * fault of today must not become what is usual.
 */
export function sameHourBaseline(marks: readonly Mark[], nowMs: number): Baseline | undefined {
  const same = marks.filter(({ atMs, value }) => {
    const agoMs = nowMs - atMs;
    const apartMs = Math.abs(agoMs - Math.round(agoMs / dayMs) * dayMs);
    return Number.isFinite(value) && agoMs > 22 * hourMs && apartMs <= 1.5 * hourMs;
  });
  const days = new Set(same.map(({ atMs }) => Math.round((nowMs - atMs) / dayMs))).size;
  return days < baselineDaysMin
    ? undefined
    : { median: medianOf(same.map(({ value }) => value)), days };
}
