import type { Detector } from '../../model/finding.ts';
import type { Recreated } from '../../model/tree.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';

/** Created again three times within ten minutes, and that for ten minutes. [guess] */
const thresholds = { holdMs: 10 * 60_000, windowMs: 10 * 60_000, recreations: 3 };

/** What was seen longer ago says nothing of now: a crawl looks every 20 s. */
const seenMsMax = 5 * 60_000;

/** Paths named on a card. */
const pathsMax = 5;

/** An ephemeral znode comes and goes: whoever registers there loses its session again and again, or restarts in a loop. */
export const ephemeralFlapping: Detector = ofEnsemble({
  name: 'ephemeral-flapping',
  severity: 'warn',
  thresholds,
  judge: (view, limit) => {
    const seen = view.tree?.recreated;
    if (seen === undefined || seen.atMs < view.atMs - seenMsMax) return unknown;
    const sinceMs = view.atMs - limit('windowMs');
    const flapping = seen.paths
      .map((path) => ({ ...path, times: timesSince(path, sinceMs) }))
      .filter(({ times }) => times >= limit('recreations'))
      .toSorted((a, b) => b.times - a.times);
    const addresses = [...new Set(flapping.flatMap(({ address }) => address ?? []))];
    const worst = flapping[0];
    return {
      verdict: worst === undefined ? 'clear' : 'firing',
      facts: {
        paths: flapping.slice(0, pathsMax).map(({ path }) => path),
        count: flapping.length,
        times: worst?.times ?? 0,
        owner: worst?.owner ?? '',
        addresses: addresses.slice(0, pathsMax),
        at: worst?.server ?? '',
        windowMs: limit('windowMs'),
      },
      evidence: flapping
        .slice(0, pathsMax)
        .map(
          ({ path, times, owner, address }) =>
            `${path}: created again ${times} times in ${limit('windowMs') / 60_000} min, now by ${owner}${address === undefined ? '' : ` from ${address}`}`,
        ),
    };
  },
});

/** The first creation that was seen may have been the first one there was. */
function timesSince({ createdMs }: Recreated, sinceMs: number): number {
  const lately = createdMs.filter((atMs) => atMs >= sinceMs).length;
  return lately === createdMs.length ? Math.max(0, lately - 1) : lately;
}
