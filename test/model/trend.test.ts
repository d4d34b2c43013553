import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/model/sample.ts';
import {
  coarseMs,
  fineMs,
  gaugesMax,
  growTrend,
  levelsOf,
  meansOf,
  type OpenTrend,
  risesOf,
  stepMsMax,
  trendMetrics,
  withOpen,
} from '../../src/model/trend.ts';
import { aReading, nightMs } from '../support/builders.ts';

/** A reading so long after the first, with these metrics. */
function after(ms: number, metrics: Record<string, number>, zxid?: string): Reading {
  return aReading({
    atMs: nightMs + ms,
    metrics: { uptime: 1_000_000 + ms, ...metrics },
    ...(zxid === undefined ? {} : { zxid }),
  });
}

/** All points after these readings, oldest first. */
function grown(readings: readonly Reading[]): { fine: OpenTrend['fine'][]; open: OpenTrend } {
  const fine: OpenTrend['fine'][] = [];
  let open: OpenTrend = {};
  for (const [index, reading] of readings.entries()) {
    const next = growTrend(open, reading, readings[index - 1]);
    if (open.fine !== undefined && next.fine?.atMs !== open.fine.atMs) fine.push(open.fine);
    open = next;
  }
  return { fine: [...fine, open.fine], open };
}

function points({ fine }: OpenTrend) {
  return fine === undefined ? [] : [fine];
}

describe('a point', () => {
  it('keeps least, mean and most of a level, and by how much a counter grew', () => {
    const { open } = grown([
      after(0, { znode_count: 10, packets_received: 100 }),
      after(5000, { znode_count: 40, packets_received: 150 }),
      after(10_000, { znode_count: 25, packets_received: 200 }),
    ]);

    expect(levelsOf(points(open), 'znode_count')).toEqual([
      { atMs: nightMs, least: 10, mean: 25, most: 40 },
    ]);
    expect(risesOf(points(open), 'packets_received')).toEqual([
      { atMs: nightMs, rise: 100, perSecond: 10 },
    ]);
    expect(open.fine).toMatchObject({ looks: 3, overMs: 10_000 });
  });

  it.each([
    ['a restart (uptime falls)', after(5000, { uptime: 10, packets_received: 150 })],
    ['srst (the counter falls)', after(5000, { packets_received: 3 })],
    ['a gap too long to know when', after(stepMsMax + 1, { packets_received: 150 })],
  ])('leaves the step across %s out', (_, second) => {
    const at = second.atMs - nightMs;
    const third = after(at + 5000, {
      uptime: (second.metrics['uptime'] ?? 0) + 5000,
      packets_received: (second.metrics['packets_received'] ?? 0) + 20,
    });
    const { fine } = grown([after(0, { packets_received: 100 }), second, third]);

    const rises = risesOf(
      fine.flatMap((point) => point ?? []),
      'packets_received',
    );
    expect(rises.reduce((sum, { rise }) => sum + rise, 0)).toBe(20);
  });

  it('counts transactions by zxid, and none across an election', () => {
    const { open } = grown([
      after(0, {}, '0x1000000f0'),
      after(5000, {}, '0x100000100'),
      after(10_000, {}, '0x200000004'),
      after(15_000, {}, '0x200000009'),
    ]);

    expect(risesOf(points(open), 'zxid')).toEqual([
      { atMs: nightMs, rise: 21, perSecond: 21 / 15 },
    ]);
  });

  it('gives the mean of a summary from what it grew by', () => {
    const { open } = grown([
      after(0, { cnt_fsynctime: 1000, sum_fsynctime: 110_000 }),
      after(5000, { cnt_fsynctime: 1010, sum_fsynctime: 121_640 }),
    ]);

    expect(meansOf(points(open), 'fsynctime')).toEqual([{ atMs: nightMs, mean: 1164, count: 10 }]);
  });

  it('does not take what a version does not report for zero', () => {
    const { open } = grown([after(0, {}), after(5000, { watch_count: 3 }), after(10_000, {})]);

    expect(levelsOf(points(open), 'znode_count')).toEqual([]);
    expect(risesOf(points(open), 'snap_count')).toEqual([]);
    expect(levelsOf(points(open), 'watch_count')).toMatchObject([{ least: 3, mean: 3, most: 3 }]);
  });

  it('keeps gauges under their own names, and no more than its share', () => {
    const gauges = Object.fromEntries(
      Array.from({ length: gaugesMax + 5 }, (_, index) => [`disk_${index}`, index]),
    );
    const first = growTrend({}, after(0, {}), undefined, gauges);
    const open = growTrend(first, after(5000, {}), undefined, {
      ...gauges,
      disk_0: 8,
      bad: Number.NaN,
    });

    expect(levelsOf(points(open), 'disk_0')).toEqual([
      { atMs: nightMs, least: 0, mean: 4, most: 8 },
    ]);
    expect(Object.keys(open.fine?.gauges ?? {})).toHaveLength(gaugesMax);
  });
});

describe('the past of a server', () => {
  it('gathers five minutes into their hour, each once', () => {
    const readings = Array.from({ length: 25 }, (_, index) =>
      after(index * fineMs, { znode_count: index }, `0x1000000${(index + 16).toString(16)}`),
    );

    const { fine, open } = grown(readings);

    expect(fine.map((point) => point?.atMs)).toEqual(readings.map(({ atMs }) => atMs));
    expect(open.coarse).toMatchObject({ atMs: nightMs + coarseMs, looks: 12 });
    expect(levelsOf(open.coarse === undefined ? [] : [open.coarse], 'znode_count')).toEqual([
      { atMs: nightMs + coarseMs, least: 12, mean: 17.5, most: 23 },
    ]);
    expect(risesOf(open.coarse === undefined ? [] : [open.coarse], 'zxid')).toMatchObject([
      { rise: 12 },
    ]);
  });

  it('ends with the points that still grow, each once', () => {
    const { fine } = grown([after(0, {}), after(fineMs, {})]);
    const [first, second] = fine.flatMap((point) => point ?? []);
    const stale = second === undefined ? undefined : { ...second, looks: 0 };
    if (first === undefined || second === undefined || stale === undefined)
      throw new Error('no points');

    const trend = withOpen({ fine: [first, stale], coarse: [] }, { fine: second });

    expect(trend).toEqual({ fine: [first, second], coarse: [] });
  });

  it('has every metric once', () => {
    const names = trendMetrics.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
