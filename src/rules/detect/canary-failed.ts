import { defaultTiming, type ServerId, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Verdict } from '../../model/finding.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf, looksAt, trailing } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'canary-failed';

/**
 * By then the ensemble itself has reacted to whatever it is, and the cause has a card with its name, which takes this one over. Nobody
 * is called for a symptom before.
 */
function holdOf({ syncLimit, tickTimeMs }: Timing): number {
  return (syncLimit + 2) * tickTimeMs;
}

/**
 * Two of three runs, as Cloudera's canary counts "bad". Older results say nothing of now: a run takes two seconds at most. For three
 * seconds after a leader was found, runs may still fail that began without it.
 */
const thresholds = { holdMs: holdOf(defaultTiming), failures: 2, freshMs: 30_000, settleMs: 3000 };

/**
 * Writes through a real session fail: the one truth about "clients can write", and the only sign of a cut between the servers before they
 * notice it themselves.
 */
export const canaryFailed: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const { standing, facts } = censusOf(view);
    const verdict = verdictOf(view);
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict,
        severity: 'page',
        conclusive: verdict === 'firing' && isSettled(view, standing.leader),
        facts: { ...facts, leader: standing.leader ?? '' },
        evidence: [...resultOf(view), ...evidenceOf(view, standing.voters)],
      },
    ];
  },
};

function verdictOf(view: EnsembleView): Verdict {
  const limit = (threshold: keyof typeof thresholds): number =>
    thresholdOf(view, { name, thresholds }, threshold);
  const { canary } = view;
  if (canary === undefined || view.atMs - canary.atMs > limit('freshMs')) return 'unknown';
  const failed = canary.recent?.failed ?? 0;
  if (canary.kind === 'failed') return failed >= limit('failures') ? 'firing' : 'unknown';
  return failed >= limit('failures') ? 'unknown' : 'clear';
}

/** The leader led already when the writes failed: they fail for another reason than that there was none. */
function isSettled(view: EnsembleView, leader: ServerId | undefined): boolean {
  if (leader === undefined || view.canary === undefined) return false;
  const [first] = trailing(looksAt(view, leader), isLeader);
  const settleMs = thresholdOf(view, { name, thresholds }, 'settleMs');
  return first !== undefined && view.canary.atMs - first.atMs >= settleMs;
}

function isLeader(sample: Sample): sample is Reading {
  return sample.kind === 'reading' && sample.mode === 'leader';
}

function resultOf({ canary }: EnsembleView): readonly string[] {
  if (canary === undefined) return [];
  const { failed = 0, runs = 0 } = canary.recent ?? {};
  const of = `${failed} of the last ${runs} writes failed`;
  return canary.kind === 'failed' ? [`canary: ${of}, ${canary.detail}`] : [`canary: ${of}`];
}
