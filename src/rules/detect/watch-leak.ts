import type { Detector } from '../../model/finding.ts';
import { type Mark, steadySlopeOf } from '../../model/slope.ts';
import { summedHours } from './signs/growth.ts';
import { figuresOf } from './signs/latest.ts';
import { metricDetector, type Scene } from './signs/metric-detector.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * 10,000 watches on one server: ZooKeeper's own alert file. Or a steady growth of 20 % a day over three days while the sessions do not
 * grow. [guess] The Nagios checks' 100 is meant for tiny trees.
 */
const thresholds = {
  holdMs: 60_000,
  warn: 10_000,
  growthPercent: 20,
  growthMs: 3 * dayMs,
  watchesMin: 1000,
};

type Limit = keyof typeof thresholds | 'clearPart';

/** Watches pile up: a client sets them and never comes back for them. They fill the heap. */
export const watchLeak: Detector = metricDetector({
  name: 'watch-leak',
  severity: 'warn',
  thresholds,
  judge: (scene) => {
    const figures = figuresOf(scene.view, 'watch_count');
    const total = figures.reduce((sum, { value }) => sum + value, 0);
    const full = figures.filter(({ value }) => value > scene.mark('warn'));
    const perDay = total < scene.limit('watchesMin') ? 0 : growthOf(scene);
    const fires = full.length > 0 || perDay > scene.mark('growthPercent');
    const most = figures[0];
    const top = most === undefined ? undefined : scene.view.surveys?.[most.server]?.watches?.top;
    return [
      {
        verdict: figures.length === 0 ? 'unknown' : fires ? 'firing' : 'clear',
        facts: {
          server: most?.server ?? '',
          servers: full.map(({ server }) => server),
          watches: most?.value ?? 0,
          total,
          limit: scene.limit('warn'),
          percentPerDay: Math.round(perDay),
          session: top?.session ?? '',
          address: top?.address ?? '',
        },
        evidence: fires
          ? [
              ...figures.map(({ server, value }) => `${server}: watch_count ${value}`),
              ...(perDay > 0
                ? [`+${Math.round(perDay)} % a day with a flat number of sessions`]
                : []),
            ]
          : [],
      },
    ];
  },
});

/** Growth in percent a day over the window, 0 where it is not steady, or where the sessions grow with it. */
function growthOf(scene: Scene<Limit>): number {
  const { view } = scene;
  const growthMs = scene.limit('growthMs');
  const sinceMs = view.atMs - growthMs;
  const within = (marks: readonly Mark[]): readonly Mark[] =>
    marks.filter(({ atMs }) => atMs >= sinceMs);
  const watches = within(summedHours(view, 'watch_count'));
  const [first, last] = [watches[0], watches.at(-1)];
  if (first === undefined || last === undefined) return 0;
  if (last.atMs - first.atMs < growthMs - 4 * hourMs) return 0;
  const perDay = percentPerDay(watches);
  const sessions = percentPerDay(within(summedHours(view, 'global_sessions')));
  return sessions > perDay / 2 ? 0 : perDay;
}

function percentPerDay(marks: readonly Mark[]): number {
  const slope = steadySlopeOf(marks);
  if (slope === undefined || slope.perMs <= 0) return 0;
  const began = Math.max(1, slope.endValue - slope.travel);
  return (100 * slope.perMs * dayMs) / began;
}
