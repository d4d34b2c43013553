import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { running } from './signs/candidates.ts';
import { type Census, censusOf, silentMsOf, spareVoters } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'leader-unresponsive';

/** Two read timeouts. The others drop a silent leader after 8.5 s only (measured), and all writes stand still until then. */
const thresholds = { holdMs: 3000 };

/**
 * The server that led takes connections and answers nothing: writes hang although its followers still serve reads. It pages before
 * ZooKeeper itself reacts. Once another leads, it is one hung server like any other, under the name its card has got.
 */
export const leaderUnresponsive: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
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
  const led = ledLast(view, server.id) && standing.voters.length > 1;
  const isSilent = condition === 'hung' && led;
  const successor = standing.leader ?? '';
  const canWait = successor !== '' && spareVoters(census) > 0;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isSilent ? 'firing' : condition === 'serving' ? 'clear' : 'unknown',
    severity: isSilent && canWait ? 'warn' : 'page',
    conclusive: isSilent,
    facts: { ...facts, role: server.role, led, silentMs: silentMsOf(view, server.id), successor },
    evidence: evidenceOf(view, [server.id, ...standing.voters.filter((id) => id !== server.id)]),
  };
}
