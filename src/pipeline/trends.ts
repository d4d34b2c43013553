import type { Ensemble, EnsembleId, ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Reading } from '../model/sample.ts';
import { fineMs, growTrend, type OpenTrend, type Trends, withOpen } from '../model/trend.ts';
import type { House } from './house.ts';

/** The past of two weeks is read at most this often for one ensemble: it is large, and changes every five minutes. */
export const trendsReadMs = 60_000;

/** Gives views their long past. */
export interface TrendReader {
  of(ensemble: Ensemble): Promise<Trends>;
}

export function createTrendReader(
  house: Pick<House, 'ensembles' | 'clock' | 'settings'>,
): TrendReader {
  const known = new Map<EnsembleId, { readonly atMs: number; readonly trends: Trends }>();
  return {
    async of({ id, servers }) {
      const nowMs = house.clock.now();
      const last = known.get(id);
      const isFresh =
        last !== undefined &&
        servers.every((server) => last.trends[server.id] !== undefined) &&
        (nowMs - last.atMs < trendsReadMs || spanOf(nowMs) === spanOf(last.atMs));
      if (isFresh) return last.trends;
      const trends = await house.ensembles.trends(
        id,
        servers.map((server) => server.id),
      );
      known.set(id, { atMs: nowMs, trends });
      forget(known, house.settings().ensembles);
      return trends;
    },
  };
}

function spanOf(atMs: number): number {
  return Math.floor(atMs / fineMs);
}

/** An ensemble that left the configuration leaves nothing behind. */
function forget(
  known: Map<EnsembleId, unknown>,
  ensembles: readonly { readonly id: EnsembleId }[],
): void {
  for (const id of known.keys()) if (!ensembles.some((each) => each.id === id)) known.delete(id);
}

/** The past as it was read, with the points that grew meanwhile. */
export function freshTrends(trends: Trends, points: Readonly<Record<ServerId, OpenTrend>>): Trends {
  return Object.fromEntries(
    Object.entries(trends).map(([server, trend]) => [
      server,
      withOpen(trend, points[server] ?? {}),
    ]),
  );
}

/** The points of a look with its readings added; servers that said nothing are left out. */
export function grownPoints(
  view: EnsembleView,
  points: Readonly<Record<ServerId, OpenTrend>>,
): Readonly<Record<ServerId, OpenTrend>> {
  return Object.fromEntries(
    Object.values(view.samples).flatMap((sample) => {
      if (sample.kind !== 'reading') return [];
      const { server } = sample;
      const before = (view.history[server] ?? []).findLast(
        (each): each is Reading => each.kind === 'reading',
      );
      const grown = growTrend(points[server] ?? {}, sample, before, view.gauges?.[server]);
      return [[server, grown] as const];
    }),
  );
}
