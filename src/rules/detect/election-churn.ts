import type { Detector, EnsembleView } from '../../model/finding.ts';
import { type LeaderChange, leaderChangesOf } from '../../model/leadership.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'election-churn';

/** ZooKeeper's own alert file warns of any election within 5 min; the counts over 15 min are guesses. */
const thresholds = { holdMs: 0, warnCount: 2, pageCount: 4, windowMs: 900_000 };

/**
 * The lead changes again and again though no server was down, hung or restarted: each time clients lose their connections for a moment.
 * Counted by who leads in which epoch, which `srst` does not touch. A leader that was out has a card of its own and is not counted,
 * nor is one that does not come back within the time a server may take to join.
 */
export const electionChurn: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const limit = (threshold: keyof typeof thresholds): number =>
      thresholdOf(view, { name, thresholds }, threshold);
    const { standing, facts } = censusOf(view);
    const windowMs = limit('windowMs');
    const lately = leaderChangesOf(view).filter(({ atMs }) => atMs > view.atMs - windowMs);
    const changes = lately.filter((change) => isUncaused(view, change));
    const isKnown = view.lastLeader !== undefined || standing.leader !== undefined;
    const churns = changes.length >= limit('warnCount');
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: churns ? 'firing' : isKnown ? 'clear' : 'unknown',
        severity: changes.length >= limit('pageCount') ? 'page' : 'warn',
        conclusive: churns,
        facts: {
          ...facts,
          changes: changes.length,
          windowMs,
          leaders: [...new Set(changes.map(({ from }) => from))],
        },
        evidence: changes.map(({ atMs, from, to }) => {
          const ago = Math.round((view.atMs - atMs) / 1000);
          return `${ago} s ago: ${from} lost the lead to ${to}, its process went on`;
        }),
      },
    ];
  },
};

function isUncaused({ ensemble }: EnsembleView, { atMs, backMs, fate }: LeaderChange): boolean {
  const { initLimit, tickTimeMs } = ensemble.timing;
  return fate === 'alive' && backMs !== undefined && backMs - atMs <= initLimit * tickTimeMs;
}
