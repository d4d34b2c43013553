import type { Detector, EnsembleView } from '../../model/finding.ts';
import { heapGauge } from '../../model/gauge-names.ts';
import { etaOf } from '../../model/slope.ts';
import { levelsOf } from '../../model/trend.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';

const hourMs = 3_600_000;

/** 80 % for five minutes is ZooKeeper's own alert, 95 % Huawei's for the heap. Taken of what collections leave, not of what is in use. */
const thresholds = {
  holdMs: 300_000,
  warnPercent: 80,
  pagePercent: 95,
  warnEtaHours: 24,
};

/**
 * What stays in the heap after a garbage collection fills it: collections take ever longer, then the process ends, with exit code 0.
 * 25 MB of data killed a heap of 40 MB.
 */
export const heapPressure: Detector = ofServers({
  name: 'heap-pressure',
  severity: 'warn',
  thresholds,
  judge: (view, { id }, limit) => {
    const memory = surveyed(view, id, 'memory');
    const hint = hintOf(surveyed(view, id, 'host'), 'out-of-memory');
    const { liveBytes, maxBytes } = memory ?? {};
    const isOut = hint !== undefined;
    if ((liveBytes === undefined || maxBytes === undefined) && !isOut) return unknown;
    const percent = maxBytes === undefined ? 100 : (100 * (liveBytes ?? 0)) / maxBytes;
    const eta = maxBytes === undefined ? undefined : etaHours(view, id, maxBytes);
    const isSoon = eta !== undefined && eta < limit('warnEtaHours');
    return {
      verdict: percent >= limit('warnPercent') || isSoon || isOut ? 'firing' : 'clear',
      severity: percent >= limit('pagePercent') || isOut ? 'page' : 'warn',
      conclusive: isOut,
      facts: {
        liveBytes: liveBytes ?? -1,
        maxBytes: maxBytes ?? -1,
        percent: Math.round(percent),
        etaMs: isSoon ? Math.round(eta * hourMs) : -1,
        ended: isOut,
      },
      evidence: [
        ...(liveBytes === undefined || maxBytes === undefined
          ? []
          : [
              `${id}: at least ${Math.round(liveBytes / 1_048_576)} of ${Math.round(maxBytes / 1_048_576)} MiB of the heap in use over ten minutes (envi)`,
            ]),
        ...contentsOf(view, id),
        ...(hint?.line === undefined ? [] : [`${id} log (${hint.count}x): ${hint.line}`]),
      ],
    };
  },
});

function etaHours(view: EnsembleView, server: string, maxBytes: number): number | undefined {
  const points = view.trends?.[server]?.fine ?? [];
  const marks = levelsOf(points, heapGauge).map(({ atMs, least }) => ({ atMs, value: least }));
  const eta = etaOf(marks, maxBytes, 6 * hourMs);
  return eta === undefined || eta.slope.perMs <= 0 || eta.confidence === 'rough'
    ? undefined
    : eta.inMs / hourMs;
}

/** What fills a heap: data, watches, sessions. */
function contentsOf(view: EnsembleView, server: string): readonly string[] {
  const sample = view.samples[server];
  if (sample?.kind !== 'reading') return [];
  const names = ['approximate_data_size', 'znode_count', 'watch_count', 'global_sessions'];
  const known = names.flatMap((name) =>
    sample.metrics[name] === undefined ? [] : [`${name} ${sample.metrics[name]}`],
  );
  return known.length === 0 ? [] : [`${server}: ${known.join(', ')}`];
}
