import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { answering } from './signs/candidates.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'read-only-mode';

/** An observer stayed read-only for 11 s after the quorum was back (measured); half a minute is none of that. */
const thresholds = { holdMs: 30_000 };

/** A server without a quorum serves old data to clients that asked for it (`readonlymode.enabled`): it refuses every write. */
export const readOnlyMode: Detector = {
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
  const isReadOnly = sample?.kind === 'reading' && sample.mode === 'read-only';
  const leader = standing.leader === undefined ? [] : [standing.leader];
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isReadOnly ? 'firing' : conditions.get(server.id) === 'serving' ? 'clear' : 'unknown',
    severity: 'page',
    conclusive: false,
    facts: { ...facts, role: server.role, led: ledLast(view, server.id) },
    evidence: evidenceOf(view, [server.id, ...leader]),
  };
}
