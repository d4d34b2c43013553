import { describe, expect, it } from 'vitest';
import { readShifts } from '../../../src/edges/ical/read-shifts.ts';
import { shiftsMax } from '../../../src/model/on-call.ts';
import { aCalendar, anEntry, berlin } from './calendars.ts';

const at = (text: string): number => Date.parse(text);
const span = {
  fromMs: at('2026-10-20T00:00Z'),
  untilMs: at('2026-12-20T00:00Z'),
  zone: 'Europe/Berlin',
};

/** `2026-11-02T08:00 → 2026-11-09T08:00 Ann` */
function read(text: string, over: Partial<typeof span> = {}): readonly string[] {
  const short = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
  return readShifts(text, { ...span, ...over }).map(
    ({ fromMs, untilMs, summary }) => `${short(fromMs)} → ${short(untilMs)} ${summary}`,
  );
}

describe('an entry of a calendar', () => {
  it.each([
    [
      'in UTC',
      ['DTSTART:20261102T090000Z', 'DTEND:20261103T090000Z'],
      '2026-11-02T09:00 → 2026-11-03T09:00',
    ],
    [
      'in a zone the calendar describes',
      ['DTSTART;TZID=Berlin:20261102T090000', 'DTEND;TZID=Berlin:20261103T090000'],
      '2026-11-02T08:00 → 2026-11-03T08:00',
    ],
    [
      'in a zone it only names',
      ['DTSTART;TZID=Asia/Tokyo:20261102T090000', 'DTEND;TZID=Asia/Tokyo:20261103T090000'],
      '2026-11-02T00:00 → 2026-11-03T00:00',
    ],
    [
      'in a zone nobody knows: that of the schedule',
      ['DTSTART;TZID=Nowhere:20261102T090000', 'DTEND;TZID=Nowhere:20261103T090000'],
      '2026-11-02T08:00 → 2026-11-03T08:00',
    ],
    [
      'without a zone: that of the schedule',
      ['DTSTART:20261102T090000', 'DURATION:PT12H'],
      '2026-11-02T08:00 → 2026-11-02T20:00',
    ],
    [
      'of whole days, over the end of summer time',
      ['DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261026'],
      '2026-10-23T22:00 → 2026-10-25T23:00',
    ],
  ])('%s', (_, lines, expected) => {
    expect(read(aCalendar(berlin, anEntry(...lines, 'SUMMARY:Ann')))).toEqual([`${expected} Ann`]);
  });

  it('carries its title and the addresses of those who take part', () => {
    const text = aCalendar(
      anEntry(
        'DTSTART:20261102T090000Z',
        'DTEND:20261103T090000Z',
        'SUMMARY:On call\\, first line',
        'ATTENDEE;CN="Ann Chen";PARTSTAT=ACCEPTED:MAILTO:Ann@Example.com',
        'ATTENDEE:mailto:bo@example.com',
      ),
    );

    expect(readShifts(text, span)).toMatchObject([
      { summary: 'On call, first line', emails: ['ann@example.com', 'bo@example.com'] },
    ]);
  });

  it.each([
    ['is called off', ['DTSTART:20261102T090000Z', 'DTEND:20261103T090000Z', 'STATUS:CANCELLED']],
    ['is over', ['DTSTART:20250102T090000Z', 'DTEND:20250103T090000Z']],
    ['is far ahead', ['DTSTART:20280102T090000Z', 'DTEND:20280103T090000Z']],
    ['has no length', ['DTSTART:20261102T090000Z']],
    ['ends before it begins', ['DTSTART:20261102T090000Z', 'DTEND:20261101T090000Z']],
    ['has no beginning', ['SUMMARY:Ann']],
  ])('that %s is left out', (_, lines) => {
    expect(read(aCalendar(anEntry(...lines)))).toEqual([]);
  });
});

describe('a recurring entry', () => {
  const weekly = [
    'DTSTART;TZID=Berlin:20260105T090000',
    'DTEND;TZID=Berlin:20260112T090000',
    'RRULE:FREQ=WEEKLY;INTERVAL=2',
    'SUMMARY:Ann',
  ];

  it('is filled in within the span, and keeps its hour over summer time', () => {
    const shifts = read(aCalendar(berlin, anEntry(...weekly)), {
      untilMs: at('2026-11-20T00:00Z'),
    });

    expect(shifts).toEqual(
      [
        '2026-10-12T07:00 → 2026-10-19T07:00 Ann',
        '2026-10-26T08:00 → 2026-11-02T08:00 Ann',
        '2026-11-09T08:00 → 2026-11-16T08:00 Ann',
      ].slice(1),
    );
  });

  it('keeps its hour where the calendar only names the zone', () => {
    const named = weekly.map((line) => line.replace('TZID=Berlin', 'TZID=Europe/Berlin'));

    expect(
      read(aCalendar(anEntry(...named)), {
        fromMs: at('2026-10-01T00:00Z'),
        untilMs: at('2026-10-27T00:00Z'),
      }),
    ).toEqual([
      '2026-09-28T07:00 → 2026-10-05T07:00 Ann',
      '2026-10-12T07:00 → 2026-10-19T07:00 Ann',
      '2026-10-26T08:00 → 2026-11-02T08:00 Ann',
    ]);
  });

  it('leaves out what was excepted, and takes what was changed by hand', () => {
    const text = aCalendar(
      berlin,
      anEntry(...weekly, 'EXDATE;TZID=Berlin:20261109T090000'),
      anEntry(
        'RECURRENCE-ID;TZID=Berlin:20261026T090000',
        'DTSTART;TZID=Berlin:20261027T120000',
        'DTEND;TZID=Berlin:20261102T090000',
        'SUMMARY:Bo instead',
      ),
    );

    expect(read(text, { untilMs: at('2026-12-01T00:00Z') })).toEqual([
      '2026-10-27T11:00 → 2026-11-02T08:00 Bo instead',
      '2026-11-23T08:00 → 2026-11-30T08:00 Ann',
    ]);
  });
});

describe('a calendar that cannot be', () => {
  it.each([
    ['nothing', ''],
    ['a page for signing in', '<!doctype html><title>Sign in</title>'],
    ['something binary', '\u0000\u0001BEGIN:VCALENDAR'],
    ['an end that is missing', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART'],
    ['a time that is none', aCalendar(anEntry('DTSTART:garbage', 'DTEND:20261103T090000Z'))],
    ['a rule that is none', aCalendar(anEntry('DTSTART:20261102T090000Z', 'RRULE:FREQ=NEVER'))],
  ])('is refused: %s', (_, text) => {
    expect(() => readShifts(text, span)).toThrow(
      expect.objectContaining({ code: 'calendar-unreadable' }),
    );
  });

  it('is refused when it unfolds without end', () => {
    const text = aCalendar(
      anEntry('DTSTART:20200102T090000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY'),
    );

    expect(() => readShifts(text, span)).toThrow(/more than 70000 entries/u);
  });

  it('keeps no more entries than there is room for', () => {
    const text = aCalendar(
      anEntry('DTSTART:20261101T000000Z', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY'),
      anEntry('DTSTART:20261101T000000Z', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY'),
    );

    expect(readShifts(text, span)).toHaveLength(shiftsMax);
  });
});
