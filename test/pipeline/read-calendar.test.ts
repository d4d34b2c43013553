import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import { NightkeeperError } from '../../src/model/errors.ts';
import { calendarAheadMs, type OnCallSettings } from '../../src/model/on-call.ts';
import {
  calendarBroken,
  failuresMax,
  fillEveryMs,
  readCalendarOf,
} from '../../src/pipeline/read-calendar.ts';
import type { CalendarReading, ReadCalendar } from '../../src/ports/calendars.ts';
import { aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const shift = { fromMs: 1, untilMs: 2, emails: [], summary: 'Ann' };

function aSchedule(id: string): OnCallSettings {
  return {
    id,
    zone: 'Europe/Berlin',
    rotations: [],
    overrides: [],
    calendar: {
      source: { kind: 'url', url: 'https://calendar.example.com/secret' },
      refreshMs: 900_000,
      timeoutMs: 10_000,
    },
  };
}

/** A bot with two calendars, whose next answers the test decides: an error is thrown. */
function aReader() {
  const house = aHouse({
    settings: aSettings({ onCall: [aSchedule('orders'), aSchedule('users')] }),
  });
  const asked: Parameters<ReadCalendar>[1][] = [];
  let answer: CalendarReading | Error = { kind: 'read', shifts: [shift], etag: '"v1"' };
  const read: ReadCalendar = (_calendar, span) => {
    asked.push(span);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return {
    house,
    asked,
    answers: (next: CalendarReading | Error) => {
      answer = next;
    },
    tick: async (schedule = 'orders') => {
      await readCalendarOf(house, read, { kind: 'read-calendar', ensemble: ownEnsemble, schedule });
      return await house.calendars.copy(schedule);
    },
    own: async () =>
      (await house.incidents.open(ownEnsemble)).filter(
        ({ detector }) => detector === calendarBroken,
      ),
  };
}

const down = new NightkeeperError('calendar-unavailable', 'the server answered HTTP 503');

describe('a calendar', () => {
  it('is read for the time ahead, in the zone of its schedule, and kept', async () => {
    const { house, asked, tick } = aReader();
    const nowMs = house.clock.now();

    const copy = await tick();

    expect(asked[0]).toEqual({
      fromMs: nowMs - 86_400_000,
      untilMs: nowMs + calendarAheadMs,
      zone: 'Europe/Berlin',
    });
    expect(copy).toEqual({
      schedule: 'orders',
      shifts: [shift],
      failures: 0,
      readMs: nowMs,
      filledMs: nowMs,
      etag: '"v1"',
    });
  });

  it('that did not change stays as it is, only younger', async () => {
    const { house, asked, answers, tick } = aReader();
    const first = await tick();
    await house.clock.advance(900_000);
    answers({ kind: 'unchanged' });

    const second = await tick();

    expect(asked[1]?.etag).toBe('"v1"');
    expect(second).toEqual({ ...first, readMs: house.clock.now() });
  });

  it('is read whole once a day, so that it keeps reaching ahead', async () => {
    const { house, asked, tick } = aReader();
    await tick();
    await house.clock.advance(fillEveryMs);

    await tick();

    expect(asked[1]).not.toHaveProperty('etag');
  });

  it('that cannot be read leaves the last good copy, and says why', async () => {
    const { answers, tick } = aReader();
    const good = await tick();
    answers(down);

    expect(await tick()).toEqual({
      ...good,
      failures: 1,
      lastError: 'the server answered HTTP 503',
    });
    answers({ kind: 'read', shifts: [] });
    expect(await tick()).toMatchObject({ failures: 0, shifts: [] });
    expect(await tick()).not.toHaveProperty('lastError');
  });

  it('that fails once or twice is no trouble; the third time it is one, which ends with the next reading', async () => {
    const { answers, tick, own } = aReader();
    await tick();
    answers(down);
    for (let failure = 1; failure < failuresMax; failure += 1) await tick();
    expect(await own()).toEqual([]);

    await tick();
    expect(await own()).toMatchObject([
      {
        severity: 'warn',
        facts: { schedules: ['orders'] },
        evidence: ['orders: the server answered HTTP 503'],
      },
    ]);

    answers({ kind: 'unchanged' });
    await tick();
    expect(await own()).toEqual([]);
  });

  it('shares one incident with the others that fail', async () => {
    const { answers, tick, own } = aReader();
    answers(down);
    for (const schedule of ['orders', 'users'])
      for (let failure = 0; failure < failuresMax; failure += 1) await tick(schedule);

    expect(await own()).toMatchObject([{ facts: { schedules: ['orders', 'users'] } }]);
    expect((await own())[0]?.facts).not.toHaveProperty('readMs');
    answers({ kind: 'read', shifts: [] });
    await tick('users');

    expect(await own()).toMatchObject([{ facts: { schedules: ['orders'] } }]);
  });

  it('that left the configuration is no trouble any more', async () => {
    const { house, answers, tick, own } = aReader();
    answers(down);
    for (let failure = 0; failure < failuresMax; failure += 1) await tick();
    expect(await own()).toHaveLength(1);
    house.settingsAre(aSettings({ onCall: [] }));

    await tick('');

    expect(await own()).toEqual([]);
  });

  it('of a schedule that left the configuration is not read', async () => {
    const { asked, tick } = aReader();

    expect(await tick('gone')).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
