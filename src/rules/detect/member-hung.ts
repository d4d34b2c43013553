import { defaultTiming, type Server, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { running } from './signs/candidates.ts';
import { type Census, censusOf, silentMsOf, spareVoters } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-hung';

/** Two polls of 5 s, and the time a leader waits before it drops a silent follower: by then the ensemble itself has reacted. */
function holdOf({ syncLimit, tickTimeMs }: Timing): number {
  return 10_000 + syncLimit * tickTimeMs;
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/**
 * The process takes connections and answers nothing: stopped, swapping, or in a long garbage collection. A connect that times out is
 * not this: the host or the way to it may be gone.
 */
export const memberHung: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
  clearMs: 0,
  thresholds,
  candidates: running,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(view: EnsembleView, server: Server, census: Census): Finding {
  const condition = census.conditions.get(server.id);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: condition === 'hung' ? 'firing' : condition === 'serving' ? 'clear' : 'unknown',
    severity: server.role === 'voter' && spareVoters(census) <= 0 ? 'page' : 'warn',
    conclusive: condition === 'hung',
    facts: {
      ...census.facts,
      role: server.role,
      led: ledLast(view, server.id),
      silentMs: silentMsOf(view, server.id),
    },
    evidence: evidenceOf(view, [server.id]),
  };
}
