import { fell } from './delta.ts';
import type { ServerId } from './ensemble.ts';
import { type Reading, zxidOf } from './sample.ts';

/**
 * The figures of a server that are kept for two weeks, by `mntr` key; `took_ms` is how long its probe took, `zxid` the transactions
 * it saw. A `level` goes up and down and keeps its least, mean and most of each span; a `counter` only grows and keeps by how much.
 * Points store them by their place here: add at the end, never move or remove.
 */
export const trendMetrics: readonly {
  readonly name: string;
  readonly kind: 'level' | 'counter';
}[] = [
  { name: 'took_ms', kind: 'level' },
  { name: 'num_alive_connections', kind: 'level' },
  { name: 'outstanding_requests', kind: 'level' },
  { name: 'znode_count', kind: 'level' },
  { name: 'watch_count', kind: 'level' },
  { name: 'ephemerals_count', kind: 'level' },
  { name: 'approximate_data_size', kind: 'level' },
  { name: 'open_file_descriptor_count', kind: 'level' },
  { name: 'global_sessions', kind: 'level' },
  { name: 'pending_syncs', kind: 'level' },
  { name: 'zxid', kind: 'counter' },
  { name: 'packets_received', kind: 'counter' },
  { name: 'packets_sent', kind: 'counter' },
  { name: 'cnt_updatelatency', kind: 'counter' },
  { name: 'sum_updatelatency', kind: 'counter' },
  { name: 'cnt_readlatency', kind: 'counter' },
  { name: 'sum_readlatency', kind: 'counter' },
  { name: 'cnt_fsynctime', kind: 'counter' },
  { name: 'sum_fsynctime', kind: 'counter' },
  { name: 'sum_jvm_pause_time_ms', kind: 'counter' },
  { name: 'stale_sessions_expired', kind: 'counter' },
  { name: 'connection_rejected', kind: 'counter' },
  { name: 'snap_count', kind: 'counter' },
  { name: 'diff_count', kind: 'counter' },
  { name: 'looking_count', kind: 'counter' },
  { name: 'cnt_propagation_latency', kind: 'counter' },
  { name: 'sum_propagation_latency', kind: 'counter' },
];

/** A day of five minutes, and two weeks of hours. */
export const fineMs = 300_000;
export const finePointsMax = 288;
export const coarseMs = 3_600_000;
export const coarsePointsMax = 336;

/** Gauges of a server beyond `trendMetrics` that a point keeps; those beyond are left out. */
export const gaugesMax = 16;

/** Counters of two readings farther apart are not compared: nobody knows in which span they grew. */
export const stepMsMax = 15 * 60_000;

/** Least, mean and most of a span. */
export type Spread = readonly [least: number, mean: number, most: number];

/** What the figures of a server were during one span. */
export interface TrendPoint {
  /** When the span began: a multiple of its length. */
  readonly atMs: number;
  /** Readings it was made from. */
  readonly looks: number;
  /** The time between readings over which the counters were compared. */
  readonly overMs: number;
  /** In the order of `trendMetrics`: three numbers for each level, one for each counter. NaN where nothing was seen. */
  readonly values: readonly number[];
  /** Figures under names of their own (`EnsembleView.gauges`), as levels. */
  readonly gauges: Readonly<Record<string, Spread>>;
}

/** The past of a server in fine and in coarse points, oldest first. The last of each may still grow; blind spans are absent. */
export interface Trend {
  readonly fine: readonly TrendPoint[];
  readonly coarse: readonly TrendPoint[];
}

/** The past of each server of an ensemble. */
export type Trends = Readonly<Record<ServerId, Trend>>;

/** The points of a server that still grow. */
export interface OpenTrend {
  readonly fine?: TrendPoint;
  /** Holds the fine points of its hour that are complete. */
  readonly coarse?: TrendPoint;
}

/** Where the numbers of a metric begin in a point. */
const places: ReadonlyMap<string, number> = new Map(
  trendMetrics.map(({ name }, index) => [
    name,
    trendMetrics.slice(0, index).reduce((sum, { kind }) => sum + widthOf(kind), 0),
  ]),
);

/** Numbers in a point. */
export const trendWidth = trendMetrics.reduce((sum, { kind }) => sum + widthOf(kind), 0);

function widthOf(kind: 'level' | 'counter'): number {
  return kind === 'level' ? 3 : 1;
}

/** Adds a reading to the points that still grow. `before` is the reading before it, `gauges` are figures from elsewhere. */
export function growTrend(
  open: OpenTrend,
  now: Reading,
  before: Reading | undefined,
  gauges: Readonly<Record<string, number>> = {},
): OpenTrend {
  const added = pointOf(now, before, gauges);
  const { fine, coarse } = open;
  if (fine === undefined) return { ...open, fine: added };
  if (fine.atMs === added.atMs) return { ...open, fine: mergePoints(fine, added) };
  const hour = { ...fine, atMs: fine.atMs - (fine.atMs % coarseMs) };
  return {
    fine: added,
    coarse: coarse?.atMs === hour.atMs ? mergePoints(coarse, hour) : hour,
  };
}

/** The past with the points that still grow at its end. */
export function withOpen(trend: Trend, { fine, coarse }: OpenTrend): Trend {
  return {
    fine: endWith(trend.fine, fine).slice(-finePointsMax),
    coarse: endWith(trend.coarse, coarse).slice(-coarsePointsMax),
  };
}

function endWith(
  points: readonly TrendPoint[],
  last: TrendPoint | undefined,
): readonly TrendPoint[] {
  return last === undefined ? points : [...points.filter(({ atMs }) => atMs < last.atMs), last];
}

/** A point of one reading. */
function pointOf(
  now: Reading,
  before: Reading | undefined,
  gauges: Readonly<Record<string, number>>,
): TrendPoint {
  const from = before !== undefined && comparable(before, now) ? before : undefined;
  const values = trendMetrics.flatMap(({ name, kind }) => {
    if (kind === 'counter') return [from === undefined ? Number.NaN : riseOf(name, from, now)];
    const value = levelOf(name, now);
    return [value, value, value];
  });
  return {
    atMs: now.atMs - (now.atMs % fineMs),
    looks: 1,
    overMs: from === undefined ? 0 : now.atMs - from.atMs,
    values,
    gauges: Object.fromEntries(
      Object.entries(gauges)
        .filter(([, value]) => Number.isFinite(value))
        .slice(0, gaugesMax)
        .map(([name, value]) => [name, [value, value, value]] as const),
    ),
  };
}

/** Whether counters may be compared: a role begun anew begins them anew. */
function comparable(before: Reading, now: Reading): boolean {
  const stepMs = now.atMs - before.atMs;
  return stepMs > 0 && stepMs <= stepMsMax && !fell('uptime', before, now);
}

function levelOf(name: string, { metrics, tookMs }: Reading): number {
  const value = name === 'took_ms' ? tookMs : metrics[name];
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

function riseOf(name: string, before: Reading, now: Reading): number {
  if (name === 'zxid') return Number(transactionsBetween(before, now) ?? Number.NaN);
  const rise = (now.metrics[name] ?? Number.NaN) - (before.metrics[name] ?? Number.NaN);
  return rise >= 0 && Number.isFinite(rise) ? rise : Number.NaN;
}

/** Transactions from one reading to a later one; undefined across an election, which begins to count anew. */
export function transactionsBetween(before: Reading, now: Reading): bigint | undefined {
  const [from, to] = [zxidOf(before), zxidOf(now)];
  if (from === undefined || to === undefined) return undefined;
  return to < from || to >> 32n !== from >> 32n ? undefined : to - from;
}

/** Two spans as one. `a` says where it begins. */
function mergePoints(a: TrendPoint, b: TrendPoint): TrendPoint {
  const weights = { a: a.looks, b: b.looks };
  const values = trendMetrics.flatMap(({ name, kind }) => {
    const place = places.get(name) ?? 0;
    if (kind === 'counter') return [sum(a.values[place], b.values[place])];
    return spreadOver(spreadAt(a, place), spreadAt(b, place), weights);
  });
  const names = [...new Set([...Object.keys(a.gauges), ...Object.keys(b.gauges)])];
  return {
    atMs: a.atMs,
    looks: a.looks + b.looks,
    overMs: a.overMs + b.overMs,
    values,
    gauges: Object.fromEntries(
      names
        .slice(0, gaugesMax)
        .map((name) => [name, spreadOver(a.gauges[name], b.gauges[name], weights)] as const),
    ),
  };
}

const unseen: Spread = [Number.NaN, Number.NaN, Number.NaN];

function spreadAt({ values }: TrendPoint, place: number): Spread {
  return [
    values[place] ?? Number.NaN,
    values[place + 1] ?? Number.NaN,
    values[place + 2] ?? Number.NaN,
  ];
}

function spreadOver(
  a: Spread = unseen,
  b: Spread = unseen,
  weights: { readonly a: number; readonly b: number },
): Spread {
  if (Number.isNaN(a[1])) return b;
  if (Number.isNaN(b[1])) return a;
  const mean = (a[1] * weights.a + b[1] * weights.b) / (weights.a + weights.b);
  return [Math.min(a[0], b[0]), mean, Math.max(a[2], b[2])];
}

function sum(a = Number.NaN, b = Number.NaN): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + b;
}

/** A level during one span. */
export interface Level {
  readonly atMs: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

/** A level over time, oldest first, spans without it left out: a metric of `trendMetrics` or a gauge by its own name. */
export function levelsOf(points: readonly TrendPoint[], name: string): readonly Level[] {
  const place = places.get(name);
  return points.flatMap((point) => {
    const [least, mean, most] =
      place === undefined ? (point.gauges[name] ?? unseen) : spreadAt(point, place);
    return Number.isNaN(mean) ? [] : [{ atMs: point.atMs, least, mean, most }];
  });
}

/** What a counter grew by during one span, and how fast. */
export interface Rise {
  readonly atMs: number;
  readonly rise: number;
  readonly perSecond: number;
}

/** A counter over time, oldest first, spans in which no two readings could be compared left out. */
export function risesOf(points: readonly TrendPoint[], name: string): readonly Rise[] {
  const place = places.get(name);
  if (place === undefined) return [];
  return points.flatMap(({ atMs, overMs, values }) => {
    const rise = values[place] ?? Number.NaN;
    if (Number.isNaN(rise) || overMs <= 0) return [];
    return [{ atMs, rise, perSecond: (rise * 1000) / overMs }];
  });
}

/** The mean of a summary (`sum_<name>` / `cnt_<name>`) during each span, spans that counted nothing left out. */
export function meansOf(
  points: readonly TrendPoint[],
  name: string,
): readonly { readonly atMs: number; readonly mean: number; readonly count: number }[] {
  const sums = new Map(risesOf(points, `sum_${name}`).map(({ atMs, rise }) => [atMs, rise]));
  return risesOf(points, `cnt_${name}`).flatMap(({ atMs, rise: count }) => {
    const total = sums.get(atMs);
    return total === undefined || count === 0 ? [] : [{ atMs, mean: total / count, count }];
  });
}
