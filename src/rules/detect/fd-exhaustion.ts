import type { Detector, EnsembleView } from '../../model/finding.ts';
import { etaOf } from '../../model/slope.ts';
import { levelsOf } from '../../model/trend.ts';
import { type Descriptors, descriptorsOf } from './signs/descriptors.ts';
import { type Judgement, type Limit, ofServers, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';

const hourMs = 3_600_000;

/**
 * 85 % for five minutes is what Zabbix warns of; 95 % is a guess at where nothing can be done in time, and shows sooner. ZooKeeper's own alert
 * file has 300 descriptors, which is a number of a small machine. With fewer than sixteen left, one burst of clients takes them all.
 */
const thresholds = {
  holdMs: 300_000,
  fullHoldMs: 15_000,
  warnPercent: 85,
  pagePercent: 95,
  freeMin: 16,
  pageEtaMinutes: 60,
  etaPercentMin: 50,
};

type Name = keyof typeof thresholds;

/** A server runs out of file descriptors: it takes no new connection any more, while those that stand go on. */
export const fdExhaustion: Detector = ofServers({
  name: 'fd-exhaustion',
  severity: 'warn',
  thresholds,
  // Whoever is that near to the end has no five minutes left.
  holdMs: (view, limit) =>
    view.ensemble.servers.some(({ id }) => isFull(descriptorsOf(view, id), limit))
      ? limit('fullHoldMs')
      : limit('holdMs'),
  judge: (view, { id }, limit) => {
    const seen = descriptorsOf(view, id);
    if (seen === undefined) return unknown;
    const percent = (100 * seen.open) / seen.max;
    const eta = etaMs(view, id, seen.max, percent, limit);
    const isSoon = eta !== undefined && eta < limit('pageEtaMinutes') * 60_000;
    const busiest = surveyed(view, id, 'clients')?.byAddress[0];
    return {
      verdict:
        percent >= limit('warnPercent') || isFull(seen, limit) || isSoon ? 'firing' : 'clear',
      severity: isFull(seen, limit) || isSoon ? 'page' : 'warn',
      facts: {
        open: seen.open,
        max: seen.max,
        percent: Math.round(percent),
        etaMs: isSoon ? Math.round(eta) : -1,
        address: busiest?.address ?? '',
        connections: busiest?.connections ?? 0,
      },
      evidence: evidenceOf(view, id, seen),
    };
  },
});

function isFull(seen: Descriptors | undefined, limit: Limit<Name>): boolean {
  if (seen === undefined) return false;
  const { open, max } = seen;
  return 100 * open >= max * limit('pagePercent') || max - open < limit('freeMin');
}

/** When the last one is taken, if they go on as in the last three hours: a line needs that many points. */
function etaMs(
  view: EnsembleView,
  server: string,
  max: number,
  percent: number,
  limit: Limit<Name>,
): number | undefined {
  if (percent < limit('etaPercentMin')) return undefined;
  const points = view.trends?.[server]?.fine ?? [];
  const marks = levelsOf(points, 'open_file_descriptor_count').map(({ atMs, mean }) => ({
    atMs,
    value: mean,
  }));
  const eta = etaOf(marks, max, 3 * hourMs);
  return eta === undefined || eta.slope.perMs <= 0 || eta.confidence === 'rough'
    ? undefined
    : eta.inMs;
}

function evidenceOf(
  view: EnsembleView,
  server: string,
  { open, max, source }: Descriptors,
): NonNullable<Judgement['evidence']> {
  const hint = hintOf(surveyed(view, server, 'host'), 'too-many-open-files');
  const clients = surveyed(view, server, 'clients')?.byAddress.slice(0, 3) ?? [];
  return [
    `${server}: ${open} of ${max} descriptors open (${source})`,
    ...clients.map(
      ({ address, connections }) => `${server}: ${connections} connections from ${address}`,
    ),
    ...(hint?.line === undefined ? [] : [`${server} log (${hint.count}x): ${hint.line}`]),
  ];
}
