import type { Detector } from '../../model/finding.ts';
import { figuresOf } from './signs/latest.ts';
import { metricDetector } from './signs/metric-detector.ts';

/** One server with more than twice the mean, of more than a hundred connections. [guess] */
const thresholds = { holdMs: 30 * 60_000, times: 2, connectionsMin: 100 };

/** One server carries far more clients than the others: its loss would hurt more, and it is slower meanwhile. */
export const connectionImbalance: Detector = metricDetector({
  name: 'connection-imbalance',
  severity: 'info',
  thresholds,
  judge: (scene) => {
    const figures = figuresOf(scene.view, 'num_alive_connections');
    const total = figures.reduce((sum, { value }) => sum + value, 0);
    const mean = figures.length === 0 ? 0 : total / figures.length;
    const most = figures[0];
    // Of a part of the servers nothing can be said: the others may be full.
    const isWhole = figures.length >= 2 && figures.length === scene.view.ensemble.servers.length;
    const fires =
      isWhole &&
      total > scene.limit('connectionsMin') &&
      (most?.value ?? 0) > mean * scene.mark('times');
    return [
      {
        verdict: !isWhole ? 'unknown' : fires ? 'firing' : 'clear',
        facts: {
          server: most?.server ?? '',
          connections: most?.value ?? 0,
          total,
          mean: Math.round(mean),
          emptiest: figures.at(-1)?.server ?? '',
        },
        evidence: fires
          ? figures.map(({ server, value }) => `${server}: ${value} connections`)
          : [],
      },
    ];
  },
});
