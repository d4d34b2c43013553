import { describe, expect, it } from 'vitest';
import type { CalendarCopy, OnCallSettings, Rotation, Shift } from '../../../src/model/on-call.ts';
import type { Person } from '../../../src/model/person.ts';
import { momentOf, parseWall } from '../../../src/model/zone.ts';
import { calledBy, onCallAt, peopleOf } from '../../../src/rules/routing/on-call.ts';
import { aPerson } from '../../support/builders.ts';

const zone = 'Europe/Berlin';
const dayMs = 86_400_000;
const wall = (text: string): number => parseWall(text) ?? Number.NaN;
const at = (text: string): number => momentOf(wall(text), zone);

const people: readonly Person[] = [
  aPerson({ id: 'ann', name: 'Ann Chen', handles: { email: 'Ann@example.com' } }),
  aPerson({ id: 'bo', name: 'Bo', handles: {} }),
  aPerson({ id: 'cy', name: 'Cy Young', handles: {} }),
];

/** Ann, Bo and Cy, each from Monday nine to Monday nine. */
function aRotation(overrides: Partial<Rotation> = {}): Rotation {
  return {
    people: ['ann', 'bo', 'cy'],
    startWallMs: wall('2026-11-02T09:00'),
    everyMs: 7 * dayMs,
    when: [],
    ...overrides,
  };
}

function aSchedule(overrides: Partial<OnCallSettings> = {}): OnCallSettings {
  return { id: 'orders', zone, rotations: [aRotation()], overrides: [], ...overrides };
}

function who(schedule: OnCallSettings, text: string, copy?: CalendarCopy) {
  const { people: now, source, untilMs, next } = onCallAt(schedule, copy, people, at(text));
  return { now, source, untilMs, next };
}

describe('a weekly rotation', () => {
  it.each([
    ['2026-11-02T09:00', 'ann', '2026-11-09T09:00', 'bo'],
    ['2026-11-09T08:59', 'ann', '2026-11-09T09:00', 'bo'],
    ['2026-11-09T09:00', 'bo', '2026-11-16T09:00', 'cy'],
    ['2026-11-23T09:00', 'ann', '2026-11-30T09:00', 'bo'],
    ['2027-10-25T12:00', 'ann', '2027-11-01T09:00', 'bo'],
    // Summer time begins and ends in between: the hand-over stays at nine.
    ['2027-03-26T12:00', 'cy', '2027-03-29T09:00', 'ann'],
    ['2027-03-29T08:59', 'cy', '2027-03-29T09:00', 'ann'],
    ['2027-03-29T09:00', 'ann', '2027-04-05T09:00', 'bo'],
  ])('at %s is %s, until %s, then %s', (now, person, until, next) => {
    expect(who(aSchedule(), now)).toEqual({
      now: [person],
      source: 'rotation',
      untilMs: at(until),
      next: [next],
    });
  });

  it('is nobody before it begins, and says when it does', () => {
    expect(who(aSchedule(), '2026-11-01T12:00')).toEqual({
      now: [],
      source: 'nobody',
      untilMs: at('2026-11-02T09:00'),
      next: ['ann'],
    });
  });

  it('of one person does not end', () => {
    const alone = aSchedule({ rotations: [aRotation({ people: ['ann'] })] });

    expect(who(alone, '2026-11-20T12:00')).toMatchObject({ now: ['ann'], untilMs: undefined });
  });
});

describe('a daily rotation', () => {
  const daily = aSchedule({
    rotations: [aRotation({ startWallMs: wall('2026-10-20T02:30'), everyMs: dayMs })],
  });

  it('changes hands once in the night in which a time comes twice', () => {
    expect(who(daily, '2026-10-25T02:29').now).toEqual(['bo']);
    expect(who(daily, '2026-10-25T02:30').now).toEqual(['cy']);
    expect(onCallAt(daily, undefined, people, at('2026-10-25T02:30') + 3_600_000).people).toEqual([
      'cy',
    ]);
  });

  it('changes hands in the night in which the time is left out', () => {
    expect(who(daily, '2027-03-28T01:59').now).toEqual(who(daily, '2027-03-27T12:00').now);
    expect(who(daily, '2027-03-28T03:30').now).toEqual(who(daily, '2027-03-28T12:00').now);
    expect(who(daily, '2027-03-28T12:00').now).not.toEqual(who(daily, '2027-03-27T12:00').now);
  });

  it('of twelve hours keeps its hours by the clock on the wall', () => {
    const shifts = aSchedule({
      rotations: [aRotation({ people: ['ann', 'bo'], everyMs: dayMs / 2 })],
    });

    for (const day of ['2026-11-03', '2027-03-28', '2027-03-29', '2027-10-31', '2027-11-01']) {
      expect(who(shifts, `${day}T08:59`).now).toEqual(['bo']);
      expect(who(shifts, `${day}T09:00`).now).toEqual(['ann']);
      expect(who(shifts, `${day}T20:59`).now).toEqual(['ann']);
      expect(who(shifts, `${day}T21:00`).now).toEqual(['bo']);
    }
  });
});

describe('layers, stand-ins and fallback', () => {
  const office = { days: [0, 1, 2, 3, 4], fromMinute: 540, toMinute: 1080, zone };

  it('let the later layer hold within its hours', () => {
    const layered = aSchedule({
      rotations: [aRotation(), aRotation({ people: ['cy'], when: [office] })],
    });

    expect(who(layered, '2026-11-03T12:00')).toMatchObject({
      now: ['cy'],
      untilMs: at('2026-11-03T18:00'),
      next: ['ann'],
    });
    expect(who(layered, '2026-11-03T20:00').now).toEqual(['ann']);
  });

  it('leave a hole, and say when it ends', () => {
    const holed = aSchedule({ rotations: [aRotation({ when: [office] })] });

    expect(who(holed, '2026-11-06T18:00')).toEqual({
      now: [],
      source: 'nobody',
      untilMs: at('2026-11-09T09:00'),
      next: ['bo'],
    });
  });

  it('fill the hole with the fallback', () => {
    const held = aSchedule({ rotations: [aRotation({ when: [office] })], fallback: 'cy' });

    expect(who(held, '2026-11-06T18:00')).toMatchObject({ now: ['cy'], source: 'fallback' });
  });

  it('let a stand-in take over, to the minute', () => {
    const override = { fromMs: at('2026-11-04T09:00'), untilMs: at('2026-11-05T09:00') };
    const covered = aSchedule({ overrides: [{ ...override, person: 'cy' }] });

    expect(who(covered, '2026-11-04T08:59')).toMatchObject({
      now: ['ann'],
      untilMs: override.fromMs,
      next: ['cy'],
    });
    expect(who(covered, '2026-11-04T09:00')).toMatchObject({
      now: ['cy'],
      source: 'override',
      untilMs: override.untilMs,
      next: ['ann'],
    });
    expect(who(covered, '2026-11-05T09:00').source).toBe('rotation');
  });
});

describe('a calendar', () => {
  const calendar = {
    source: { kind: 'file', path: 'oncall.ics' },
    refreshMs: 900_000,
    timeoutMs: 10_000,
  } as const;
  const aShift = (overrides: Partial<Shift> = {}): Shift => ({
    fromMs: at('2026-11-03T09:00'),
    untilMs: at('2026-11-04T09:00'),
    emails: [],
    summary: 'On call: Bo',
    ...overrides,
  });
  const aCopy = (overrides: Partial<CalendarCopy> = {}): CalendarCopy => ({
    schedule: 'orders',
    shifts: [aShift()],
    failures: 0,
    readMs: at('2026-11-03T10:00'),
    ...overrides,
  });

  it('comes before the rotation, and the rotation fills its gaps', () => {
    const both = aSchedule({ calendar });

    expect(who(both, '2026-11-03T12:00', aCopy())).toEqual({
      now: ['bo'],
      source: 'calendar',
      untilMs: at('2026-11-04T09:00'),
      next: ['ann'],
    });
  });

  it('may put several people on call', () => {
    const two = aCopy({ shifts: [aShift(), aShift({ emails: ['ann@example.com'] })] });

    expect(who(aSchedule({ calendar }), '2026-11-03T12:00', two).now).toEqual(['bo', 'ann']);
  });

  it('says whom it names that the configuration does not know', () => {
    const only = aSchedule({ calendar, rotations: [] });
    const stranger = aCopy({ shifts: [aShift({ summary: 'Zoe' })] });

    expect(onCallAt(only, stranger, people, at('2026-11-03T12:00'))).toMatchObject({
      people: [],
      source: 'nobody',
      strangers: ['Zoe'],
    });
  });

  it('says how old its copy is and why it is not renewed', () => {
    const broken = aCopy({ failures: 4, lastError: 'HTTP 503' });
    const now = onCallAt(aSchedule({ calendar }), broken, people, at('2026-11-03T12:00'));

    expect(now.people).toEqual(['bo']);
    expect(now.calendar).toEqual({ readMs: at('2026-11-03T10:00'), failing: 'HTTP 503' });
  });

  it.each([
    [{ emails: ['ann@example.com'], summary: 'Bo' }, ['ann']],
    [{ emails: ['x@example.com'], summary: 'Primary - Cy Young' }, ['cy']],
    [{ summary: 'cy young (primary)' }, ['cy']],
    [{ summary: 'on-call bo' }, ['bo']],
    [{ summary: 'Bob and Robo' }, []],
    [{ summary: '' }, []],
  ])('%o means %o', (shift, expected) => {
    expect(peopleOf(aShift(shift), people)).toEqual(expected);
  });
});

describe('whom a step calls', () => {
  const person = (id: string) => ({ kind: 'person', id }) as const;
  const group = (id: string) => ({ kind: 'group', id }) as const;
  const oncall = (id: string) => ({ kind: 'oncall', id }) as const;
  const settings = {
    people,
    groups: [
      { id: 'platform', members: [person('cy'), oncall('orders')] },
      { id: 'all', members: [group('platform'), group('all'), person('bo')] },
    ],
    onCall: [
      aSchedule(),
      aSchedule({ id: 'empty', rotations: [] }),
      aSchedule({ id: 'held', rotations: [], fallback: 'cy' }),
    ],
  };
  const called = (...to: Parameters<typeof calledBy>[0]) =>
    calledBy(to, settings, {}, at('2026-11-03T12:00'));

  it('are people, those of groups and of schedules, each once', () => {
    expect(called(person('bo'), group('platform'), oncall('orders'))).toEqual({
      people: ['bo', 'cy', 'ann'],
      gaps: [],
    });
  });

  it('ends with a group that holds itself', () => {
    expect(called(group('all')).people).toEqual(['cy', 'ann', 'bo']);
  });

  it('says in which schedules nobody is on call, fallback or not', () => {
    expect(called(oncall('empty'))).toEqual({ people: [], gaps: ['empty'] });
    expect(called(oncall('held'), oncall('empty'))).toEqual({
      people: ['cy'],
      gaps: ['held', 'empty'],
    });
  });

  it('leaves out what the configuration does not name any more', () => {
    expect(called(group('gone'), oncall('gone'))).toEqual({ people: [], gaps: [] });
  });
});
