import { defaultTiming, type ServerId, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Verdict } from '../../model/finding.ts';
import { type Sample, zxidOf } from '../../model/sample.ts';
import { type Standing, syncedBy } from '../../model/standing.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'two-leaders';

/**
 * An old leader goes on saying that it leads for 1.0 s after it wakes up and for 1.6 s after its network is cut (measured), at most as
 * long as it takes to miss its followers. A rule that fires at once is wrong about each of these.
 */
function holdOf({ syncLimit, tickTimeMs }: Timing): number {
  return (syncLimit + 2) * tickTimeMs;
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/**
 * Two servers lead for longer than an old leader takes to step down; or, at once, both with a quorum behind them or in the same epoch. One
 * configuration cannot bring that about: their configurations differ, and the data may have two histories.
 */
export const twoLeaders: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => {
    const own = claimsOf(view).isCertain ? 0 : holdOf(view.ensemble.timing);
    return thresholdOf(view, { name, thresholds }, 'holdMs', own);
  },
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const { standing, facts } = censusOf(view);
    const { leaders, effective, isCertain } = claimsOf(view);
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: leaders.length > 1 ? 'firing' : withoutTwo(view, standing),
        severity: 'page',
        conclusive: isCertain,
        facts: { ...facts, leaders, effective },
        evidence: evidenceOf(view, leaders),
      },
    ];
  },
};

interface Claims {
  /** Voters that say they lead. */
  readonly leaders: readonly ServerId[];
  /** Those of them that count a quorum in sync. */
  readonly effective: readonly ServerId[];
  readonly isCertain: boolean;
}

function claimsOf(view: EnsembleView): Claims {
  const { standing } = censusOf(view);
  const leaders = standing.voters.filter((id) => isLeader(view.samples[id]));
  const effective = leaders.filter((id) => (syncedBy(view.samples[id]) ?? 0) >= standing.quorum);
  // A zxid is read beside the mode: of one that has just been elected it may still be of the epoch before.
  const settled = leaders.filter((id) => isLeader(view.history[id]?.at(-1)));
  const epochs = settled.flatMap((id) => {
    const zxid = zxidOf(view.samples[id]);
    return zxid === undefined ? [] : [zxid >> 32n];
  });
  const sharesEpoch = new Set(epochs).size < epochs.length;
  return { leaders, effective, isCertain: effective.length > 1 || sharesEpoch };
}

function isLeader(sample: Sample | undefined): boolean {
  return sample?.kind === 'reading' && sample.mode === 'leader';
}

/** A voter that tells nothing may still lead. */
function withoutTwo(view: EnsembleView, { voters }: Standing): Verdict {
  const isTold = voters.every((id) => {
    const sample = view.samples[id];
    if (sample === undefined) return false;
    return (
      sample.kind === 'reading' || sample.reason === 'refused' || sample.reason === 'not-serving'
    );
  });
  return isTold ? 'clear' : 'unknown';
}
