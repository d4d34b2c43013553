import { readingsWithin } from '../../../model/delta.ts';
import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { Reading } from '../../../model/sample.ts';

/** By how much counters of a server grew lately. */
export interface Grown {
  readonly by: number;
  readonly overMs: number;
  /** Steps between two readings in which any of them grew. */
  readonly steps: number;
}

/**
 * How much counters grew together over the last `windowMs`. A value that falls began anew (`srst`, a restart), and that step is left
 * out. Undefined where no two readings can be compared or none has any of the counters.
 */
export function grownLately(
  view: EnsembleView,
  server: ServerId,
  names: readonly string[],
  windowMs: number,
): Grown | undefined {
  const now = view.samples[server];
  if (now?.kind !== 'reading') return undefined;
  const readings = readingsWithin(view.history[server] ?? [], now, windowMs);
  const steps = readings.slice(1).flatMap((to, index) => {
    const from = readings[index];
    const rises = names.flatMap((name) =>
      from === undefined ? [] : (riseOf(name, from, to) ?? []),
    );
    return from === undefined || rises.length === 0
      ? []
      : [{ by: rises.reduce((sum, rise) => sum + rise, 0), ms: to.atMs - from.atMs }];
  });
  if (steps.length === 0) return undefined;
  return {
    by: steps.reduce((sum, { by }) => sum + by, 0),
    overMs: steps.reduce((sum, { ms }) => sum + ms, 0),
    steps: steps.filter(({ by }) => by > 0).length,
  };
}

function riseOf(name: string, from: Reading, to: Reading): number | undefined {
  const [before, after] = [from.metrics[name], to.metrics[name]];
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}
