import type { EnsembleView } from '../../../model/finding.ts';
import type { Reading } from '../../../model/sample.ts';
import { type Rise, risesOf, type TrendPoint, transactionsBetween } from '../../../model/trend.ts';
import { lately } from './looks.ts';

/**
 * Transactions a second over the readings of the last `windowMs`, by the server that saw most of them: all see the same, one that lags
 * sees fewer. Undefined with less than half of the window to go by.
 */
export function writesPerSecond(view: EnsembleView, windowMs: number): number | undefined {
  const rates = view.ensemble.servers.flatMap(({ id }) => {
    const { writes, overMs } = writesOver(lately(view, id, windowMs));
    return overMs < windowMs / 2 ? [] : [(1000 * writes) / overMs];
  });
  return rates.length === 0 ? undefined : Math.max(...rates);
}

function writesOver(readings: readonly Reading[]): {
  readonly writes: number;
  readonly overMs: number;
} {
  let [writes, overMs] = [0, 0];
  for (const [index, to] of readings.slice(1).entries()) {
    const from = readings[index];
    const step = from === undefined ? undefined : transactionsBetween(from, to);
    if (from === undefined || step === undefined) continue;
    writes += Number(step);
    overMs += to.atMs - from.atMs;
  }
  return { writes, overMs };
}

/** The rate of writes of each span of the past: of the servers that one that saw most. */
export function writeRates(
  view: EnsembleView,
  resolution: 'fine' | 'coarse',
): readonly Pick<Rise, 'atMs' | 'perSecond'>[] {
  const spans = new Map<number, number>();
  for (const { id } of view.ensemble.servers) {
    const points: readonly TrendPoint[] = view.trends?.[id]?.[resolution] ?? [];
    for (const { atMs, perSecond } of risesOf(points, 'zxid'))
      spans.set(atMs, Math.max(perSecond, spans.get(atMs) ?? 0));
  }
  return [...spans].sort(([a], [b]) => a - b).map(([atMs, perSecond]) => ({ atMs, perSecond }));
}
