import type { EnsembleView } from '../../../model/finding.ts';
import type { Mark } from '../../../model/slope.ts';
import { levelsOf } from '../../../model/trend.ts';

/** The hourly means of a figure that is the same on all servers: of each hour the highest, so that a server that lags is left out. */
export function sharedHours(view: EnsembleView, metric: string): readonly Mark[] {
  return gatherHours(view, metric, (values) => Math.max(...values));
}

/** The hourly sum of a figure over the servers; hours in which one of them was not seen are left out. */
export function summedHours(view: EnsembleView, metric: string): readonly Mark[] {
  const servers = view.ensemble.servers.length;
  return gatherHours(view, metric, (values) =>
    values.length < servers ? Number.NaN : values.reduce((sum, value) => sum + value, 0),
  );
}

function gatherHours(
  view: EnsembleView,
  metric: string,
  gather: (values: readonly number[]) => number,
): readonly Mark[] {
  const hours = new Map<number, number[]>();
  for (const { id } of view.ensemble.servers) {
    for (const { atMs, mean } of levelsOf(view.trends?.[id]?.coarse ?? [], metric))
      hours.set(atMs, [...(hours.get(atMs) ?? []), mean]);
  }
  return [...hours]
    .sort(([a], [b]) => a - b)
    .map(([atMs, values]) => ({ atMs, value: gather(values) }))
    .filter(({ value }) => Number.isFinite(value));
}
