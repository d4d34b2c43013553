import type { Detector, EnsembleView } from '../../model/finding.ts';
import { diskGauge } from '../../model/gauge-names.ts';
import { type Eta, etaOf, type Mark } from '../../model/slope.ts';
import type { DiskFacts } from '../../model/survey.ts';
import { levelsOf } from '../../model/trend.ts';
import { type Judgement, type Limit, ofServers, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

const hourMs = 3_600_000;

/**
 * `predict_linear[3h]` below 24 h is what awesome-prometheus-alerts warns of; a page within four hours is a guess. Two fits agree before it
 * shows: points are five minutes apart.
 */
const thresholds = {
  holdMs: 10 * 60_000,
  warnHours: 24,
  pageHours: 4,
  shortWindowHours: 3,
  longWindowHours: 24,
};

/** The free room of a disk goes down steadily: when it will be gone. A flat, noisy or saw-toothed line says nothing. */
export const diskFullEta: Detector = ofServers({
  name: 'disk-full-eta',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const host = surveyed(view, id, 'host');
    if (host === undefined || host.disks.length === 0) return unknown;
    const judged = host.disks.map((disk) => judgeDisk(view, id, disk, limit));
    return judged.find(({ verdict }) => verdict === 'firing') ?? judged[0] ?? unknown;
  },
});

function judgeDisk(
  view: EnsembleView,
  server: string,
  disk: DiskFacts,
  limit: Limit<keyof typeof thresholds>,
): Judgement {
  const points = view.trends?.[server]?.fine ?? [];
  const marks: readonly Mark[] = levelsOf(points, diskGauge(disk.what)).map(({ atMs, least }) => ({
    atMs,
    value: least,
  }));
  const windows = [limit('shortWindowHours') * hourMs, limit('longWindowHours') * hourMs];
  const etas = windows.flatMap((windowMs) => etaOf(marks, 0, windowMs) ?? []);
  const soonest = etas.toSorted((a, b) => a.inMs - b.inMs)[0];
  if (soonest === undefined) return { verdict: marks.length > 1 ? 'clear' : 'unknown' };
  const isFalling = soonest.slope.perMs < 0 && soonest.inMs < limit('warnHours') * hourMs;
  return {
    verdict: isFalling ? 'firing' : 'clear',
    severity:
      soonest.inMs < limit('pageHours') * hourMs && soonest.confidence !== 'rough'
        ? 'page'
        : 'warn',
    facts: factsOf(disk, soonest),
    evidence: [
      `${server}: ${disk.what} ${disk.path}: ${Math.round(disk.freeBytes / 1_048_576)} MiB free, ${Math.round((-soonest.slope.perMs * hourMs) / 1_048_576)} MiB less every hour`,
      `${server}: full in ${Math.round(soonest.soonestMs / hourMs)} to ${Math.round(soonest.latestMs / hourMs)} h (${soonest.confidence})`,
    ],
  };
}

function factsOf(disk: DiskFacts, eta: Eta): NonNullable<Judgement['facts']> {
  return {
    disk: disk.what,
    path: disk.path,
    mount: disk.mount ?? disk.path,
    freeBytes: disk.freeBytes,
    totalBytes: disk.totalBytes,
    etaMs: Math.round(eta.inMs),
    confidence: eta.confidence,
    bytesPerHour: Math.round(-eta.slope.perMs * hourMs),
  };
}
