import type { CalendarCopy } from '../../model/on-call.ts';
import type { Calendars } from '../../ports/calendars.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** The last good readings of calendars, in Redis. */
export function createCalendars(redis: RedisLink): Calendars {
  const key = redis.keys.shared.calendars;
  return {
    async copy(schedule) {
      const text = await redis.ask((client) => client.hget(key, schedule));
      return text === null ? undefined : readJson<CalendarCopy>(text, `${key} ${schedule}`);
    },
    async save(copy) {
      await redis.ask((client) => client.hset(key, copy.schedule, JSON.stringify(copy)));
    },
  };
}
