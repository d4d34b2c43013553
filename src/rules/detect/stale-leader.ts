import { defaultTiming, type Server, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { syncedBy } from '../../model/standing.ts';
import { answering } from './signs/candidates.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'stale-leader';

/** A leader that was cut off kept the state for 11.3 s and then stepped down by itself (measured, default timing). */
function holdOf({ syncLimit, tickTimeMs }: Timing): number {
  return (syncLimit + 2) * tickTimeMs;
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/**
 * A server says that it leads, and fewer than a quorum follow it: its clients hang. Where another one leads with a quorum there is no
 * doubt that it has lost its place; alone it may be about to step down, or just have lost its followers.
 */
export const staleLeader: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  // Writes fail as soon as a leader is cut off, and pass again before anybody is known to be out.
  continues: ['canary-failed'],
  continuesMs: 60_000,
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
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
  const leader = standing.leader ?? '';
  const says = sample?.kind === 'reading' && sample.mode === 'leader' && leader !== server.id;
  const synced = syncedBy(sample);
  const isStale = says && (synced === undefined ? leader !== '' : synced < standing.quorum);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isStale ? 'firing' : conditions.get(server.id) === 'serving' ? 'clear' : 'unknown',
    severity: 'warn',
    conclusive: isStale && leader !== '',
    facts: { ...facts, role: server.role, led: says, synced: synced ?? -1, successor: leader },
    evidence: evidenceOf(view, [server.id, ...(leader === '' ? [] : [leader])]),
  };
}
