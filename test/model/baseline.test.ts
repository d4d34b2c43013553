import { describe, expect, it } from 'vitest';
import { sameHourBaseline } from '../../src/model/baseline.ts';
import { riseOver } from '../../src/model/delta.ts';
import { aReading, nightMs } from '../support/builders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An hourly value for each of the days before. */
function past(days: number, valueAt: (hourOfDay: number, daysAgo: number) => number) {
  return Array.from({ length: days * 24 }, (_, index) => {
    const atMs = nightMs - (days * 24 - index) * hourMs;
    const hourOfDay = Math.floor((atMs % dayMs) / hourMs);
    return { atMs, value: valueAt(hourOfDay, Math.floor((nightMs - atMs) / dayMs)) };
  });
}

describe('what is usual at this hour', () => {
  it('is the median of the days before at this time, whatever the other hours do', () => {
    const nightly = past(14, (hour) => (hour >= 2 && hour <= 4 ? 900 : 10));

    expect(sameHourBaseline(nightly, nightMs)).toEqual({ median: 900, days: 14 });
    expect(sameHourBaseline(nightly, nightMs - 9 * hourMs)?.median).toBe(10);
  });

  it('is not moved by one strange day, nor by today', () => {
    const marks = past(10, (_, daysAgo) => (daysAgo === 4 || daysAgo === 0 ? 50_000 : 10));

    expect(sameHourBaseline(marks, nightMs)?.median).toBe(10);
  });

  it.each([0, 1, 2])('is not known after %d days', (days) => {
    expect(
      sameHourBaseline(
        past(days, () => 1),
        nightMs,
      ),
    ).toBeUndefined();
  });
});

describe('the rise of a counter', () => {
  const at = (seconds: number, value: number, uptime = seconds * 1000) =>
    aReading({ atMs: nightMs + seconds * 1000, metrics: { uptime, snap_count: value } });

  it('leaves out the step across a restart, an election or srst', () => {
    expect(riseOver('snap_count', [at(0, 5), at(5, 7), at(10, 1, 10), at(15, 4)])).toEqual({
      rise: 5,
      overMs: 10_000,
    });
    expect(riseOver('snap_count', [at(0, 5), at(5, 0), at(10, 2)])).toEqual({
      rise: 2,
      overMs: 5000,
    });
  });

  it('is not known from one reading, nor where a version does not report it', () => {
    expect(riseOver('snap_count', [at(0, 5)])).toBeUndefined();
    expect(riseOver('diff_count', [at(0, 5), at(5, 6)])).toBeUndefined();
  });
});
