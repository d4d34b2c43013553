import { riseOver } from '../../model/delta.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { risesOf } from '../../model/trend.ts';
import { readingsOf } from './signs/latest.ts';
import { lately } from './signs/looks.ts';
import { metricDetector } from './signs/metric-detector.ts';

/**
 * Three whole snapshots sent within an hour, and one more for each further server that joined: all of them once is what a new leader or
 * a round of restarts brings. [guess] A follower less than `commitLogCount` (500) behind gets the difference only.
 */
const thresholds = { holdMs: 0, snapshots: 3, windowMs: 3_600_000 };

/** The leader sends whole snapshots again and again: servers that join are too far behind, and the network is full meanwhile. */
export const snapshotSyncStorm: Detector = metricDetector({
  name: 'snapshot-sync-storm',
  severity: 'info',
  thresholds,
  judge: (scene) => {
    const { leader } = scene.census.standing;
    const sent =
      leader === undefined ? undefined : sentSince(scene.view, leader, scene.limit('windowMs'));
    const joined = joinedSince(scene.view, scene.limit('windowMs'), leader);
    const needed = scene.limit('snapshots') + Math.max(0, joined.length - 1);
    const fires = sent !== undefined && sent >= needed;
    return [
      {
        verdict: sent === undefined ? 'unknown' : fires ? 'firing' : 'clear',
        conclusive: true,
        facts: { snapshots: sent ?? 0, server: leader ?? '', servers: joined },
        evidence: fires
          ? [
              `${leader}: snap_count +${sent} in ${Math.round(scene.limit('windowMs') / 60_000)} min`,
              ...joined.map((server) => `${server}: began its role within that time`),
            ]
          : [],
      },
    ];
  },
});

/** By what was counted in the points of the window, and since the last of them. */
function sentSince(view: EnsembleView, leader: string, windowMs: number): number | undefined {
  const points = (view.trends?.[leader]?.fine ?? []).filter(
    ({ atMs }) => atMs >= view.atMs - windowMs,
  );
  const counted = risesOf(points, 'snap_count').reduce((sum, { rise }) => sum + rise, 0);
  // The points end with the look before this one.
  const sinceLast = riseOver('snap_count', lately(view, leader, windowMs).slice(-2))?.rise;
  return sinceLast === undefined ? undefined : counted + sinceLast;
}

/** Servers, the leader aside, whose role began within the window. */
function joinedSince(
  view: EnsembleView,
  windowMs: number,
  leader: string | undefined,
): readonly string[] {
  return readingsOf(view)
    .filter(
      ({ server, metrics }) => server !== leader && (metrics['uptime'] ?? Infinity) < windowMs,
    )
    .map(({ server }) => server);
}
