import { describe, expect, it } from 'vitest';
import { isWithin, nextEdge, type WeekWindow } from '../../src/model/week-window.ts';
import { isZone, momentOf, parseWall, wallAt, wallOf, weekdayOf } from '../../src/model/zone.ts';

const berlin = 'Europe/Berlin';
const wall = (text: string): number => parseWall(text) ?? Number.NaN;
const at = (text: string, zone = berlin): number => momentOf(wall(text), zone);

describe('the clocks of a zone', () => {
  it.each([
    ['2026-11-21T04:00', berlin, '2026-11-21T03:00:00Z'],
    ['2026-07-01T09:00', berlin, '2026-07-01T07:00:00Z'],
    ['2026-07-01T09:00', 'Asia/Kolkata', '2026-07-01T03:30:00Z'],
    ['2026-01-01T00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00Z'],
    ['2026-01-01T00:00', 'Pacific/Pago_Pago', '2026-01-01T11:00:00Z'],
    ['2024-02-29T12:00', 'UTC', '2024-02-29T12:00:00Z'],
  ])('show %s in %s at %s', (text, zone, moment) => {
    expect(momentOf(wall(text), zone)).toBe(Date.parse(moment));
    expect(wallOf(Date.parse(moment), zone)).toBe(wall(text));
  });

  it('take a time that comes twice for the first of the two', () => {
    expect(at('2026-10-25T02:30')).toBe(Date.parse('2026-10-25T00:30:00Z'));
    expect(at('2026-10-25T03:00')).toBe(Date.parse('2026-10-25T02:00:00Z'));
  });

  it('move a time that is left out as far as they are put forward', () => {
    expect(at('2026-03-29T02:30')).toBe(Date.parse('2026-03-29T01:30:00Z'));
    expect(at('2026-03-29T03:00')).toBe(Date.parse('2026-03-29T01:00:00Z'));
  });

  it('agree with Date on every day of forty years', () => {
    const days = Array.from({ length: 40 * 365 }, (_, day) => new Date(Date.UTC(1999, 0, 1 + day)));

    const wrong = days.filter(
      (date) =>
        wallAt(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()) !==
          date.getTime() || weekdayOf(date.getTime()) !== (date.getUTCDay() + 6) % 7,
    );

    expect(wrong).toEqual([]);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-01T24:00', 'soon', ''])(
    'know no time %s',
    (text) => {
      expect(parseWall(text)).toBeUndefined();
    },
  );

  it.each([
    [berlin, true],
    ['UTC', true],
    ['Europe/Berlln', false],
    ['+02:00', false],
    ['', false],
  ])('know the zone %s: %s', (name, known) => {
    expect(isZone(name)).toBe(known);
  });
});

const office: WeekWindow = { days: [0, 1, 2, 3, 4], fromMinute: 540, toMinute: 1080, zone: berlin };
const nights: WeekWindow = { days: [4, 5], fromMinute: 1320, toMinute: 360, zone: berlin };

describe('a part of the week', () => {
  it.each([
    ['2026-11-20T09:00', office, true],
    ['2026-11-20T08:59', office, false],
    ['2026-11-20T17:59', office, true],
    ['2026-11-20T18:00', office, false],
    ['2026-11-21T12:00', office, false],
    ['2026-11-22T23:59', office, false],
    ['2026-11-23T09:00', office, true],
    ['2026-11-20T22:00', nights, true],
    ['2026-11-21T05:59', nights, true],
    ['2026-11-21T06:00', nights, false],
    ['2026-11-22T05:59', nights, true],
    ['2026-11-22T22:00', nights, false],
    ['2026-11-20T05:00', nights, false],
  ])('at %s: %o is %s', (text, window, inside) => {
    expect(isWithin([window], at(text))).toBe(inside);
  });

  it('is the whole of it without windows, and any of several', () => {
    expect(isWithin([], 0)).toBe(true);
    expect(isWithin([office, nights], at('2026-11-20T23:00'))).toBe(true);
  });

  it('keeps its hours on either side of summer time', () => {
    expect(isWithin([office], at('2026-03-27T09:00'))).toBe(true);
    expect(isWithin([office], at('2026-03-30T09:00'))).toBe(true);
    expect(isWithin([office], at('2026-03-30T08:59'))).toBe(false);
  });

  it.each([
    ['2026-11-20T08:00', '2026-11-20T09:00'],
    ['2026-11-20T09:00', '2026-11-20T18:00'],
    ['2026-11-20T18:00', '2026-11-23T09:00'],
    // Over the end of summer time in Berlin.
    ['2026-10-23T18:00', '2026-10-26T09:00'],
  ])('after %s begins or ends next at %s', (now, next) => {
    expect(nextEdge([office], at(now))).toBe(at(next));
  });

  it('that goes over midnight ends in the morning', () => {
    expect(nextEdge([nights], at('2026-11-21T03:00'))).toBe(at('2026-11-21T06:00'));
    expect(nextEdge([], 0)).toBeUndefined();
  });
});
