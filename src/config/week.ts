import { durationMs } from './duration.ts';

const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Reads `mon-fri`, `sat,sun`, `fri-mon`, `tue`: 0 for Monday to 6 for Sunday. Undefined for anything else. */
export function weekdaysOf(value: unknown): readonly number[] | undefined {
  if (typeof value !== 'string') return undefined;
  const days = new Set<number>();
  for (const part of value.toLowerCase().split(',')) {
    const [first = '', last = first, ...rest] = part.trim().split('-');
    const from = names.indexOf(first.trim());
    const to = names.indexOf(last.trim());
    if (from < 0 || to < 0 || rest.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

/** Reads `09:00`: minutes since midnight, `24:00` included. Undefined for anything else. */
export function minuteOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d{1,2}):(\d{2})$/u.exec(value) : null;
  if (match === null) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) > 59 || minute > 1440 ? undefined : minute;
}

/** Shortest turn: shorter ones would change hands faster than anybody can be called. */
export const turnMsMin = 3_600_000;

const calendarUnitMs: Readonly<Record<string, number>> = { d: 86_400_000, w: 604_800_000 };

/** Reads the length of a turn: `12h`, `1d`, `1w`. Milliseconds, or undefined for anything else and for less than an hour. */
export function turnMs(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d{1,3})([dw])$/u.exec(value) : null;
  const ms =
    match === null ? durationMs(value) : Number(match[1]) * (calendarUnitMs[match[2] ?? ''] ?? 0);
  return ms === undefined || ms < turnMsMin ? undefined : ms;
}
