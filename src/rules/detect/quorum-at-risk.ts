import type { Detector, Verdict } from '../../model/finding.ts';
import type { Standing } from '../../model/standing.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'quorum-at-risk';

const thresholds = { holdMs: 60_000 };

/** As many voters in sync as a quorum needs: the next one that is lost stops all writes. Counted by the leader, not by the bot. */
export const quorumAtRisk: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  // A server that rejoins is counted, dropped and counted again within 0.7 s.
  clearMs: 700,
  thresholds,
  detect: (view) => {
    const { standing, facts } = censusOf(view);
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: verdictOf(standing),
        severity: 'page',
        conclusive: false,
        facts: { ...facts, synced: standing.synced ?? standing.serving.length },
        evidence: evidenceOf(view, standing.voters),
      },
    ];
  },
};

/** Two voters never have one to spare, and one is no ensemble: there it says nothing new. */
function verdictOf({ voters, leader, margin }: Standing): Verdict {
  if (leader === undefined) return 'unknown';
  return voters.length >= 3 && margin <= 0 ? 'firing' : 'clear';
}
