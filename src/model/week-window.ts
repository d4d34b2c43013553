import { dayMs, midnightOf, minuteMs, momentOf, wallOf, weekdayOf } from './zone.ts';

/** A part of the week by the clocks of a zone: Monday to Friday from 09:00 to 18:00 in Europe/Berlin. */
export interface WeekWindow {
  /** 0 for Monday to 6 for Sunday: the days on which it begins. At least one. */
  readonly days: readonly number[];
  /** Minutes since midnight at which it begins, 0 to 1439. */
  readonly fromMinute: number;
  /** Minutes since midnight at which it ends, 1 to 1440. Not after `fromMinute`: it ends on the next day. */
  readonly toMinute: number;
  readonly zone: string;
}

/** True at a moment inside any of the windows; without a window, always. */
export function isWithin(windows: readonly WeekWindow[], atMs: number): boolean {
  return windows.length === 0 || windows.some((window) => covers(window, atMs));
}

/** When the next of the windows begins or ends after a moment; undefined without a window. */
export function nextEdge(windows: readonly WeekWindow[], afterMs: number): number | undefined {
  const edges = windows.flatMap((window) => edgesOf(window, afterMs));
  return edges.length === 0 ? undefined : Math.min(...edges);
}

function covers({ days, fromMinute, toMinute, zone }: WeekWindow, atMs: number): boolean {
  const wall = wallOf(atMs, zone);
  const minute = (wall - midnightOf(wall)) / minuteMs;
  const today = days.includes(weekdayOf(wall));
  if (toMinute > fromMinute) return today && minute >= fromMinute && minute < toMinute;
  const yesterday = days.includes(weekdayOf(wall - dayMs));
  return (today && minute >= fromMinute) || (yesterday && minute < toMinute);
}

/** The beginnings and ends from yesterday's window to that of today in a week, after the moment. */
function edgesOf(
  { days, fromMinute, toMinute, zone }: WeekWindow,
  afterMs: number,
): readonly number[] {
  const today = midnightOf(wallOf(afterMs, zone));
  return Array.from({ length: 10 }, (_, index) => today + (index - 1) * dayMs)
    .filter((midnight) => days.includes(weekdayOf(midnight)))
    .flatMap((midnight) => {
      const end = toMinute > fromMinute ? toMinute : toMinute + 1440;
      return [fromMinute, end].map((minute) => momentOf(midnight + minute * minuteMs, zone));
    })
    .filter((edge) => edge > afterMs);
}
