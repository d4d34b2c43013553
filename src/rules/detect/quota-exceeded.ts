import type { Detector } from '../../model/finding.ts';
import type { Metrics } from '../../model/sample.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';
import { isReading } from './signs/looks.ts';

const thresholds = { holdMs: 300_000 };

/**
 * More is stored under a path than its quota allows. A soft quota (the only kind before 3.7) is a line in the log and nothing else; a
 * hard one refuses the next write. `mntr` tells both figures since 3.8, for paths of the first level.
 */
export const quotaExceeded: Detector = ofEnsemble({
  name: 'quota-exceeded',
  severity: 'warn',
  thresholds,
  judge: (view) => {
    const readings = Object.values(view.samples).filter(isReading);
    const quotas = readings.map(({ server, metrics }) => ({ server, quotas: quotasIn(metrics) }));
    const seen = quotas.find((one) => one.quotas.length > 0);
    // Without a quota nothing is printed: that is clear, as long as anybody answers in full.
    if (seen === undefined)
      return readings.some(({ source }) => source !== 'srvr') ? { verdict: 'clear' } : unknown;
    const over = seen.quotas.filter(({ usage, limit, errors }) =>
      errors > 0 ? usage >= limit : usage > limit,
    );
    return {
      verdict: over.length === 0 ? 'clear' : 'firing',
      facts: { paths: [...new Set(over.map(({ path }) => path))] },
      evidence: over.map(
        ({ path, kind, usage, limit }) =>
          `${seen.server}: ${path}: ${kind} ${usage}, limit ${limit}`,
      ),
    };
  },
});

interface Quota {
  readonly path: string;
  readonly kind: 'count' | 'bytes';
  readonly usage: number;
  readonly limit: number;
  /** Writes refused since the server's start. */
  readonly errors: number;
}

/** `app_quota_count_usage_per_namespace 4` beside `app_quota_count_limit_per_namespace 2`; a limit of -1 is none. */
function quotasIn(metrics: Metrics): readonly Quota[] {
  return Object.entries(metrics).flatMap(([key, usage]) => {
    const match = /^(.+)_quota_(count|bytes)_usage_per_namespace$/u.exec(key);
    if (match?.[1] === undefined) return [];
    const [, name, kind] = match;
    const limit = metrics[`${name}_quota_${kind}_limit_per_namespace`] ?? -1;
    const errors = metrics[`${name}_quota_exceeded_error_per_namespace`] ?? 0;
    return limit < 0
      ? []
      : [{ path: `/${name}`, kind: kind as Quota['kind'], usage, limit, errors }];
  });
}
