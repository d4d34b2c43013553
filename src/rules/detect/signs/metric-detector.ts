import type { Server, ServerId } from '../../../model/ensemble.ts';
import type {
  Detector,
  EnsembleView,
  Facts,
  Finding,
  Severity,
  Verdict,
} from '../../../model/finding.ts';
import { type Census, censusOf } from './census.ts';
import { explainsOf } from './explains.ts';
import { looksBackOf, thresholdOf } from './thresholds.ts';

/** What a detector says of one server, or of the ensemble (no server). */
export interface Judgement {
  readonly server?: ServerId;
  readonly verdict: Verdict;
  readonly severity?: Severity;
  readonly conclusive?: boolean;
  readonly facts: Facts;
  readonly evidence?: readonly string[];
}

/** What a detector of a figure looks at. */
export interface Scene<Name extends string> {
  readonly view: EnsembleView;
  /** The servers that are to be judged. */
  readonly servers: readonly Server[];
  readonly census: Census;
  /** The threshold in force. */
  limit(threshold: Name, own?: number): number;
  /**
   * The threshold a value must be above to fire: `clearPart` of it once the fault has outlasted its hold, so that a value that swings
   * around it does not open and close the card.
   */
  mark(threshold: Name, server?: ServerId, own?: number): number;
}

export interface MetricRule<Name extends string> {
  readonly name: string;
  readonly severity: Severity;
  readonly clearMs?: number;
  readonly thresholds: Readonly<Record<Name | 'holdMs', number>>;
  /** The servers of which something could fire now; all where absent. */
  readonly candidates?: (view: EnsembleView) => readonly Server[];
  /** The hold where it depends on what is seen. */
  hold?(scene: Scene<Name | 'holdMs' | 'clearPart'>): number;
  judge(scene: Scene<Name | 'holdMs' | 'clearPart'>): readonly Judgement[];
}

/** A fault stays until its value is below this part of the threshold. [guess] */
const clearPart = 0.8;

/** How long a figure must be in order again before its card is over: two looks at the default tick of 5 s, and one to spare. [guess] */
const clearMsDefault = 15_000;

/** A detector that compares figures with limits: common facts, thresholds in force, and a lower mark to come back to. */
export function metricDetector<Name extends string>(rule: MetricRule<Name>): Detector {
  const { name, severity } = rule;
  const thresholds: Readonly<Record<Name | 'holdMs' | 'clearPart', number>> = {
    clearPart,
    ...rule.thresholds,
  };
  function sceneOf(
    view: EnsembleView,
    servers: readonly Server[] = view.ensemble.servers,
  ): Scene<Name | 'holdMs' | 'clearPart'> {
    const limit = (threshold: Name | 'holdMs' | 'clearPart', own?: number): number =>
      thresholdOf<Name | 'holdMs' | 'clearPart'>(view, { name, thresholds }, threshold, own);
    return {
      view,
      servers,
      census: censusOf(view),
      limit,
      mark: (threshold, server, own) =>
        limit(threshold, own) *
        (hasStood(view, name, server, limit('holdMs')) ? limit('clearPart') : 1),
    };
  }
  return {
    name,
    severity,
    explains: explainsOf(name),
    holdMs: (view) => {
      const scene = sceneOf(view);
      return rule.hold?.(scene) ?? scene.limit('holdMs');
    },
    clearMs: rule.clearMs ?? clearMsDefault,
    looksBackMs: (view) => looksBackOf(view, { name, thresholds }),
    thresholds,
    ...(rule.candidates === undefined ? {} : { candidates: rule.candidates }),
    detect: (view, _nowMs, servers) => {
      const scene = sceneOf(view, servers);
      return rule.judge(scene).map((judgement) => findingOf(scene, rule, judgement));
    },
  };
}

function findingOf(
  { view, census }: Pick<Scene<never>, 'view' | 'census'>,
  rule: Pick<MetricRule<never>, 'name' | 'severity'>,
  judgement: Judgement,
): Finding {
  const {
    server,
    verdict,
    severity = rule.severity,
    conclusive = false,
    evidence = [],
  } = judgement;
  return {
    detector: rule.name,
    subject: { ensemble: view.ensemble.id, ...(server !== undefined && { server }) },
    verdict,
    severity,
    conclusive,
    facts: { ...census.facts, ...judgement.facts },
    evidence,
  };
}

/** Whether the fault fires for longer than its hold. The key is its fingerprint. */
function hasStood(
  view: EnsembleView,
  name: string,
  server: ServerId | undefined,
  holdMs: number,
): boolean {
  const sinceMs = view.firingSince?.[`${view.ensemble.id}/${name}/${server ?? ''}`];
  return sinceMs !== undefined && view.atMs - sinceMs >= holdMs;
}
