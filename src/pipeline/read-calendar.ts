import { NightkeeperError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import { type CalendarCopy, calendarAheadMs, type OnCallSettings } from '../model/on-call.ts';
import type { ReadCalendar } from '../ports/calendars.ts';
import type { House } from './house.ts';
import { relieveOwn, reportOwn } from './own-trouble.ts';

/** Name of the own trouble: calendars of on-call schedules that cannot be read. */
export const calendarBroken = 'calendar-broken';

/** Readings in a row that fail before people are told: a server that restarts fails one or two. */
export const failuresMax = 3;

/** Entries that ended up to this long ago are kept. */
const behindMs = 86_400_000;

/** Age of the filled-in entries from which a calendar is read anew even when it did not change: they must keep reaching ahead. */
export const fillEveryMs = 86_400_000;

/**
 * Reads the calendar of a schedule and keeps it; what fails leaves the last good copy as it is. For a schedule that is not there it only
 * looks whether the card about calendars still holds.
 */
export async function readCalendarOf(house: House, read: ReadCalendar, job: Job): Promise<void> {
  if (job.kind !== 'read-calendar') return;
  const schedule = house.settings().onCall.find(({ id }) => id === job.schedule);
  if (schedule?.calendar === undefined) return await tell(house);
  const before = await house.calendars.copy(schedule.id);
  const copy = await readAgain(house, read, schedule, before);
  await house.calendars.save(copy);
  const wasBroken = (before?.failures ?? 0) >= failuresMax;
  if (wasBroken || copy.failures >= failuresMax) await tell(house);
}

async function readAgain(
  house: House,
  read: ReadCalendar,
  schedule: OnCallSettings,
  before: CalendarCopy | undefined,
): Promise<CalendarCopy> {
  const { calendar, id, zone } = schedule;
  const nowMs = house.clock.now();
  const blank: CalendarCopy = { schedule: id, shifts: [], failures: 0 };
  if (calendar === undefined) return blank;
  const fresh = before?.filledMs !== undefined && nowMs - before.filledMs < fillEveryMs;
  const etag = fresh ? before.etag : undefined;
  try {
    const reading = await read(calendar, {
      fromMs: nowMs - behindMs,
      untilMs: nowMs + calendarAheadMs,
      zone,
      ...(etag === undefined ? {} : { etag }),
    });
    if (reading.kind === 'unchanged') {
      const { lastError: _, ...rest } = before ?? blank;
      return { ...rest, readMs: nowMs, failures: 0 };
    }
    return {
      ...blank,
      shifts: reading.shifts,
      readMs: nowMs,
      filledMs: nowMs,
      ...(reading.etag === undefined ? {} : { etag: reading.etag }),
    };
  } catch (error) {
    const failures = (before?.failures ?? 0) + 1;
    const lastError = error instanceof NightkeeperError ? error.message : 'unknown error';
    house.log.warn({ schedule: id, failures, err: error }, 'calendar could not be read');
    return { ...(before ?? blank), failures, lastError };
  }
}

/** One incident for all calendars that cannot be read. */
async function tell(house: House): Promise<void> {
  const ids = house
    .settings()
    .onCall.filter(({ calendar }) => calendar !== undefined)
    .map(({ id }) => id);
  const copies = await Promise.all(ids.map((id) => house.calendars.copy(id)));
  const broken = copies.filter((copy) => copy !== undefined && copy.failures >= failuresMax);
  if (broken.length === 0) return await relieveOwn(house, calendarBroken);
  const readMs = broken.flatMap((copy) => copy?.readMs ?? []);
  await reportOwn(house, {
    detector: calendarBroken,
    severity: 'warn',
    facts: {
      schedules: broken.map((copy) => copy?.schedule ?? ''),
      // The oldest good copy; absent where one was never read.
      ...(readMs.length === broken.length ? { readMs: Math.min(...readMs) } : {}),
    },
    evidence: broken.map((copy) => `${copy?.schedule}: ${copy?.lastError ?? ''}`),
  });
}
