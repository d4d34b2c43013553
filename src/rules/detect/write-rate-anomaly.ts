import { sameHourBaseline } from '../../model/baseline.ts';
import type { Detector } from '../../model/finding.ts';
import { busiestClient, busiestLine } from './signs/busiest.ts';
import { metricDetector } from './signs/metric-detector.ts';
import { growingMost } from './signs/tree.ts';
import { writeRates, writesPerSecond } from './signs/write-rate.ts';

/** Five times what is usual at this hour, over five minutes. [guess] Fewer than 50 writes a second trouble nobody. [guess] */
const thresholds = {
  holdMs: 10 * 60_000,
  windowMs: 5 * 60_000,
  times: 5,
  perSecondMin: 50,
};

/** Somebody writes much more than on the days before at this hour. */
export const writeRateAnomaly: Detector = metricDetector({
  name: 'write-rate-anomaly',
  severity: 'info',
  thresholds,
  judge: (scene) => {
    const { view } = scene;
    const rate = writesPerSecond(view, scene.limit('windowMs'));
    const usual = sameHourBaseline(
      writeRates(view, 'coarse').map(({ atMs, perSecond }) => ({ atMs, value: perSecond })),
      view.atMs,
    );
    const isKnown = rate !== undefined && usual !== undefined;
    const fires =
      isKnown && rate >= scene.limit('perSecondMin') && rate > scene.mark('times') * usual.median;
    const busiest = fires ? busiestClient(view) : undefined;
    const growing = fires ? growingMost(view) : undefined;
    return [
      {
        verdict: !isKnown ? 'unknown' : fires ? 'firing' : 'clear',
        facts: {
          perSecond: Math.round(rate ?? 0),
          usual: Math.round((usual?.median ?? 0) * 10) / 10,
          days: usual?.days ?? 0,
          address: busiest?.address ?? '',
          path: growing?.path ?? '',
        },
        evidence:
          fires && usual !== undefined
            ? [
                `${Math.round(rate)} transactions a second over ${scene.limit('windowMs') / 1000} s; ${Math.round(usual.median)} at this hour on ${usual.days} days`,
                ...busiestLine(busiest),
              ]
            : [],
      },
    ];
  },
});
