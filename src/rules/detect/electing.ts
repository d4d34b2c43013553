import type { Detector, Verdict } from '../../model/finding.ts';
import { type Census, censusOf, votersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'electing';

/** An election is over in less than a second; one that is not shows, and is a warning once a leader would have been dropped. */
const thresholds = { holdMs: 3000 };

/** Enough voters run to elect a leader, and none leads. */
export const electing: Detector = {
  name,
  severity: 'info',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const { server: lastLeader = '', atMs: ledMs = view.atMs } = view.lastLeader ?? {};
    const { syncLimit, tickTimeMs } = view.ensemble.timing;
    const sample = view.samples[lastLeader];
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: verdictOf(census),
        severity: view.atMs - ledMs > syncLimit * tickTimeMs ? 'warn' : 'info',
        conclusive: false,
        facts: {
          ...census.facts,
          lastLeader,
          lastLeaderState:
            sample === undefined
              ? 'unknown'
              : sample.kind === 'reading'
                ? sample.mode
                : sample.reason,
        },
        evidence: evidenceOf(view, census.standing.voters),
      },
    ];
  },
};

function verdictOf(census: Census): Verdict {
  const { standing } = census;
  if (standing.leader !== undefined) return 'clear';
  return votersThatAre(census, 'looking').length >= standing.quorum ? 'firing' : 'unknown';
}
