import type { ReadCalendar } from '../../ports/calendars.ts';
import { fetchCalendar } from './fetch-calendar.ts';
import { readShifts } from './read-shifts.ts';

/** Gets a calendar and reads its entries, unless it is the same as before. */
export const readCalendar: ReadCalendar = async (calendar, { etag, ...span }) => {
  const fetched = await fetchCalendar(calendar, etag);
  if (fetched.text === undefined) return { kind: 'unchanged' };
  return {
    kind: 'read',
    shifts: readShifts(fetched.text, span),
    ...(fetched.etag === undefined ? {} : { etag: fetched.etag }),
  };
};
