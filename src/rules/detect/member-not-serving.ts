import { defaultTiming, type Server, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { running } from './signs/candidates.ts';
import { backTogetherMs, type Census, censusOf, othersThatAre } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-not-serving';

/**
 * Twice the time ZooKeeper gives a server to join, 40 s by default: what Exhibitor waits before it restarts one. Longer than any
 * election, so that an election is never this.
 * @see MonitorRunningInstance.getDownInstanceRestartMs in soabase/exhibitor
 */
function holdOf({ tickTimeMs, initLimit, syncLimit }: Timing): number {
  return 2 * tickTimeMs * Math.max(initLimit, syncLimit);
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/** The process runs and says that it serves nobody, while others have a leader: it cannot join them. */
export const memberNotServing: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  // Writes fail as soon as a leader is cut off, and pass again before anybody is known to be out.
  continues: ['canary-failed'],
  continuesMs: 60_000,
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
  clearMs: 0,
  looksBackMs: () => backTogetherMs,
  thresholds,
  candidates: running,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(view: EnsembleView, server: Server, census: Census): Finding {
  const { standing, conditions, facts } = census;
  const sample = view.samples[server.id];
  const refusesToServe = sample?.kind === 'failure' && sample.reason === 'not-serving';
  const alone = refusesToServe && standing.leader !== undefined;
  const spare = Number(facts['serving']) - standing.quorum;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: alone ? 'firing' : conditions.get(server.id) === 'serving' ? 'clear' : 'unknown',
    severity: server.role === 'voter' && spare <= 0 ? 'page' : 'warn',
    conclusive: false,
    facts: {
      ...facts,
      role: server.role,
      others: alone ? othersThatAre(view, census, server, 'looking') : [],
    },
    evidence: evidenceOf(view, [
      server.id,
      ...(standing.leader === undefined ? [] : [standing.leader]),
    ]),
  };
}
