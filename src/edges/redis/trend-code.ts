import { type Spread, type TrendPoint, trendWidth } from '../../model/trend.ts';

/**
 * Points as their lists hold them: a JSON list of about 200 bytes (ZooKeeper 3.8, some load), 30 more for each gauge. A server has
 * 288 + 336 points: about 125 kB.
 *
 *   [atMs, looks, overMs, {gauge: [least, mean, most], …} or 0, values…]
 *
 * Values stand at their place; null stands for what was not seen. Three digits after the point are kept.
 */
export function encodePoint({ atMs, looks, overMs, values, gauges }: TrendPoint): string {
  const named = Object.entries(gauges).map(([name, spread]) => [name, spread.map(short)] as const);
  return JSON.stringify([
    atMs,
    looks,
    overMs,
    named.length === 0 ? 0 : Object.fromEntries(named),
    ...values.map(short),
  ]);
}

/** JSON writes NaN as null. */
function short(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Reads a point back. Undefined when it is not readable: one span less blinds nobody. */
export function decodePoint(text: string): TrendPoint | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const [atMs, looks, overMs, gauges, ...values] = list as readonly unknown[];
  if (typeof atMs !== 'number' || typeof looks !== 'number' || typeof overMs !== 'number')
    return undefined;
  return {
    atMs,
    looks,
    overMs,
    values: Array.from({ length: trendWidth }, (_, place) => numberOf(values[place])),
    gauges: gaugesOf(gauges),
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function gaugesOf(value: unknown): Readonly<Record<string, Spread>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, spread]) => {
      if (!Array.isArray(spread)) return [];
      const [least, mean, most] = (spread as readonly unknown[]).map(numberOf);
      return least === undefined || mean === undefined || most === undefined
        ? []
        : [[name, [least, mean, most]] as const];
    }),
  );
}
