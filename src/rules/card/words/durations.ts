const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The names of the units in a language, with the space that belongs before them. */
export interface Units {
  readonly ms: string;
  readonly s: string;
  readonly min: string;
  readonly h: string;
  readonly d: string;
}

/** A length of time in at most two units: `13 ms`, `0.6 s`, `42 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(lengthMs: number, units: Units): string {
  const ms = Math.max(0, lengthMs);
  if (ms < 100) return `${Math.round(ms)}${units.ms}`;
  if (ms < 10 * secondMs) return `${Math.round(ms / 100) / 10}${units.s}`;
  // Rounded before it is split, so that 59.6 s reads 1 min and never 60 s.
  const seconds = Math.round(ms / secondMs) * secondMs;
  if (seconds < minuteMs) return `${seconds / secondMs}${units.s}`;
  if (seconds < hourMs) return two(seconds, minuteMs, units.min, secondMs, units.s);
  const minutes = Math.round(ms / minuteMs) * minuteMs;
  if (minutes < dayMs) return two(minutes, hourMs, units.h, minuteMs, units.min);
  return two(Math.round(ms / hourMs) * hourMs, dayMs, units.d, hourMs, units.h);
}

function two(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  const head = `${Math.floor(ms / bigMs)}${big}`;
  return rest === 0 ? head : `${head} ${rest}${small}`;
}

/** A latency, to the millisecond where milliseconds matter: `240 ms`, `1.5 s`. */
export function latency(ms: number, units: Units): string {
  return ms < secondMs ? `${Math.round(ms)}${units.ms}` : duration(ms, units);
}

/** A moment as day, month, hour and minute; in UTC unless told otherwise, which is the same for every reader of one card. */
export function momentParts(
  atMs: number,
  zone = 'UTC',
): {
  readonly day: string;
  readonly month: number;
  readonly clock: string;
} {
  const parts = formatOf(zone).formatToParts(atMs);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return {
    day: part('day'),
    month: Number(part('month')),
    clock: `${part('hour')}:${part('minute')}`,
  };
}

/** Minutes since midnight as a clock shows them: `09:05`. */
export function clock(minute: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Kept, because building one takes longer than all the rest. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, format);
  return format;
}

/** A moment to the second in UTC, in the order that sorts: `2026-11-21 03:12:05`. Swedes write it so. */
export function dayAndTime(atMs: number): string {
  return sortable.format(atMs);
}

const sortable = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'UTC',
  dateStyle: 'short',
  timeStyle: 'medium',
});
