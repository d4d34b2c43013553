import { type Baseline, sameHourBaseline } from '../../model/baseline.ts';
import { growthOver } from '../../model/delta.ts';
import type { ServerId } from '../../model/ensemble.ts';
import type { Detector } from '../../model/finding.ts';
import { meansOf } from '../../model/trend.ts';
import { stagesOf } from './signs/latest.ts';
import { lately } from './signs/looks.ts';
import { metricDetector, type Scene } from './signs/metric-detector.ts';

const name = 'latency-degraded';

/** Three times and 5 ms above what is usual at this hour, over five minutes with a hundred requests. [guess] */
const thresholds = {
  holdMs: 10 * 60_000,
  windowMs: 5 * 60_000,
  times: 3,
  plusMs: 5,
  requestsMin: 100,
};

type Limit = keyof typeof thresholds | 'clearPart';

/** Requests take much longer than on the days before at this hour, though still below the limit. */
export const latencyDegraded: Detector = metricDetector({
  name,
  severity: 'warn',
  thresholds,
  judge: (scene) => {
    const measured = scene.view.ensemble.servers.flatMap(({ id }) => measure(scene, id));
    const slow = measured.filter(({ isSlow }) => isSlow).sort((a, b) => b.times - a.times);
    const worst = slow[0];
    return [
      {
        verdict: worst !== undefined ? 'firing' : measured.length === 0 ? 'unknown' : 'clear',
        facts: {
          servers: [...new Set(slow.map(({ server }) => server))].toSorted(),
          worst: worst?.server ?? '',
          kind: worst?.kind ?? 'request',
          latencyMs: Math.round(worst?.mean ?? 0),
          usualMs: Math.round((worst?.usual ?? 0) * 10) / 10,
          stage: worst === undefined ? '' : slowestStage(scene),
        },
        evidence: slow.map(
          ({ server, kind, mean, usual, days }) =>
            `${server}: ${kind}s ${round(mean)} ms on average, usual at this hour ${round(usual)} ms (${days} days)`,
        ),
      },
    ];
  },
});

interface Measured {
  readonly server: ServerId;
  readonly kind: 'write' | 'read';
  readonly mean: number;
  readonly usual: number;
  readonly days: number;
  readonly times: number;
  readonly isSlow: boolean;
}

/** Reads and writes of a server that were enough to tell and that have days to compare with. */
function measure(scene: Scene<Limit>, server: ServerId): readonly Measured[] {
  const readings = lately(scene.view, server, scene.limit('windowMs'));
  if (readings.length < 2) return [];
  const kinds = [
    { kind: 'write', summary: 'updatelatency' },
    { kind: 'read', summary: 'readlatency' },
  ] as const;
  return kinds.flatMap(({ kind, summary }) => {
    const growth = growthOver(summary, readings);
    if (growth === undefined || growth.count < scene.limit('requestsMin')) return [];
    const usual = usually(scene, server, summary);
    if (usual === undefined) return [];
    const limitMs = scene.mark('times') * usual.median + scene.limit('plusMs');
    return [
      {
        server,
        kind,
        mean: growth.mean,
        usual: usual.median,
        days: usual.days,
        times: growth.mean / Math.max(usual.median, 1),
        isSlow: growth.mean > limitMs,
      },
    ];
  });
}

function usually({ view }: Scene<Limit>, server: ServerId, summary: string): Baseline | undefined {
  const hours = meansOf(view.trends?.[server]?.coarse ?? [], summary);
  return sameHourBaseline(
    hours.map(({ atMs, mean }) => ({ atMs, value: mean })),
    view.atMs,
  );
}

/** The stage of a write that takes longest on the leader. */
function slowestStage(scene: Scene<Limit>): string {
  const { leader } = scene.census.standing;
  if (leader === undefined) return '';
  const slowest = stagesOf(lately(scene.view, leader, scene.limit('windowMs')))[0];
  return slowest === undefined || slowest.mean < 1 ? '' : slowest.stage;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
