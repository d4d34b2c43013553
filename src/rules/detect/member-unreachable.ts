import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { running } from './signs/candidates.ts';
import {
  backTogetherMs,
  type Census,
  censusOf,
  othersThatAre,
  spareVoters,
} from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-unreachable';

/** Pages after 1 min, as ZooKeeper's own alert file does (`up == 0` for 1m). */
const thresholds = { holdMs: 60_000 };

/**
 * No way leads to the server, and the leader does not count it either: its host is dead, or its network is cut for all. What only the
 * bot cannot reach is none of this.
 */
export const memberUnreachable: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  // Writes fail as soon as a leader is cut off, and pass again before anybody is known to be out.
  continues: ['canary-failed'],
  continuesMs: 60_000,
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
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
  const condition = conditions.get(server.id);
  const isGone = condition === 'unreachable';
  const sample = view.samples[server.id];
  const leader = standing.leader === undefined ? [] : [standing.leader];
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isGone ? 'firing' : condition === 'serving' ? 'clear' : 'unknown',
    severity: server.role === 'voter' && spareVoters(census) <= 0 ? 'page' : 'warn',
    conclusive: isGone,
    facts: {
      ...facts,
      role: server.role,
      others: isGone ? othersThatAre(view, census, server, 'unreachable') : [],
      reason: isGone && sample?.kind === 'failure' ? sample.reason : '',
      led: ledLast(view, server.id),
    },
    evidence: evidenceOf(view, [server.id, ...leader]),
  };
}
