import type { CalendarCopy } from '../../../src/model/on-call.ts';
import type { Calendars } from '../../../src/ports/calendars.ts';

/** The last good readings of calendars, in this process. */
export function createMemoryCalendars(): Calendars {
  const copies = new Map<string, CalendarCopy>();
  return {
    copy: (schedule) => Promise.resolve(copies.get(schedule)),
    save: (copy) => {
      copies.set(copy.schedule, structuredClone(copy));
      return Promise.resolve();
    },
  };
}
