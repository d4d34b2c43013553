import type { Detector, EnsembleView } from '../../model/finding.ts';
import { zxidOf } from '../../model/sample.ts';
import { busiestClient, busiestLine } from './signs/busiest.ts';
import { readingsOf } from './signs/latest.ts';
import { metricDetector } from './signs/metric-detector.ts';
import { writeRates, writesPerSecond } from './signs/write-rate.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A month, a week, six hours. [guess] At 1000 writes a second a counter lasts 49.7 days; the forced election cost 0.5 s. */
const thresholds = {
  holdMs: 10 * 60_000,
  infoMs: 30 * dayMs,
  warnMs: 7 * dayMs,
  pageMs: 6 * hourMs,
  recentMs: 5 * 60_000,
};

/** The counter has 32 bits; at its end the leader steps down and an election starts a new epoch. */
const counterMax = 0xffff_ffffn;

/** The transaction counter of this epoch runs out: an election is coming at a time nobody chose. */
export const zxidRolloverEta: Detector = metricDetector({
  name: 'zxid-rollover-eta',
  severity: 'info',
  thresholds,
  judge: (scene) => {
    const left = transactionsLeft(scene.view);
    const rate = usualRate(scene.view) ?? writesPerSecond(scene.view, scene.limit('recentMs'));
    const isKnown = left !== undefined && rate !== undefined;
    const etaMs = isKnown && rate > 0 ? (1000 * left) / rate : Number.POSITIVE_INFINITY;
    const fires = etaMs < scene.limit('infoMs');
    const severity =
      etaMs < scene.limit('pageMs') ? 'page' : etaMs < scene.limit('warnMs') ? 'warn' : 'info';
    const busiest = fires ? busiestClient(scene.view) : undefined;
    return [
      {
        verdict: !isKnown ? 'unknown' : fires ? 'firing' : 'clear',
        severity,
        facts: {
          etaMs: fires ? Math.round(etaMs) : -1,
          left: left ?? 0,
          perSecond: Math.round(rate ?? 0),
          server: scene.census.standing.leader ?? '',
          address: busiest?.address ?? '',
        },
        evidence: fires
          ? [
              `${left} transactions left in this epoch, ${Math.round(rate ?? 0)} written a second`,
              ...busiestLine(busiest),
            ]
          : [],
      },
    ];
  },
});

function transactionsLeft(view: EnsembleView): number | undefined {
  const zxids = readingsOf(view).flatMap((reading) => zxidOf(reading) ?? []);
  if (zxids.length === 0) return undefined;
  const newest = zxids.reduce((most, zxid) => (zxid > most ? zxid : most));
  return Number(counterMax - (newest & counterMax));
}

/** Writes a second over the last day; undefined with less than six hours of it. A burst must not make a day of it. */
function usualRate(view: EnsembleView): number | undefined {
  const hours = writeRates(view, 'coarse').filter(({ atMs }) => atMs >= view.atMs - dayMs);
  if (hours.length < 6) return undefined;
  return hours.reduce((sum, { perSecond }) => sum + perSecond, 0) / hours.length;
}
