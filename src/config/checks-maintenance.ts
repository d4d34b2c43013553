import { isCronPattern, isTimeZone, shortestGapMs } from '../edges/timetable/config.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import { silenceMsMax } from '../model/silence.ts';
import type { ConfigDocument } from './document.ts';
import { durationMs } from './duration.ts';
import { get, section, unknownName } from './look.ts';

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
