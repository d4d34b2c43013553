import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Verdict } from '../../model/finding.ts';
import { type Census, censusOf, votersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf, isReading, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'quorum-lost';

/** Elections took 0.4 to 0.9 s where they were measured; three seconds without a quorum are none. */
const thresholds = { holdMs: 3000 };

/**
 * No leader has a quorum and no election can be expected to bring one: clients cannot write, nor open sessions. Shows at once when
 * too few voters are left to elect; when enough run and none serves, it waits as long as an election may take.
 */
export const quorumLost: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const { standing, facts } = census;
    const tooFewLeft = isBeyondElection(view, census);
    const down = votersThatAre(census, 'down');
    const hung = votersThatAre(census, 'hung', 'starved');
    const notServing = votersThatAre(census, 'looking');
    const unreachable = votersThatAre(census, 'unseen', 'unreachable');
    const running = notServing.length + votersThatAre(census, 'serving').length;
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: tooFewLeft ? 'firing' : verdictOf(census),
        severity: 'page',
        conclusive: tooFewLeft,
        facts: {
          ...facts,
          need: Math.max(0, standing.quorum - running),
          down,
          hung,
          notServing,
          unreachable,
        },
        evidence: evidenceOf(view, standing.voters),
      },
    ];
  },
};

/** With too many voters down or hung, fewer than a quorum can ever vote. */
function isBeyondElection(view: EnsembleView, census: Census): boolean {
  const { standing } = census;
  const gone = votersThatAre(census, 'down', 'hung');
  if (standing.voters.length - gone.length >= standing.quorum) return false;
  const contradicted = standing.leader !== undefined && standing.synced !== undefined;
  return !contradicted || gone.some((id) => isFresh(view, id));
}

/**
 * How long a leader may still count a voter that is gone. A closed connection it sees at once; a silent one after syncLimit ticks. A
 * leader that counts a quorum for longer is right, and it is the bot that is kept out.
 */
function isFresh(view: EnsembleView, server: ServerId): boolean {
  const { syncLimit, tickTimeMs } = view.ensemble.timing;
  const sample = view.samples[server];
  const isSilent = sample?.kind === 'failure' && sample.reason === 'timeout';
  const patienceMs = isSilent ? (syncLimit + 1) * tickTimeMs : tickTimeMs;
  const heard = looksAt(view, server).findLast(isReading);
  return heard !== undefined && view.atMs - heard.atMs <= patienceMs;
}

/**
 * While enough voters run: lost as soon as none of them serves, or too few do even if all that are unseen did. A follower that still
 * serves follows a leader somewhere, and may be right.
 */
function verdictOf(census: Census): Verdict {
  const { standing } = census;
  if (standing.leader !== undefined) return 'clear';
  const serving = votersThatAre(census, 'serving').length;
  const unseen = votersThatAre(census, 'unseen').length;
  const answered = votersThatAre(census, 'looking').length + serving;
  if (answered === 0) return 'unknown';
  return serving === 0 || serving + unseen < standing.quorum ? 'firing' : 'unknown';
}
