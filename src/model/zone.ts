/**
 * Time as the clocks on a wall show it. A wall time is written as the milliseconds that UTC would have when its clocks showed the
 * same: adding a day to it is always 24 h, whatever the zone does that night.
 */
export type WallMs = number;

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** The farthest a zone is from UTC, with its summer time and some room (the most is 14 h). */
const offsetMsMax = 26 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** True for a name of the IANA list, such as `Europe/Berlin`, and for `UTC`. */
export function isZone(name: string): boolean {
  try {
    // An offset such as `+02:00` is accepted by some engines, and knows no summer time.
    return /^[A-Za-z]/u.test(name) && formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at a moment. */
export function wallOf(atMs: number, zone: string): WallMs {
  const parts = formatOf(zone).formatToParts(atMs);
  const part = (type: string): number =>
    Number(parts.find((each) => each.type === type)?.value ?? 0);
  return (
    wallAt(part('year'), part('month'), part('day')) +
    ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000
  );
}

/**
 * The moment at which the clocks of a zone show a time. A time that comes twice (the night summer time ends) is the first of the two;
 * one that is left out (the night it begins) is as much later as the clocks are put forward.
 */
export function momentOf(wallMs: WallMs, zone: string): number {
  const before = wallMs - offsetMs(wallMs - offsetMsMax, zone);
  const after = wallMs - offsetMs(wallMs + offsetMsMax, zone);
  const fits = (atMs: number): boolean => wallOf(atMs, zone) === wallMs;
  if (fits(before)) return before;
  return fits(after) ? after : before;
}

/** Midnight of a date. */
export function wallAt(year: number, month: number, day: number): WallMs {
  // Days of the proleptic Gregorian calendar since 1970, years counted from March: Howard Hinnant, "chrono-compatible algorithms".
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * dayMs;
}

/** Reads `2026-11-02` or `2026-11-02T09:00`. Undefined for anything else, days that no month has included. */
export function parseWall(text: string): WallMs | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/u.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59) return undefined;
  const next = month === 12 ? wallAt(year + 1, 1, 1) : wallAt(year, month + 1, 1);
  const midnight = wallAt(year, month, day);
  return midnight >= next ? undefined : midnight + (hour * 60 + minute) * minuteMs;
}

/** Midnight of the day of a wall time. */
export function midnightOf(wallMs: WallMs): WallMs {
  return Math.floor(wallMs / dayMs) * dayMs;
}

/** The day of the week, 0 for Monday to 6 for Sunday. */
export function weekdayOf(wallMs: WallMs): number {
  // 1 January 1970 was a Thursday.
  return (((Math.floor(wallMs / dayMs) + 3) % 7) + 7) % 7;
}

function offsetMs(atMs: number, zone: string): number {
  return wallOf(atMs, zone) - Math.floor(atMs / 1000) * 1000;
}

/** Kept, because building one takes longer than all the rest; as many as the configuration names zones. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
