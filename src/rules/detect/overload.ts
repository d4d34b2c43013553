import { riseOver } from '../../model/delta.ts';
import type { ServerId } from '../../model/ensemble.ts';
import type { Detector } from '../../model/finding.ts';
import { busiestClient } from './signs/busiest.ts';
import { middleOf } from './signs/latest.ts';
import { lately } from './signs/looks.ts';
import { metricDetector, type Scene } from './signs/metric-detector.ts';

const name = 'overload';

/**
 * Requests a server has taken and not answered. 10 over five minutes: the Zabbix template and Strimzi's rules. ZooKeeper throttles at
 * `globalOutstandingLimit` (1000) divided by the other servers: the figure sticks there (503 to 576 with three), so pages come at 90 %.
 */
const thresholds = {
  holdMs: 5 * 60_000,
  pageHoldMs: 60_000,
  windowMs: 30_000,
  warn: 10,
  outstandingLimit: 1000,
  pagePercent: 90,
};

type Limit = keyof typeof thresholds | 'clearPart';

/** Clients send more than the servers can work off: requests wait, everywhere. */
export const overload: Detector = metricDetector({
  name,
  severity: 'warn',
  thresholds,
  hold: (scene) =>
    scene.limit(queuesOf(scene).some(({ pages }) => pages) ? 'pageHoldMs' : 'holdMs'),
  judge: (scene) => {
    const queues = queuesOf(scene);
    const full = queues.filter(({ waiting }) => waiting > scene.mark('warn'));
    const worst = full[0];
    const pages = full.some((queue) => queue.pages);
    return [
      {
        verdict: worst !== undefined ? 'firing' : queues.length === 0 ? 'unknown' : 'clear',
        severity: pages ? 'page' : 'warn',
        facts: {
          servers: full.map(({ server }) => server).toSorted(),
          worst: worst?.server ?? '',
          waiting: Math.round(worst?.waiting ?? 0),
          limit: pages ? pageMark(scene) : scene.limit('warn'),
          throttled: full.some(({ throttled }) => throttled > 0),
          address:
            busiestClient(
              scene.view,
              full.map(({ server }) => server),
            )?.address ?? '',
        },
        evidence: full.map(
          ({ server, waiting, throttled }) =>
            `${server}: ${Math.round(waiting)} requests outstanding over ${scene.limit('windowMs') / 1000} s${throttled > 0 ? `, ${throttled} requests throttled` : ''}`,
        ),
      },
    ];
  },
});

interface Queue {
  readonly server: ServerId;
  readonly waiting: number;
  readonly throttled: number;
  readonly pages: boolean;
}

/** Longest first; servers that do not tell are left out. */
function queuesOf(scene: Scene<Limit>): readonly Queue[] {
  const pageAt = pageMark(scene);
  return scene.view.ensemble.servers
    .flatMap(({ id }) => {
      const readings = lately(scene.view, id, scene.limit('windowMs'));
      const waiting = middleOf('outstanding_requests', readings);
      if (waiting === undefined) return [];
      const throttled =
        (riseOver('request_throttle_wait_count', readings)?.rise ?? 0) +
        (riseOver('throttled_ops', readings)?.rise ?? 0);
      return [{ server: id, waiting, throttled, pages: waiting > pageAt }];
    })
    .sort((a, b) => b.waiting - a.waiting);
}

function pageMark(scene: Scene<Limit>): number {
  const others = Math.max(1, scene.census.standing.voters.length - 1);
  return Math.round(
    ((scene.limit('outstandingLimit') / others) * scene.limit('pagePercent')) / 100,
  );
}
