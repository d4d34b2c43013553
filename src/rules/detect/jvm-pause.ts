import { growthOver } from '../../model/delta.ts';
import type { ServerId } from '../../model/ensemble.ts';
import type { Detector } from '../../model/finding.ts';
import type { Reading } from '../../model/sample.ts';
import { answering } from './signs/candidates.ts';
import { lately } from './signs/looks.ts';
import { type Judgement, metricDetector, type Scene } from './signs/metric-detector.ts';

const name = 'jvm-pause';

/**
 * Time in which the whole process stood still. 5 % of all time and a third of the smallest session timeout: schema.ai; half of
 * syncLimit × tickTime may lose the server its place in the quorum. [guess] `jitterMs`: what an idle monitor counts at each of its looks.
 */
const thresholds = {
  holdMs: 5 * 60_000,
  windowMs: 60_000,
  pausedPercent: 5,
  jitterMs: 2,
  /** A third of the smallest session timeout: two ticks of 2 s unless the ensemble says otherwise. */
  warnPauseMs: 1333,
  /** Half of syncLimit × tickTime. */
  pagePauseMs: 5000,
};

type Limit = keyof typeof thresholds | 'clearPart';

/** A server stands still for garbage collection or because its machine does. Needs `jvm.pause.monitor=true`; unknown without. */
export const jvmPause: Detector = metricDetector({
  name,
  severity: 'warn',
  thresholds,
  candidates: answering,
  judge: (scene) => scene.servers.map(({ id }) => judge(scene, id)),
});

function judge(scene: Scene<Limit>, server: ServerId): Judgement {
  const { view, census } = scene;
  const { tickTimeMs, syncLimit } = view.ensemble.timing;
  const readings = lately(view, server, scene.limit('windowMs'));
  const paused = pausedOf(readings, scene.limit('jitterMs'));
  const longestMs = paused?.longestMs ?? 0;
  const percent = paused?.percent ?? 0;
  const warnMs = scene.limit('warnPauseMs', Math.round((2 * tickTimeMs) / 3));
  const pages = longestMs > scene.limit('pagePauseMs', (syncLimit * tickTimeMs) / 2);
  const fires = percent > scene.mark('pausedPercent', server) || longestMs > warnMs;
  return {
    server,
    verdict: paused === undefined ? 'unknown' : fires ? 'firing' : 'clear',
    severity: pages ? 'page' : 'warn',
    // A pause this long was counted by the server itself.
    conclusive: pages,
    facts: {
      percent: Math.round(percent),
      longestMs,
      limitMs: warnMs,
      led: census.standing.leader === server,
    },
    evidence: fires
      ? [
          `${server}: paused ${Math.round(percent)} % of the last ${scene.limit('windowMs') / 1000} s, longest new pause ${longestMs} ms`,
        ]
      : [],
  };
}

/**
 * The share of time spent in pauses, without what an idle monitor counts, and the longest pause that is new: as long as the record
 * that was broken. Undefined where the monitor is off: it counts every half second when it is on.
 */
function pausedOf(
  readings: readonly Reading[],
  jitterMs: number,
): { readonly percent: number; readonly longestMs: number } | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  const growth = growthOver('jvm_pause_time_ms', readings);
  if (growth === undefined || growth.count === 0 || first === undefined || last === undefined)
    return undefined;
  const overMs = last.atMs - first.atMs;
  const pausedMs = Math.max(0, growth.count * (growth.mean - jitterMs));
  return {
    percent: overMs <= 0 ? 0 : Math.min(100, (100 * pausedMs) / overMs),
    longestMs: longestNewPause(readings),
  };
}

function longestNewPause(readings: readonly Reading[]): number {
  const records = readings.map(({ metrics }) => metrics['max_jvm_pause_time_ms']);
  const [before, now] = [records[0], records.at(-1)];
  return before !== undefined && now !== undefined && now > before ? now : 0;
}
