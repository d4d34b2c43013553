import { isCronPattern, isTimeZone, shortestGapMs, startsOf } from '../edges/timetable/config.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import { scopesMeet, silenceMsMax } from '../model/silence.ts';
import type { ConfigDocument } from './document.ts';
import { durationMs } from './duration.ts';
import { get, section, unknownName } from './look.ts';
import type { ParsedConfig } from './schema.ts';

/** How far windows are tried out against each other: a year and a month, so that yearly ones meet too. */
const tryForMs = 396 * 24 * 3_600_000;

/** Starts of one window that are tried out: more than one a day for that long. */
const startsMax = 500;

/** The moment from which windows are tried out: any would do, and the same file always has the same faults. */
const tryFromMs = Date.UTC(2026, 0, 1);

/** What maintenance windows say that cannot be: names that point to nothing, and windows that meet themselves. */
export function maintenanceFaults(
  document: ConfigDocument,
  detectors: readonly string[],
): readonly ConfigFault[] {
  const ensembles = Object.keys(section(get(document.values, 'ensembles')));
  return Object.entries(section(get(document.values, 'maintenance'))).flatMap(([name, window]) => {
    const path = ['maintenance', name];
    const names = (key: 'ensemble' | 'detector', known: readonly string[]) => {
      const value = get(window, key);
      return typeof value !== 'string' || value.includes('*') || known.includes(value)
        ? []
        : [unknownName(document, [...path, key], key, value, known)];
    };
    return [
      ...names('ensemble', ensembles),
      ...names('detector', detectors),
      ...lengthFaults(document, path, window),
    ];
  });
}

function lengthFaults(
  document: ConfigDocument,
  above: readonly string[],
  window: unknown,
): readonly ConfigFault[] {
  const path = [...above, 'for'];
  const value = get(window, 'for');
  const forMs = durationMs(value);
  if (forMs === undefined) return [];
  if (forMs === 0) return [document.at(path, { kind: 'out-of-range', value: '0', least: '1m' })];
  if (forMs > silenceMsMax)
    return [document.at(path, { kind: 'out-of-range', value: String(value), most: '30d' })];
  const cron = get(window, 'cron');
  const zone = get(window, 'timeZone') ?? get(document.values, 'timeZone') ?? 'UTC';
  if (typeof cron !== 'string' || !isCronPattern(cron)) return [];
  if (typeof zone !== 'string' || !isTimeZone(zone)) return [];
  const gapMs = shortestGapMs(cron, zone, tryFromMs);
  return gapMs === undefined || forMs <= gapMs
    ? []
    : [document.at(path, { kind: 'window-overlaps', gapMs })];
}

/** Windows that cover some of the same at the same time: nothing is wrong with that, and people may not have meant it. */
export function meetingWarnings(
  document: ConfigDocument,
  parsed: ParsedConfig,
): readonly ConfigFault[] {
  const windows = Object.entries(parsed.maintenance).map(([name, window]) => {
    const {
      cron,
      timeZone = parsed.timeZone,
      for: forMs,
      reason: _,
      freeze: __,
      ...scope
    } = window;
    const range = { afterMs: tryFromMs, untilMs: tryFromMs + tryForMs, most: startsMax };
    return { name, scope, forMs, starts: startsOf(cron, timeZone, range) };
  });
  return windows.flatMap((window, index) =>
    windows.slice(0, index).flatMap((other) => {
      const atMs = scopesMeet(window.scope, other.scope) ? firstMeeting(window, other) : undefined;
      if (atMs === undefined) return [];
      const what = {
        kind: 'windows-meet',
        window: window.name,
        other: other.name,
        otherLine: document.lineOf(['maintenance', other.name]),
        atMs,
      } as const;
      return [{ ...document.at(['maintenance', window.name], what), level: 'warning' as const }];
    }),
  );
}

interface Times {
  readonly starts: readonly number[];
  readonly forMs: number;
}

/** When both are open for the first time. */
function firstMeeting(one: Times, other: Times): number | undefined {
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [one.starts[i], other.starts[j]];
    if (a === undefined || b === undefined) return undefined;
    if (a < b + other.forMs && b < a + one.forMs) return Math.max(a, b);
    if (a < b) i += 1;
    else j += 1;
  }
}
