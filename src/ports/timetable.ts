/** Reads times as people write them: repeated ones and those of a day, in a time zone. */
export interface Timetable {
  /**
   * The first moment after `afterMs` that a cron pattern (`0 9 * * MON`) or a local time (`2026-11-21T14:00:00`) names in an IANA
   * zone. Undefined when there is none, or the text is neither.
   */
  next(pattern: string, zone: string, afterMs: number): number | undefined;
}
