import { growthOver, riseOver } from '../../model/delta.ts';
import type { ServerId } from '../../model/ensemble.ts';
import type { Detector } from '../../model/finding.ts';
import { answering } from './signs/candidates.ts';
import { lately } from './signs/looks.ts';
import { type Judgement, metricDetector, type Scene } from './signs/metric-detector.ts';

const name = 'fsync-slow';

/**
 * Mean time of a forced write of the transaction log. 1000 ms is ZooKeeper's own `fsync.warningthresholdms`; 100 ms is that of
 * its alert file (100 ms of fsync a second) and of schema.ai. Fewer than three in a minute say nothing.
 */
const thresholds = {
  holdMs: 60_000,
  warnMs: 100,
  pageMs: 1000,
  windowMs: 60_000,
  syncsMin: 3,
};

type Limit = keyof typeof thresholds | 'clearPart';

/**
 * The disk of a server's transaction log is slow. Writes feel it only when so many servers are slow that no quorum is fast, and the
 * averages since the start hardly move: only what was added lately is looked at.
 */
export const fsyncSlow: Detector = metricDetector({
  name,
  severity: 'warn',
  thresholds,
  candidates: answering,
  judge: (scene) => {
    const times = scene.servers.map(({ id }) => measure(scene, id));
    const { voters, quorum } = scene.census.standing;
    const slow = times.filter(({ server, isSlow }) => isSlow && voters.includes(server));
    const stalls = slow.length > voters.length - quorum;
    return times.map((time) => judgementOf(scene, time, stalls));
  },
});

interface SyncTime {
  readonly server: ServerId;
  readonly meanMs: number | undefined;
  readonly count: number;
  /** Syncs over a second that the server counted itself: all there is before 3.6. */
  readonly warned: number;
  readonly isSlow: boolean;
}

function measure(scene: Scene<Limit>, server: ServerId): SyncTime {
  const readings = lately(scene.view, server, scene.limit('windowMs'));
  const growth = growthOver('fsynctime', readings);
  const warned = riseOver('fsync_threshold_exceed_count', readings)?.rise ?? 0;
  const isKnown = growth !== undefined && growth.count >= scene.limit('syncsMin');
  const meanMs = isKnown ? growth.mean : undefined;
  return {
    server,
    meanMs,
    count: growth?.count ?? 0,
    warned,
    isSlow: (meanMs ?? 0) > scene.mark('warnMs', server) || (growth === undefined && warned > 0),
  };
}

function judgementOf(scene: Scene<Limit>, time: SyncTime, stalls: boolean): Judgement {
  const { server, meanMs, count, warned, isSlow } = time;
  const pages = (meanMs ?? 0) > scene.limit('pageMs');
  const isIdle = count < scene.limit('syncsMin') && isQuiet(scene, server);
  return {
    server,
    verdict: isSlow ? 'firing' : meanMs !== undefined || isIdle ? 'clear' : 'unknown',
    severity: pages ? 'page' : 'warn',
    facts: {
      syncMs: Math.round(meanMs ?? 0),
      limitMs: scene.limit(pages ? 'pageMs' : 'warnMs'),
      warned,
      stalls,
    },
    evidence: isSlow
      ? [
          meanMs === undefined
            ? `${server}: ${warned} syncs over fsync.warningthresholdms in the last ${scene.limit('windowMs') / 1000} s`
            : `${server}: ${count} fsyncs in the last ${scene.limit('windowMs') / 1000} s, mean ${Math.round(meanMs)} ms`,
        ]
      : [],
  };
}

/** Nothing was written: a disk that nobody uses is not slow. Few syncs with requests waiting may be few because they are slow. */
function isQuiet(scene: Scene<Limit>, server: ServerId): boolean {
  const readings = lately(scene.view, server, scene.limit('windowMs'));
  const isMeasured = growthOver('fsynctime', readings) !== undefined;
  return isMeasured && readings.at(-1)?.metrics['outstanding_requests'] === 0;
}
