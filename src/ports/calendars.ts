import type { CalendarCopy, CalendarSettings, Shift } from '../model/on-call.ts';

/** Keeps the last good reading of each calendar, so that a restart or an outage does not lose whose turn it is. */
export interface Calendars {
  copy(schedule: string): Promise<CalendarCopy | undefined>;
  save(copy: CalendarCopy): Promise<void>;
}

export type CalendarReading =
  /** Nothing changed since the reading with this `etag`. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'read'; readonly shifts: readonly Shift[]; readonly etag?: string };

/** Reads a calendar, recurring entries filled in. Throws `calendar-unavailable` or `calendar-unreadable`. */
export type ReadCalendar = (
  calendar: CalendarSettings,
  span: {
    /** Entries that end before this are left out. */
    readonly fromMs: number;
    readonly untilMs: number;
    /** The zone of entries that name none. */
    readonly zone: string;
    readonly etag?: string;
  },
) => Promise<CalendarReading>;
