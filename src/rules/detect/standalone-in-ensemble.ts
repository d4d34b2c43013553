import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { answering } from './signs/candidates.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'standalone-in-ensemble';

const thresholds = { holdMs: 0 };

/**
 * A server of an ensemble runs alone: its configuration lost the `server.N` lines. It takes writes of its own, and clients that list all
 * servers may land on it.
 */
export const standaloneInEnsemble: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: answering,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  { standing, conditions, facts }: Census,
): Finding {
  const sample = view.samples[server.id];
  const others = view.ensemble.servers.length - 1;
  const isAlone = sample?.kind === 'reading' && sample.mode === 'standalone' && others > 0;
  const leader = standing.leader === undefined ? [] : [standing.leader];
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isAlone ? 'firing' : conditions.get(server.id) === 'serving' ? 'clear' : 'unknown',
    severity: 'page',
    conclusive: isAlone,
    facts: { ...facts, role: server.role, others },
    evidence: evidenceOf(view, [server.id, ...leader]),
  };
}
