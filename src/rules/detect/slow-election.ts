import { defaultTiming, type ServerId, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import type { Failure, Sample } from '../../model/sample.ts';
import { type Census, censusOf, votersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf, looksAt, trailing } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'slow-election';

/** Elections took 0.2 to 0.4 s where they were measured; one of a whole syncLimit is a guess for slow. */
function slowMsOf({ syncLimit, tickTimeMs }: Timing): number {
  return syncLimit * tickTimeMs;
}

const thresholds = { holdMs: 0, slowMs: slowMsOf(defaultTiming) };

/**
 * Enough voters run and look for a leader, and find none for long. Timed by what the bot saw: the servers' own `election_time` also counts
 * how long a server that was cut off looked in vain, or waited for voters that were down.
 */
export const slowElection: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => [judge(view, censusOf(view))],
};

function judge(view: EnsembleView, census: Census): Finding {
  const own = slowMsOf(view.ensemble.timing);
  const slowMs = thresholdOf(view, { name, thresholds }, 'slowMs', own);
  const electionMs = electingFor(view, census);
  const looking = votersThatAre(census, 'looking');
  const { server: lastLeader = '' } = view.lastLeader ?? {};
  const isSlow = electionMs > slowMs;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id },
    verdict: isSlow ? 'firing' : verdictOf(census),
    severity: 'warn',
    conclusive: isSlow,
    facts: { ...census.facts, looking, electionMs, lastLeader },
    evidence: [
      ...looking.flatMap((id) => accountOf(view, id)),
      ...evidenceOf(view, census.standing.voters),
    ],
  };
}

function verdictOf({ standing }: Census): Verdict {
  return standing.leader === undefined ? 'unknown' : 'clear';
}

/** For how long as many voters as a quorum takes have looked for a leader together; 0 while one leads, or too few look. */
function electingFor(view: EnsembleView, census: Census): number {
  const { leader, quorum } = census.standing;
  if (leader !== undefined) return 0;
  const since = votersThatAre(census, 'looking')
    .flatMap((id) => trailing(looksAt(view, id), isNotServing)[0]?.atMs ?? [])
    .sort((a, b) => a - b)[quorum - 1];
  return since === undefined ? 0 : Math.max(0, view.atMs - since);
}

function isNotServing(sample: Sample): sample is Failure {
  return sample.kind === 'failure' && sample.reason === 'not-serving';
}

/** What the server itself last told of its elections. */
function accountOf(view: EnsembleView, id: ServerId): readonly string[] {
  const told = looksAt(view, id).findLast((sample) => sample.kind === 'reading');
  const looked = told?.kind === 'reading' ? told.metrics['looking_count'] : undefined;
  return looked === undefined ? [] : [`${id}: had looked for a leader ${looked} times before`];
}
