import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Verdict } from '../../model/finding.ts';
import type { PeerFacts } from '../../model/survey.ts';
import { type Census, censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'peer-mesh-broken';

/** Connections between servers are looked at once a minute or more rarely, and come back some seconds after a restart. */
const thresholds = { holdMs: 120_000, freshMs: 600_000 };

/**
 * Two voters have no connection on the election port: nobody notices until the leader dies, and then two live servers of three cannot elect
 * (27 s were seen). Each pair keeps one connection, whoever opened it. Needs the probe on the machines; a connect from outside would
 * disturb the election.
 */
export const peerMeshBroken: Detector = {
  name,
  severity: 'warn',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const census = censusOf(view);
    const pairs = pairsOf(view, census);
    const broken = pairs.filter(({ state }) => state === 'cut');
    return [
      {
        detector: name,
        subject: { ensemble: view.ensemble.id },
        verdict: broken.length > 0 ? 'firing' : withoutCut(pairs),
        severity: 'warn',
        conclusive: false,
        facts: { ...census.facts, pairs: broken.map(({ name: pair }) => pair) },
        evidence: broken.flatMap(({ one, other }) => [
          lineOf(view, one, other),
          lineOf(view, other, one),
        ]),
      },
    ];
  },
};

interface Pair {
  readonly name: string;
  readonly one: Server;
  readonly other: Server;
  readonly state: 'connected' | 'cut' | 'unknown';
}

function withoutCut(pairs: readonly Pair[]): Verdict {
  return pairs.length > 0 && pairs.every(({ state }) => state === 'connected')
    ? 'clear'
    : 'unknown';
}

/** Every two voters. Of one that does not serve its own fault tells. */
function pairsOf(view: EnsembleView, { conditions }: Census): readonly Pair[] {
  const voters = view.ensemble.servers.filter(({ role }) => role === 'voter');
  return voters.flatMap((one, index) =>
    voters.slice(index + 1).map((other) => {
      const serve = [one, other].every(({ id }) => conditions.get(id) === 'serving');
      return {
        name: `${one.id} – ${other.id}`,
        one,
        other,
        state: serve ? stateOf(view, one, other) : 'unknown',
      } as const;
    }),
  );
}

/** One end that sees the connection is enough. */
function stateOf(view: EnsembleView, one: Server, other: Server): Pair['state'] {
  const told = [sees(view, one, other), sees(view, other, one)];
  if (told.includes(true)) return 'connected';
  return told.includes(false) ? 'cut' : 'unknown';
}

/** Whether a server has a connection with another; undefined where its machine was not looked at, or it is not known whose it is. */
function sees(view: EnsembleView, from: Server, to: Server): boolean | undefined {
  const host = view.surveys?.[from.id]?.host;
  const freshMs = thresholdOf(view, { name, thresholds }, 'freshMs');
  if (host?.peers === undefined || view.atMs - host.atMs > freshMs) return undefined;
  const established = host.peers.filter((peer) => peer.established);
  if (to.sid === undefined || established.some(({ sid }) => sid === undefined)) return undefined;
  return established.some(({ sid }) => sid === to.sid);
}

function lineOf(view: EnsembleView, { id }: Server, { id: otherId, sid }: Server): string {
  const peers = view.surveys?.[id]?.host?.peers;
  if (peers === undefined) return `${id}: its connections were not looked at`;
  const found = peers.filter((peer) => peer.sid === sid);
  return found.length === 0
    ? `${id}: no connection with ${otherId} on the election port`
    : `${id}: ${found.map(stateLine).join(', ')}`;
}

function stateLine({ address, port, established }: PeerFacts): string {
  return `${address}:${port} ${established ? 'established' : 'not established'}`;
}
