import { Cron } from 'croner';
import type { Timetable } from '../../ports/timetable.ts';

/** Patterns kept read: each window of a configuration is asked for at every look. */
const patternsMax = 200;

/** Reads cron patterns and local times. It looks at no clock of its own, and nothing in it runs by itself. */
export function createTimetable(): Timetable {
  const read = new Map<string, Cron>();

  function cronOf(pattern: string, zone: string): Cron {
    const key = `${zone} ${pattern}`;
    const known = read.get(key);
    if (known !== undefined) return known;
    const cron = new Cron(pattern, { timezone: zone, paused: true });
    if (read.size >= patternsMax) read.clear();
    read.set(key, cron);
    return cron;
  }

  return {
    next(pattern, zone, afterMs) {
      try {
        return cronOf(pattern, zone).nextRun(new Date(afterMs))?.getTime();
      } catch {
        // Neither a pattern nor a time: what people type is checked by asking.
        return undefined;
      }
    },
  };
}
