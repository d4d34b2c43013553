import { growthOver } from '../../model/delta.ts';
import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import type { Reading } from '../../model/sample.ts';
import { answering } from './signs/candidates.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { lately } from './signs/looks.ts';
import { looksBackOf, thresholdOf } from './signs/thresholds.ts';

const name = 'latency-high';

/**
 * Mean times of the last half minute: 100 ms is the limit of ZooKeeper's own alert file, 1000 ms the critical one of its Nagios checks.
 * Fewer than ten requests say nothing.
 */
const thresholds = {
  holdMs: 60_000,
  warnMs: 100,
  pageMs: 1000,
  windowMs: 30_000,
  requestsMin: 10,
};

/** Requests to a server take long. Only what they took lately counts: an average since the start hides everything that is new. */
export const latencyHigh: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  looksBackMs: (view) => looksBackOf(view, { name, thresholds }),
  thresholds,
  candidates: answering,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(view: EnsembleView, server: Server, { standing, facts }: Census): Finding {
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const readings = lately(view, server.id, limit('windowMs'));
  const slowest = slowestOf(readings, limit('requestsMin'));
  const latencyMs = slowest?.mean ?? 0;
  const pages = latencyMs > limit('pageMs');
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict:
      slowest === undefined
        ? whileIdle(readings)
        : latencyMs > limit('warnMs')
          ? 'firing'
          : 'clear',
    severity: pages ? 'page' : 'warn',
    conclusive: false,
    facts: {
      ...facts,
      kind: slowest?.kind ?? 'request',
      latencyMs: Math.round(latencyMs),
      limitMs: limit(pages ? 'pageMs' : 'warnMs'),
      // A write waits for the leader wherever it comes in: where the leader is slow, all are.
      led: standing.leader === server.id && slowest?.kind === 'write',
    },
    evidence:
      slowest === undefined
        ? []
        : [
            `${server.id}: ${slowest.count} ${slowest.kind}s in the last ${limit('windowMs') / 1000} s, mean ${Math.round(slowest.mean)} ms`,
          ],
  };
}

interface Slowness {
  readonly kind: 'write' | 'read';
  readonly count: number;
  readonly mean: number;
}

/** Too few requests to tell. Nobody is kept waiting where nothing is outstanding; otherwise the few may be few because they are slow. */
function whileIdle(readings: readonly Reading[]): Verdict {
  const isMeasured = growthOver('updatelatency', readings) !== undefined;
  return isMeasured && readings.at(-1)?.metrics['outstanding_requests'] === 0 ? 'clear' : 'unknown';
}

/** The slower of reads and writes, of those that were enough to tell. */
function slowestOf(readings: readonly Reading[], requestsMin: number): Slowness | undefined {
  const kinds = [
    { kind: 'write', growth: growthOver('updatelatency', readings) },
    { kind: 'read', growth: growthOver('readlatency', readings) },
  ] as const;
  return kinds
    .flatMap(({ kind, growth }) =>
      growth === undefined || growth.count < requestsMin ? [] : [{ kind, ...growth }],
    )
    .sort((a, b) => b.mean - a.mean)[0];
}
