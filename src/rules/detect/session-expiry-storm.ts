import { riseOver } from '../../model/delta.ts';
import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { ownSessionsEnded } from '../../model/own-sessions.ts';
import type { Reading } from '../../model/sample.ts';
import { lately } from './signs/looks.ts';
import { metricDetector } from './signs/metric-detector.ts';

/**
 * Ten sessions and a tenth of all, expired within two minutes. [guess] The leader alone counts them, and counted 25 of 25. The window
 * is longer than the hold, so that a storm that is over at once still pages.
 */
const thresholds = { holdMs: 60_000, windowMs: 2 * 60_000, sessionsMin: 10, percent: 10 };

/**
 * Many sessions of clients expired at once: what they registered (locks, members, leaders) is gone. The bot's own, which it leaves
 * behind when a server is cut off or it is killed itself, are taken off the count.
 */
export const sessionExpiryStorm: Detector = metricDetector({
  name: 'session-expiry-storm',
  severity: 'page',
  thresholds,
  judge: (scene) => {
    const { view } = scene;
    const { leader } = scene.census.standing;
    const readings = leader === undefined ? [] : lately(view, leader, scene.limit('windowMs'));
    const counted = riseOver('stale_sessions_expired', readings)?.rise;
    const own = ownSessionsEnded(view.ownSessions ?? [], readings[0]?.atMs ?? view.atMs, view.atMs);
    const expired = counted === undefined ? undefined : Math.max(0, counted - own);
    const before = mostOf('global_sessions', readings);
    const needed = Math.max(scene.limit('sessionsMin'), (before * scene.limit('percent')) / 100);
    const fires = expired !== undefined && expired >= needed;
    const gone = fires ? goneOf(view, scene.limit('windowMs')) : undefined;
    const emptied = emptiedOf(view, scene.limit('windowMs'));
    return [
      {
        verdict: expired === undefined ? 'unknown' : fires ? 'firing' : 'clear',
        // Counted one by one by the leader.
        conclusive: true,
        facts: {
          expired: expired ?? 0,
          sessions: before,
          sessionsNow: readings.at(-1)?.metrics['global_sessions'] ?? 0,
          ephemerals: Math.max(
            0,
            mostOf('ephemerals_count', readings) -
              (readings.at(-1)?.metrics['ephemerals_count'] ?? 0),
          ),
          server: emptied?.server ?? '',
          address: gone?.address ?? '',
        },
        evidence: fires
          ? [
              `${leader}: stale_sessions_expired +${counted} in ${scene.limit('windowMs') / 1000} s${own === 0 ? '' : ` (up to ${own} of them the bot's own)`}, global_sessions ${before} → ${readings.at(-1)?.metrics['global_sessions'] ?? '?'}`,
              ...(emptied === undefined
                ? []
                : [`${emptied.server}: ${emptied.lost} connections fewer than before`]),
              ...(gone === undefined
                ? []
                : [`${gone.address}: ${gone.connections} connections fewer than before`]),
            ]
          : [],
      },
    ];
  },
});

function mostOf(metric: string, readings: readonly Reading[]): number {
  return Math.max(0, ...readings.map(({ metrics }) => metrics[metric] ?? 0));
}

/** Connections end before their sessions do: by the longest timeout ZooKeeper grants, 20 ticks of 2 s. */
const timeoutMsMax = 40_000;

/** The address that lost most connections lately, if it lost more than half of all that were lost. */
function goneOf(
  view: EnsembleView,
  windowMs: number,
): { readonly address: string; readonly connections: number } | undefined {
  const sinceMs = view.atMs - windowMs - timeoutMsMax;
  const lost = new Map<string, number>();
  for (const { clients } of Object.values(view.surveys ?? {}))
    for (const { address, connections, atMs } of clients?.gone ?? [])
      if (atMs >= sinceMs) lost.set(address, (lost.get(address) ?? 0) + connections);
  const total = [...lost.values()].reduce((sum, count) => sum + count, 0);
  const [most] = [...lost].sort(([, a], [, b]) => b - a);
  if (most === undefined || most[1] * 2 <= total) return undefined;
  return { address: most[0], connections: most[1] };
}

/** The server that lost most connections meanwhile, if it lost more than half of all that were lost. */
function emptiedOf(
  view: EnsembleView,
  windowMs: number,
): { readonly server: ServerId; readonly lost: number } | undefined {
  const losses = view.ensemble.servers
    .map(({ id }) => {
      const readings = lately(view, id, windowMs);
      const now = readings.at(-1)?.metrics['num_alive_connections'] ?? 0;
      return { server: id, lost: Math.max(0, mostOf('num_alive_connections', readings) - now) };
    })
    .sort((a, b) => b.lost - a.lost);
  const total = losses.reduce((sum, { lost }) => sum + lost, 0);
  const [most] = losses;
  return most !== undefined && most.lost * 2 > total ? most : undefined;
}
