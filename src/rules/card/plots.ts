import { growthOver, riseOver } from '../../model/delta.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import {
  coarseMs,
  fineMs,
  levelsOf,
  meansOf,
  risesOf,
  type Trend,
  type TrendPoint,
  transactionsBetween,
} from '../../model/trend.ts';

import type { ChartFigure } from './chart-metric.ts';

/** A value at a time; NaN where nothing was seen, so that the line breaks. */
export interface Plot {
  readonly atMs: number;
  readonly value: number;
}

/** Plots of a line drawn from samples. */
export const plotsMax = 120;

/**
 * What a server showed from one moment to another: from samples as far as the ring goes back, before that from points of five
 * minutes, and from hours where more than a day is asked for. Spans in which nothing could be measured (no writes, no latency)
 * are joined; spans in which nothing was seen are gaps.
 */
export function plotsOf(
  figure: ChartFigure,
  past: { readonly samples: readonly Sample[]; readonly trend: Trend | undefined },
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Plot[] {
  const { samples, trend } = past;
  const lengthMs = toMs - fromMs;
  const fromPoints = (points: readonly TrendPoint[], spanMs: number): readonly Plot[] =>
    withGaps(
      pointPlots(figure, points).filter(({ atMs }) => atMs >= fromMs - spanMs && atMs <= toMs),
      points,
      spanMs,
    ).map(({ atMs, value }) => ({
      atMs: Math.max(fromMs, Math.min(toMs, atMs + spanMs / 2)),
      value,
    }));
  if (lengthMs > 24 * coarseMs) {
    const lastHourMs = trend?.coarse.at(-1)?.atMs ?? 0;
    const rest = (trend?.fine ?? []).filter(({ atMs }) => atMs >= lastHourMs + coarseMs);
    return [...fromPoints(trend?.coarse ?? [], coarseMs), ...fromPoints(rest, fineMs)];
  }
  const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const ringFromMs = within[0]?.atMs ?? toMs;
  if (lengthMs > 2 * coarseMs) return fromPoints(trend?.fine ?? [], fineMs);
  const earlier = (trend?.fine ?? []).filter(({ atMs }) => atMs + fineMs <= ringFromMs);
  const spanMs = Math.max(lengthMs / plotsMax, 10_000);
  return [
    ...fromPoints(earlier, fineMs),
    ...samplePlots(figure, within, Math.max(fromMs, ringFromMs), toMs, spanMs),
  ];
}

/** A value for each span of the samples: NaN where none of them was a reading. */
function samplePlots(
  figure: ChartFigure,
  samples: readonly Sample[],
  fromMs: number,
  toMs: number,
  spanMs: number,
): readonly Plot[] {
  const plots: Plot[] = [];
  let before: Reading | undefined;
  for (let atMs = fromMs; atMs < toMs; atMs += spanMs) {
    const span = samples.filter((sample) => sample.atMs >= atMs && sample.atMs < atMs + spanMs);
    const readings = span.filter((sample): sample is Reading => sample.kind === 'reading');
    const value = valueOf(figure, before === undefined ? readings : [before, ...readings]);
    before = readings.at(-1) ?? before;
    const middleMs = Math.min(toMs, atMs + spanMs / 2);
    if (span.length > 0 && readings.length === 0) plots.push({ atMs: middleMs, value: Number.NaN });
    else if (readings.length > 0 && value !== undefined) plots.push({ atMs: middleMs, value });
  }
  return plots;
}

function valueOf(figure: ChartFigure, readings: readonly Reading[]): number | undefined {
  switch (figure.kind) {
    case 'level': {
      const values = readings.slice(-Math.max(1, readings.length - 1)).flatMap((reading) => {
        const value = figure.metric === 'took_ms' ? reading.tookMs : reading.metrics[figure.metric];
        return value === undefined ? [] : [value];
      });
      return values.length === 0 ? undefined : mean(values);
    }
    case 'mean': {
      const growth = growthOver(figure.summary, readings);
      return growth === undefined || growth.count === 0 ? undefined : growth.mean;
    }
    case 'rate':
    case 'share': {
      const grown =
        figure.metric === 'zxid' ? writesOver(readings) : riseOver(figure.metric, readings);
      if (grown === undefined || grown.overMs <= 0) return undefined;
      return (grown.rise * (figure.kind === 'rate' ? 1000 : 100)) / grown.overMs;
    }
  }
}

function writesOver(
  readings: readonly Reading[],
): { readonly rise: number; readonly overMs: number } | undefined {
  let [rise, overMs] = [0, 0];
  for (const [index, to] of readings.slice(1).entries()) {
    const from = readings[index];
    const step = from === undefined ? undefined : transactionsBetween(from, to);
    if (from === undefined || step === undefined) continue;
    rise += Number(step);
    overMs += to.atMs - from.atMs;
  }
  return overMs === 0 ? undefined : { rise, overMs };
}

function pointPlots(figure: ChartFigure, points: readonly TrendPoint[]): readonly Plot[] {
  switch (figure.kind) {
    case 'level':
      return levelsOf(points, figure.metric).map(({ atMs, mean: value }) => ({ atMs, value }));
    case 'mean':
      return meansOf(points, figure.summary).map(({ atMs, mean: value }) => ({ atMs, value }));
    case 'rate':
      return risesOf(points, figure.metric).map(({ atMs, perSecond: value }) => ({ atMs, value }));
    case 'share':
      return risesOf(points, figure.metric).map(({ atMs, perSecond }) => ({
        atMs,
        value: perSecond / 10,
      }));
  }
}

/** A point is absent where nothing was seen: there the line breaks. */
function withGaps(
  plots: readonly Plot[],
  points: readonly TrendPoint[],
  spanMs: number,
): readonly Plot[] {
  const seen = new Set(points.map(({ atMs }) => atMs));
  return plots.flatMap((plot, index) => {
    const last = plots[index - 1];
    const isBlind =
      last !== undefined &&
      plot.atMs - last.atMs > spanMs &&
      Array.from(
        { length: Math.round((plot.atMs - last.atMs) / spanMs) - 1 },
        (_, step) => last.atMs + (step + 1) * spanMs,
      ).some((atMs) => !seen.has(atMs));
    return isBlind ? [{ atMs: plot.atMs - spanMs / 2, value: Number.NaN }, plot] : [plot];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
