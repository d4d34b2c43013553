import type { Server, ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import { accountOf } from './signs/account.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { stalledLearners } from './signs/learners.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'observer-down';

/** Observers come back last after a lost quorum. */
const thresholds = { holdMs: 120_000 };

/**
 * The leader counts fewer observers in sync than there are: readers of a remote site get old data or none. `synced_observers` is told
 * from 3.6 on.
 */
export const observerDown: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: (view) => {
    const { observers } = accountOf(view, censusOf(view).standing);
    return (observers?.missing ?? 0) > 0 ? view.ensemble.servers : [];
  },
  detect: (view, _nowMs, judged = view.ensemble.servers) => {
    const census = censusOf(view);
    const { observers } = accountOf(view, census.standing);
    const servers = judged.filter(({ role }) => role === 'observer');
    const missing = observers?.missing;
    const lost = missing === undefined ? [] : lostOf(view, servers, { census, missing });
    return servers.map((server) => judge(view, server, { census, missing, lost }));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  {
    census,
    missing,
    lost,
  }: {
    readonly census: Census;
    readonly missing: number | undefined;
    readonly lost: readonly ServerId[] | undefined;
  },
): Finding {
  const { leader } = census.standing;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: verdictOf(server, missing, lost),
    severity: 'warn',
    conclusive: false,
    facts: { ...census.facts, role: server.role, lost: Math.max(0, missing ?? 0) },
    evidence: evidenceOf(view, [server.id, ...(leader === undefined ? [] : [leader])]),
  };
}

function verdictOf(
  { id }: Server,
  missing: number | undefined,
  lost: readonly ServerId[] | undefined,
): Verdict {
  if (missing === undefined || lost === undefined) return 'unknown';
  return missing > 0 && lost.includes(id) ? 'firing' : 'clear';
}

/** Which observers the leader misses: those that are seen not to serve, or else those to which it sends nothing any more. */
function lostOf(
  view: EnsembleView,
  observers: readonly Server[],
  { census, missing }: { readonly census: Census; readonly missing: number },
): readonly ServerId[] | undefined {
  const ids = observers.map(({ id }) => id);
  if (missing <= 0) return [];
  if (missing >= ids.length) return ids;
  const out = ids.filter((id) => census.conditions.get(id) !== 'serving');
  if (out.length >= missing) return out;
  const stalled = stalledLearners(view, census.standing).filter((id) => ids.includes(id));
  return stalled.length + out.length >= missing ? [...new Set([...out, ...stalled])] : undefined;
}
