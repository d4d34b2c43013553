import { defaultTiming, type ServerId, type Timing } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import type { Sample } from '../../model/sample.ts';
import { accountOf, isCounted } from './signs/account.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'bot-partitioned';

/** Longer than a leader goes on counting a server whose host died, or that would be taken for this: syncLimit ticks and two more. */
function holdOf({ syncLimit, tickTimeMs }: Timing): number {
  return (syncLimit + 2) * tickTimeMs;
}

const thresholds = { holdMs: holdOf(defaultTiming) };

/**
 * The way from the bot to some servers is cut, and theirs to each other is not: the leader goes on counting them, or they follow a leader
 * that only the bot cannot reach. No alarm about a server. Where no server at all can be reached, nobody watches the ensemble: that pages.
 */
export const botPartitioned: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs', holdOf(view.ensemble.timing)),
  clearMs: 0,
  thresholds,
  detect: (view) => [judge(view, censusOf(view))],
};

function judge(view: EnsembleView, census: Census): Finding {
  const cut = view.ensemble.servers.map(({ id }) => id).filter((id) => isCut(view.samples[id]));
  const all = cut.length === view.ensemble.servers.length;
  const alive = cut.filter((id) => isAlive(view, id, census));
  const servers = all ? cut : alive;
  const isCleared = cut.every((id) => census.conditions.get(id) === 'unreachable');
  const isSeen = Object.keys(view.samples).length > 0;
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id },
    verdict: servers.length > 0 ? 'firing' : isCleared && isSeen ? 'clear' : 'unknown',
    severity: all ? 'page' : 'warn',
    conclusive: false,
    facts: { ...census.facts, servers, all },
    evidence: evidenceOf(
      view,
      view.ensemble.servers.map(({ id }) => id),
    ),
  };
}

/** The network, or the name of the host, fails: nothing is heard of the server itself. */
function isCut(sample: Sample | undefined): boolean {
  if (sample?.kind !== 'failure') return false;
  const { reason, connected } = sample;
  return (
    reason === 'unreachable' || reason === 'unresolved' || (reason === 'timeout' && !connected)
  );
}

/** Others know that a server is there: the leader counts it; or it is the leader itself, and followers have not left it. */
function isAlive(view: EnsembleView, id: ServerId, census: Census): boolean {
  const { standing, conditions } = census;
  const server = view.ensemble.servers.find((each) => each.id === id);
  // A process that hung before its backlog was full is none of the network's.
  if (server === undefined || conditions.get(id) !== 'unseen') return false;
  if (standing.leader !== undefined) return isCounted(server, accountOf(view, standing)) === true;
  const follows = standing.serving.length > 0;
  return follows && view.lastLeader?.server === id;
}
