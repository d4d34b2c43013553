import type { Detector } from '../../model/finding.ts';
import { middleOf } from './signs/latest.ts';
import { lately } from './signs/looks.ts';
import { metricDetector } from './signs/metric-detector.ts';

/** More than 10 calls of sync() waiting over five minutes: the Zabbix template. */
const thresholds = { holdMs: 5 * 60_000, windowMs: 30_000, warn: 10 };

/** sync() and with it every linearised read waits at the leader, for a follower that lags. */
export const pendingSyncs: Detector = metricDetector({
  name: 'pending-syncs',
  severity: 'warn',
  thresholds,
  judge: (scene) => {
    const { leader } = scene.census.standing;
    const readings =
      leader === undefined ? [] : lately(scene.view, leader, scene.limit('windowMs'));
    const waiting = middleOf('pending_syncs', readings);
    const fires = waiting !== undefined && waiting > scene.mark('warn');
    return [
      {
        verdict: waiting === undefined ? 'unknown' : fires ? 'firing' : 'clear',
        facts: {
          server: leader ?? '',
          waiting: Math.round(waiting ?? 0),
          limit: scene.limit('warn'),
        },
        evidence: fires ? [`${leader}: pending_syncs ${Math.round(waiting)}`] : [],
      },
    ];
  },
});
