import { growthOver } from '../../../model/delta.ts';
import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import { meansOf } from '../../../model/trend.ts';
import { lately, looksAt } from './looks.ts';
import { surveyed } from './surveyed.ts';

/** How long transactions take to reach the tree of a server (`propagation_latency`, 3.6 and later), since they were proposed. */
export interface Lateness {
  readonly count: number;
  /** Lately, on average. */
  readonly meanMs: number;
  /** The least mean of a span since this leader leads: the way between the two, and what their clocks differ. */
  readonly usualMs: number;
}

const summary = 'propagation_latency';

/** A mean of fewer is no floor. */
const countMin = 5;

/** Of the looks before the window, as many seconds make one mean: each look alone counts a few transactions. */
const spanMs = 15_000;

/** Undefined where it is not told, and of a server whose clock is known to be off by more than `offMs`: the leader's clock begins it. */
export function latenessOf(
  view: EnsembleView,
  server: ServerId,
  { windowMs, offMs }: { readonly windowMs: number; readonly offMs: number },
): Lateness | undefined {
  const now = growthOver(summary, lately(view, server, windowMs));
  if (now === undefined || isOff(view, server, offMs)) return undefined;
  const known = [...spansBefore(view, server, windowMs), ...pointsOf(view, server, windowMs)]
    .filter(({ count }) => count >= countMin)
    .map(({ mean }) => mean);
  if (known.length === 0) return undefined;
  return { count: now.count, meanMs: now.mean, usualMs: Math.min(...known) };
}

/** A change of the leader changes the way. */
function termBeganMs({ leaderChanges = [] }: EnsembleView): number {
  return leaderChanges.at(-1)?.atMs ?? 0;
}

function spansBefore(view: EnsembleView, server: ServerId, windowMs: number) {
  const sinceMs = termBeganMs(view);
  const readings = looksAt(view, server).flatMap((sample) =>
    sample.kind === 'reading' && sample.atMs >= sinceMs && sample.atMs <= view.atMs - windowMs
      ? [sample]
      : [],
  );
  const spans = new Map<number, (typeof readings)[number][]>();
  for (const reading of readings) {
    const at = Math.floor(reading.atMs / spanMs);
    spans.set(at, [...(spans.get(at) ?? []), reading]);
  }
  return [...spans.values()].flatMap((span) => growthOver(summary, span) ?? []);
}

/** Whole points of the past. */
function pointsOf(view: EnsembleView, server: ServerId, windowMs: number) {
  const points = view.trends?.[server]?.fine ?? [];
  const sinceMs = termBeganMs(view);
  return meansOf(
    points.slice(0, -1).filter(({ atMs }) => atMs >= sinceMs && atMs < view.atMs - windowMs),
    summary,
  );
}

function isOff(view: EnsembleView, server: ServerId, offMs: number): boolean {
  const clock = surveyed(view, server, 'clock');
  return clock !== undefined && Math.abs(clock.skewMs) - clock.errorMs > offMs;
}
