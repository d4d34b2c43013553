import type { Detector } from '../../model/finding.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';
import { isReading } from './signs/looks.ts';

/** Two polls of 5 s. An upgrade that has not gone on for a day was forgotten (a guess). */
const thresholds = { holdMs: 10_000, warnHours: 24 };

/** Servers of one ensemble run different versions: in the middle of an upgrade, or since one that nobody finished. */
export const versionSkew: Detector = ofEnsemble({
  name: 'version-skew',
  severity: 'info',
  thresholds,
  judge: (view, limit) => {
    const seen = Object.values(view.samples)
      .filter(isReading)
      .flatMap(({ server, version, metrics }) =>
        version === undefined ? [] : [{ server, version, uptime: metrics['uptime'] }],
      );
    if (seen.length < 2) return unknown;
    const versions = [...new Set(seen.map(({ version }) => version))].sort();
    const youngestMs = Math.min(...seen.map(({ uptime }) => uptime ?? 0));
    return {
      verdict: versions.length > 1 ? 'firing' : 'clear',
      severity: youngestMs > limit('warnHours') * 3_600_000 ? 'warn' : 'info',
      facts: { versions, youngestMs },
      evidence: seen.map(({ server, version }) => `${server}: ${version}`),
    };
  },
});
