import { describe, expect, it } from 'vitest';
import { type Chart, drawChart } from '../../../src/rules/card/chart.ts';
import {
  chartMetrics,
  gaugeMetric,
  metricNamed,
  metricOf,
} from '../../../src/rules/card/chart-metric.ts';
import { plotsOf } from '../../../src/rules/card/plots.ts';
import { words } from '../../../src/rules/card/words/words.ts';
import { aFailure, aReading, nightMs } from '../../support/builders.ts';
import { pastOf, quarters } from '../detect/figures.ts';

const hourMs = 3_600_000;

function aChart(overrides: Partial<Chart> = {}): Chart {
  return {
    title: 'orders · latency · 1 h',
    unit: 'ms',
    fromMs: nightMs - hourMs,
    toMs: nightMs,
    zone: 'UTC',
    lines: [],
    marks: [],
    ...overrides,
  };
}

function texts(svg: string): readonly string[] {
  return [...svg.matchAll(/>([^<>]+)<\/text>/gu)].map((match) => match[1] ?? '');
}

function line(label: string, ...values: readonly number[]) {
  return {
    label,
    plots: values.map((value, index) => ({ atMs: nightMs - hourMs + index * 60_000, value })),
  };
}

describe('a chart', () => {
  it.each([
    ['ms', 230, ['0 ms', '100 ms', '200 ms', '300 ms']],
    ['ms', 4000, ['0 ms', '1 s', '2 s', '3 s', '4 s']],
    ['count', 3, ['0', '1', '2', '3']],
    ['count', 2_400_000, ['0', '1M', '2M', '3M']],
    ['bytes', 900 * 2 ** 20, ['0', '250 MiB', '500 MiB', '750 MiB', '1000 MiB']],
    ['percent', 7, ['0 %', '2 %', '4 %', '6 %', '8 %']],
    ['per-second', 0, ['0/s', '0.25/s', '0.5/s', '0.75/s', '1/s']],
  ] as const)('has a scale of round numbers: %s up to %d', (unit, most, scale) => {
    const said = texts(drawChart(aChart({ unit, lines: [line('zk1', 0, most)] })));

    expect(said).toEqual(expect.arrayContaining([...scale]));
  });

  it('has times by the clocks of the zone', () => {
    expect(texts(drawChart(aChart({ zone: 'Europe/Berlin' })))).toContain('03:30');
    expect(texts(drawChart(aChart({ fromMs: nightMs - 336 * hourMs })))).toContain('21 Nov');
  });

  it('breaks a line where nothing was seen', () => {
    const svg = drawChart(aChart({ lines: [line('zk1', 1, 2, Number.NaN, 4, Number.NaN, 5, 6)] }));

    expect(svg.match(/<polyline/gu)).toHaveLength(2);
    expect(svg.match(/<circle/gu)).toHaveLength(1);
  });

  it('writes the names at the ends of the lines, never on each other', () => {
    const lines = ['zk1', 'zk2', 'zk3', 'zk4'].map((label) => line(label, 5, 5));
    const svg = drawChart(aChart({ lines }));

    const heights = [...svg.matchAll(/y="([\d.]+)" font-weight="500" fill="#\w+">zk/gu)].map(
      (match) => Number(match[1]),
    );
    expect(heights).toHaveLength(4);
    for (const [index, height] of heights.slice(1).entries())
      expect(height - (heights[index] ?? 0)).toBeGreaterThanOrEqual(26);
  });

  it('marks incidents, also those that began before or still stand', () => {
    const marks = [{ label: '#12', fromMs: nightMs - 9 * hourMs, toMs: nightMs }];

    expect(texts(drawChart(aChart({ marks })))).toContain('#12');
  });

  it('takes names for text', () => {
    const svg = drawChart(aChart({ title: '<b>"&', lines: [line('<zk>', 1, 2)] }));

    expect(svg).toContain('&lt;b&gt;&quot;&amp;');
    expect(svg).toContain('&lt;zk&gt;');
  });
});

describe('the metrics of charts', () => {
  it('have one name each, and words in both languages', () => {
    const names = chartMetrics.flatMap(({ name, aliases }) => [name, ...aliases]);

    expect(new Set(names).size).toBe(names.length);
    for (const { name } of chartMetrics)
      for (const language of ['en', 'zh-CN'] as const)
        expect(words(language).chart.metric(name)).not.toBe(name.replaceAll('_', ' ') + '?');
    expect(metricNamed('zk_Outstanding_Requests')?.name).toBe('outstanding');
    expect(metricNamed('nothing')).toBeUndefined();
  });

  it('follow from the fault', () => {
    expect(metricOf('latency-high', { kind: 'write' })?.name).toBe('latency');
    expect(metricOf('latency-high', { kind: 'read' })?.name).toBe('read-latency');
    expect(metricOf('fsync-slow', {})?.name).toBe('fsync');
    expect(metricOf('member-down', {})).toBeUndefined();
  });

  it('guess the unit of a gauge by its name', () => {
    expect(gaugeMetric('disk_free_bytes').unit).toBe('bytes');
    expect(gaugeMetric('skew_ms').unit).toBe('ms');
    expect(gaugeMetric('snapshots').unit).toBe('count');
  });
});

describe('what is drawn', () => {
  const span = { fromMs: nightMs - hourMs, toMs: nightMs };
  const level = { kind: 'level', metric: 'znode_count' } as const;

  it('is a gap where nothing answered, and no gap where nothing was to measure', () => {
    const samples = Array.from({ length: 360 }, (_, index) => {
      const atMs = span.fromMs + index * 10_000;
      return index >= 120 && index < 180
        ? aFailure({ atMs })
        : aReading({
            atMs,
            metrics: { cnt_readlatency: index < 240 ? index : 240, sum_readlatency: index * 4 },
          });
    });

    const plots = plotsOf(
      { kind: 'mean', summary: 'readlatency' },
      { samples, trend: undefined },
      span,
    );

    const blind = plots.filter(({ value }) => Number.isNaN(value));
    expect(blind.length).toBeGreaterThan(15);
    expect(blind[0]?.atMs).toBeGreaterThan(span.fromMs + 1_190_000);
    // The last third read nothing: nothing to draw, and nothing to break.
    expect(Math.max(...plots.map(({ atMs }) => atMs))).toBeLessThan(span.fromMs + 2_450_000);
    expect(plots.find(({ value }) => Number.isFinite(value))?.value).toBe(4);
  });

  it('goes back to the points where the ring does not reach', () => {
    const trend = pastOf(
      'zk1',
      quarters(1, (quarter) => ({ znode_count: quarter })),
    )['zk1'];
    const samples = Array.from({ length: 30 }, (_, index) =>
      aReading({ atMs: nightMs - (30 - index) * 10_000, metrics: { znode_count: 1000 } }),
    );

    const plots = plotsOf(level, { samples, trend }, span);

    expect(plots.map(({ value }) => value).filter((value) => value < 100)).toEqual([
      92, 93, 94, 95,
    ]);
    expect(plots.at(-1)?.value).toBe(1000);
    expect([...plots].sort((a, b) => a.atMs - b.atMs)).toEqual(plots);
  });

  it('is made of hours for two weeks, and breaks where a day is missing', () => {
    const all = quarters(14, (quarter) => ({ znode_count: quarter }));
    const holed = all.filter(([ms]) => ms < -10 * 24 * hourMs || ms > -9 * 24 * hourMs);
    const trend = pastOf('zk1', holed)['zk1'];

    const plots = plotsOf(
      level,
      { samples: [], trend },
      { fromMs: nightMs - 14 * 24 * hourMs, toMs: nightMs },
    );

    expect(plots.length).toBeGreaterThan(300);
    expect(plots.filter(({ value }) => Number.isNaN(value))).toHaveLength(1);
  });

  it('tells rates and shares of the time between', () => {
    const samples = [0, 1, 2, 3].map((index) =>
      aReading({
        atMs: nightMs - hourMs + index * 30_000,
        metrics: { packets_received: index * 300, sum_jvm_pause_time_ms: index * 3000 },
        zxid: `0x10000000${index * 3}`,
      }),
    );
    const last = (figure: Parameters<typeof plotsOf>[0]) =>
      plotsOf(figure, { samples, trend: undefined }, span).at(-1)?.value;

    expect(last({ kind: 'rate', metric: 'packets_received' })).toBe(10);
    expect(last({ kind: 'share', metric: 'sum_jvm_pause_time_ms' })).toBe(10);
    expect(last({ kind: 'rate', metric: 'zxid' })).toBe(0.1);
  });
});
