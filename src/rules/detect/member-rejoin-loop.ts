import { riseOfProcess } from '../../model/delta.ts';
import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import { leaderChangesOf } from '../../model/leadership.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import { remembered } from './signs/candidates.ts';
import { type Census, censusOf, votersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf, isReading, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-rejoin-loop';

/**
 * A server on a full disk looked for a leader 1465 times in 6 s, answered an empty line once a second and was a learner every other
 * look (measured). A single restart with its election shows one or two such changes. The limits are guesses.
 */
const thresholds = {
  holdMs: 0,
  flips: 4,
  flipsWindowMs: 30_000,
  looks: 3,
  looksWindowMs: 60_000,
};

/**
 * A server joins, fails and joins again, many times a minute, while its process goes on and the others look fine. Its log fills up with
 * it: 2 MB/s were seen.
 */
export const memberRejoinLoop: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  looksBackMs: (view) =>
    Math.max(
      thresholdOf(view, { name, thresholds }, 'flipsWindowMs'),
      thresholdOf(view, { name, thresholds }, 'looksWindowMs'),
    ),
  thresholds,
  // Its own looks or the leader's tell it, and one look tells nothing.
  candidates: (view) => (remembered(view).length > 0 ? view.ensemble.servers : []),
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(view: EnsembleView, server: Server, census: Census): Finding {
  const signs = signsOf(view, server, census);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: signs.length > 0 ? 'firing' : withoutSigns(census, server),
    severity: 'page',
    conclusive: signs.length > 0,
    facts: { ...census.facts, role: server.role, led: ledLast(view, server.id) },
    evidence: [...signs, ...evidenceOf(view, [server.id])],
  };
}

function withoutSigns({ conditions }: Census, server: Server): Verdict {
  return conditions.get(server.id) === 'serving' ? 'clear' : 'unknown';
}

/** What shows the loop, each a line that a person can check. */
function signsOf(view: EnsembleView, server: Server, census: Census): readonly string[] {
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const inWindow = (samples: readonly Sample[], windowMs: number): readonly Sample[] =>
    samples.filter(({ atMs }) => atMs > view.atMs - windowMs);
  const looks = looksAt(view, server.id);
  const seconds = limit('flipsWindowMs') / 1000;
  const flips = flipsOf(inWindow(looks, limit('flipsWindowMs')));
  const joins = isTheOneOutside(census, server)
    ? joinsOf(inWindow(looksAt(view, census.standing.leader ?? ''), limit('flipsWindowMs')))
    : 0;
  const looked = lookedOf(view, looks, limit('looksWindowMs'));
  return [
    ...(flips >= limit('flips')
      ? [`${server.id}: ${flips} changes between not serving and empty answers in ${seconds} s`]
      : []),
    ...(joins >= limit('flips')
      ? [`${census.standing.leader}: took up and lost a learner ${joins} times in ${seconds} s`]
      : []),
    ...(looked >= limit('looks')
      ? [
          `${server.id}: looked for a leader ${looked} times in ${limit('looksWindowMs') / 1000} s without an election`,
        ]
      : []),
  ];
}

/** Changes between "serves nobody" and an empty answer: it drops what it has begun, and begins again. */
function flipsOf(looks: readonly Sample[]): number {
  const states = looks.flatMap((sample) => {
    if (sample.kind === 'reading') return [];
    const { reason } = sample;
    return reason === 'reset' || reason === 'not-serving' ? [reason] : [];
  });
  return changesIn(states);
}

/** How often the leader had one learner more or less, while as many were in sync. */
function joinsOf(looks: readonly Sample[]): number {
  const readings = looks.filter(isReading).filter(({ mode }) => mode === 'leader');
  const synced = new Set(readings.map(({ metrics }) => metrics['synced_followers']));
  if (synced.size !== 1) return 0;
  return changesIn(
    readings.flatMap(({ metrics }) => metrics['learners'] ?? metrics['followers'] ?? []),
  );
}

function changesIn(values: readonly (string | number)[]): number {
  return values.filter((value, index) => index > 0 && value !== values[index - 1]).length;
}

/** Who comes and goes is known where only one runs outside of the quorum. */
function isTheOneOutside(census: Census, server: Server): boolean {
  const outside = votersThatAre(census, 'looking', 'unseen');
  return outside.length === 1 && outside[0] === server.id;
}

/** How often it looked for a leader beyond the elections of all. While nobody led, everybody looks. */
function lookedOf(view: EnsembleView, looks: readonly Sample[], windowMs: number): number {
  const sinceMs = view.atMs - windowMs;
  const elections = leaderChangesOf(view).filter(({ atMs }) => atMs > sinceMs).length;
  let looked = 0;
  let from: Reading | undefined;
  let between: Sample[] = [];
  for (const look of looks.filter(({ atMs }) => atMs > sinceMs)) {
    if (look.kind !== 'reading') {
      between.push(look);
      continue;
    }
    if (from !== undefined && wasLed(view, between))
      looked += riseOfProcess('looking_count', [from, look]) ?? 0;
    from = look;
    between = [];
  }
  return looked - elections;
}

/** Looks of one round end at different times: a server that does not answer takes the longest. */
const roundMs = 2000;

/** Whether another server was seen to lead in each of these looks, between two readings of this one. */
function wasLed(view: EnsembleView, between: readonly Sample[]): boolean {
  if (between.length === 0) return true;
  const led = view.ensemble.servers
    .flatMap(({ id }) => looksAt(view, id))
    .flatMap((sample) => (isReading(sample) && sample.mode === 'leader' ? [sample.atMs] : []));
  return between.every(({ atMs }) => led.some((ledMs) => Math.abs(ledMs - atMs) <= roundMs));
}
