const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  分: 60_000,
  分钟: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  小时: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  天: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  weeks: 604_800_000,
  周: 604_800_000,
};

/** A time zone's calendar, as the desk has it. */
export interface Times {
  readonly nowMs: number;
  nextTime(pattern: string, afterMs: number): number | undefined;
}

/**
 * Reads an end at the beginning of some words: `2h`, `1h30m`, `30 min`, `for 2h`, `until 14:00`, `until tomorrow`, `tomorrow 9:00`,
 * `until 2026-11-21 14:00`. Answers when it is and how many words it took; undefined when they begin with no end.
 */
export function readEnd(
  words: readonly string[],
  times: Times,
): { readonly untilMs: number; readonly took: number } | undefined {
  const [first = '', second = ''] = words.map((word) => word.toLowerCase());
  if (['for', 'until', 'till', '至', '到'].includes(first)) {
    const rest = readEnd(words.slice(1), times);
    return rest === undefined ? undefined : { ...rest, took: rest.took + 1 };
  }
  const lengthMs = readLength(first) ?? undefined;
  if (lengthMs !== undefined) return { untilMs: times.nowMs + lengthMs, took: 1 };
  const parted = /^\d+$/u.test(first) ? readLength(first + second) : undefined;
  if (parted !== undefined) return { untilMs: times.nowMs + parted, took: 2 };
  return readMoment(first, second, times);
}

/** A length of time; undefined for anything else. */
export function readLength(word: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?[a-z分钟小时天周]+)+$/u.test(word)) return undefined;
  let sum = 0;
  for (const [, count = '', unit = ''] of word.matchAll(/(\d+(?:\.\d+)?)([a-z分钟小时天周]+)/gu)) {
    const each = unitMs[unit];
    if (each === undefined) return undefined;
    sum += Number(count) * each;
  }
  return Math.round(sum);
}

function readMoment(
  first: string,
  second: string,
  times: Times,
): { readonly untilMs: number; readonly took: number } | undefined {
  const clock = clockOf(first);
  if (clock !== undefined) return at(times.nextTime(`${clock} * * *`, times.nowMs), 1);
  if (first === 'tomorrow' || first === '明天') {
    const midnight = times.nextTime('0 0 * * *', times.nowMs) ?? times.nowMs;
    const hour = clockOf(second);
    return at(times.nextTime(`${hour ?? '0 9'} * * *`, midnight - 1), hour === undefined ? 1 : 2);
  }
  const day = /^(\d{4}-\d{2}-\d{2})(?:t(\d{2}:\d{2}))?$/u.exec(first);
  if (day === null) return undefined;
  const hour = day[2] ?? (/^\d{2}:\d{2}$/u.test(second) ? second : undefined);
  const took = day[2] === undefined && hour !== undefined ? 2 : 1;
  // Asked from the beginning of time, so that a moment that is over is found and can be refused as such.
  return at(times.nextTime(`${day[1]}T${hour ?? '00:00'}:00`, 0), took);
}

/** `9:00` as the minute and hour of a cron pattern. */
function clockOf(word: string): string | undefined {
  const match = /^(\d{1,2}):(\d{2})$/u.exec(word);
  if (match === null || Number(match[1]) > 23 || Number(match[2]) > 59) return undefined;
  return `${Number(match[2])} ${Number(match[1])}`;
}

function at(untilMs: number | undefined, took: number) {
  return untilMs === undefined ? undefined : { untilMs, took };
}
