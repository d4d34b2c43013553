import type { Server } from '../../../model/ensemble.ts';
import type { Detector, EnsembleView, Facts, Severity, Verdict } from '../../../model/finding.ts';
import { known } from './candidates.ts';
import { censusOf } from './census.ts';
import { explainsOf } from './explains.ts';
import { looksBackOf, thresholdOf } from './thresholds.ts';

/** What a detector says of one subject; its severity is the detector's own where nothing worse is said. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly severity?: Severity;
  /** True when it cannot be a passing hiccup. */
  readonly conclusive?: boolean;
  readonly facts?: Facts;
  readonly evidence?: readonly string[];
}

/** Nothing is known. */
export const unknown: Judgement = { verdict: 'unknown' };

interface Spec<Name extends string> {
  readonly name: string;
  readonly severity: Severity;
  readonly thresholds: Readonly<Record<Name | 'holdMs', number>>;
  /** How long it must be clear; 0 when absent. */
  readonly clearMs?: number;
  /** A hold that hangs on what is seen. */
  holdMs?(view: EnsembleView, limit: Limit<Name>): number;
}

/** A threshold in force. */
export type Limit<Name extends string> = (name: NoInfer<Name> | 'holdMs') => number;

/** A detector that judges each server by itself. */
export function ofServers<Name extends string>(
  spec: Spec<Name> & {
    judge(view: EnsembleView, server: Server, limit: Limit<Name>): Judgement;
  },
): Detector {
  const detector = detectorOf(spec, (view, limit, servers) =>
    servers.map((server) => ({
      server: server.id,
      judgement: spec.judge(view, server, limit),
    })),
  );
  return { ...detector, candidates: known };
}

/** A detector that judges the ensemble as a whole. */
export function ofEnsemble<Name extends string>(
  spec: Spec<Name> & { judge(view: EnsembleView, limit: Limit<Name>): Judgement },
): Detector {
  return detectorOf(spec, (view, limit) => [{ judgement: spec.judge(view, limit) }]);
}

/** A detector that names the server at fault where it can, and the ensemble where it cannot. */
export function ofServersOrEnsemble<Name extends string>(
  spec: Spec<Name> & {
    judge(
      view: EnsembleView,
      limit: Limit<Name>,
      servers: readonly Server[],
    ): readonly { readonly server?: string; readonly judgement: Judgement }[];
  },
): Detector {
  const detector = detectorOf(spec, (view, limit, servers) => spec.judge(view, limit, servers));
  return { ...detector, candidates: known };
}

function detectorOf<Name extends string>(
  spec: Spec<Name>,
  judge: (
    view: EnsembleView,
    limit: Limit<Name>,
    servers: readonly Server[],
  ) => readonly { readonly server?: string; readonly judgement: Judgement }[],
): Detector {
  const { name, severity, thresholds, clearMs = 0 } = spec;
  const limitOf =
    (view: EnsembleView): Limit<Name> =>
    (threshold) =>
      thresholdOf<string>(view, { name, thresholds }, threshold);
  return {
    name,
    severity,
    explains: explainsOf(name),
    holdMs: (view) => spec.holdMs?.(view, limitOf(view)) ?? limitOf(view)('holdMs'),
    clearMs,
    looksBackMs: (view) => looksBackOf(view, { name, thresholds }),
    thresholds,
    detect: (view, _nowMs, servers = view.ensemble.servers) => {
      const { facts } = censusOf(view);
      return judge(view, limitOf(view), servers).map(({ server, judgement }) => ({
        detector: name,
        subject: { ensemble: view.ensemble.id, ...(server === undefined ? {} : { server }) },
        verdict: judgement.verdict,
        severity: judgement.severity ?? severity,
        conclusive: judgement.conclusive ?? false,
        facts: { ...facts, ...judgement.facts },
        evidence: judgement.evidence ?? [],
      }));
    },
  };
}
