import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { type Census, censusOf, spareVoters } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf, isReset, looksAt, trailing } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-down';

/** Pages after 1 min, as ZooKeeper's own alert file does (`up == 0` for 1m). */
const thresholds = { holdMs: 60_000 };

/**
 * No process answers on the client port. It is over only when the server serves: while it starts, it refuses, then answers that it
 * serves nobody, and one restart is one card.
 */
export const memberDown: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    return view.ensemble.servers.map((server) => judge(view, server, census));
  },
};

function judge(view: EnsembleView, server: Server, census: Census): Finding {
  const reason = gone(view, server, census);
  const serves = census.conditions.get(server.id) === 'serving';
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: reason === undefined ? (serves ? 'clear' : 'unknown') : 'firing',
    severity: server.role === 'voter' && spareVoters(census) <= 0 ? 'page' : 'warn',
    conclusive: reason === 'refused',
    facts: {
      ...census.facts,
      role: server.role,
      reason: reason ?? '',
      led: ledLast(view, server.id),
    },
    evidence: evidenceOf(view, [server.id]),
  };
}

/** How it is gone. A connection closed without an answer is a role transition, unless it happens on two looks in a row. */
function gone(
  view: EnsembleView,
  server: Server,
  { standing, conditions }: Census,
): 'refused' | 'reset' | undefined {
  if (conditions.get(server.id) === 'down') return 'refused';
  if (trailing(looksAt(view, server.id), isReset).length < 2) return undefined;
  // The leader counts every voter as in sync: it is the bot that gets no connection (maxClientCnxns), not the server that is gone.
  const allInSync = server.role === 'voter' && standing.synced === standing.voters.length;
  return allInSync ? undefined : 'reset';
}
