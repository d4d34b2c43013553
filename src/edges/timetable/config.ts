import { createTimetable } from './timetable.ts';

const timetable = createTimetable();

/** Whether a text is an IANA time zone: `Europe/Berlin`. */
export function isTimeZone(value: unknown): boolean {
  return typeof value === 'string' && timetable.next('0 0 * * *', value, 0) !== undefined;
}

/** Whether a text is a cron pattern of five fields. */
export function isCronPattern(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.trim().split(/\s+/u).length === 5 &&
    timetable.next(value, 'UTC', 0) !== undefined
  );
}

/** The starts after a moment until another one, at most `most`. */
export function startsOf(
  pattern: string,
  zone: string,
  {
    afterMs,
    untilMs,
    most,
  }: { readonly afterMs: number; readonly untilMs: number; readonly most: number },
): readonly number[] {
  const starts: number[] = [];
  let next = timetable.next(pattern, zone, afterMs);
  while (next !== undefined && next <= untilMs && starts.length < most) {
    starts.push(next);
    next = timetable.next(pattern, zone, next);
  }
  return starts;
}

/**
 * The shortest time from one start to the next, over the next hundred starts after a moment. Undefined when there is only one.
 */
export function shortestGapMs(pattern: string, zone: string, afterMs: number): number | undefined {
  let shortest: number | undefined;
  let last = timetable.next(pattern, zone, afterMs);
  for (let count = 0; count < 100 && last !== undefined; count += 1) {
    const next = timetable.next(pattern, zone, last);
    if (next === undefined) break;
    shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, next - last);
    last = next;
  }
  return shortest;
}
