import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import { type Reading, zxidOf } from '../../model/sample.ts';
import { answering } from './signs/candidates.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { leaderReadings } from './signs/learners.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'follower-lag';

/** Guesses: a small constant lag is normal, so it counts only beyond what five seconds of writing bring. */
const thresholds = {
  holdMs: 30_000,
  transactions: 1000,
  writingMs: 5000,
  rateWindowMs: 30_000,
  togetherMs: 200,
};

/**
 * A server is many transactions behind the leader: its clients read old data. Compared only within one epoch, and only where both were
 * read at about the same moment.
 */
export const followerLag: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: answering,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    const lagLimit = limitOf(view, census);
    return servers.map((server) => judge(view, server, { census, lagLimit }));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  { census, lagLimit }: { readonly census: Census; readonly lagLimit: number },
): Finding {
  const { leader } = census.standing;
  const lag = lagOf(view, server, census);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: verdictOf(lag, lagLimit),
    severity: 'warn',
    conclusive: false,
    facts: { ...census.facts, role: server.role, lag: lag ?? 0, lagLimit },
    evidence: evidenceOf(view, [server.id, ...(leader === undefined ? [] : [leader])]),
  };
}

function verdictOf(lag: number | undefined, limit: number): Verdict {
  if (lag === undefined) return 'unknown';
  return lag > limit ? 'firing' : 'clear';
}

/** Transactions behind the leader; undefined where the two cannot be compared. */
function lagOf(view: EnsembleView, { id }: Server, { standing }: Census): number | undefined {
  const { leader } = standing;
  const [own, head] = [view.samples[id], view.samples[leader ?? '']];
  const [zxid, newest] = [zxidOf(own), zxidOf(head)];
  if (own === undefined || head === undefined || zxid === undefined || newest === undefined)
    return undefined;
  const togetherMs = thresholdOf(view, { name, thresholds }, 'togetherMs');
  const isTogether = Math.abs(own.atMs - head.atMs) <= togetherMs;
  return isTogether && zxid >> 32n === newest >> 32n ? Number(newest - zxid) : undefined;
}

/** What counts as much: never less than `transactions`, and more where much is written. */
function limitOf(view: EnsembleView, { standing }: Census): number {
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const rate = writesPerMs(leaderReadings(view, standing, limit('rateWindowMs')));
  return Math.max(limit('transactions'), Math.round(rate * limit('writingMs')));
}

function writesPerMs(readings: readonly Reading[]): number {
  const [first, last] = [readings[0], readings.at(-1)];
  const [from, to] = [zxidOf(first), zxidOf(last)];
  if (first === undefined || last === undefined || from === undefined || to === undefined) return 0;
  const overMs = last.atMs - first.atMs;
  const isOneEpoch = from >> 32n === to >> 32n && to > from;
  return overMs > 0 && isOneEpoch ? Number(to - from) / overMs : 0;
}
