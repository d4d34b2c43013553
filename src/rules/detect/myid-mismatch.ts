import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { ofServers, unknown } from './signs/judged.ts';
import { hintOf, surveyed } from './signs/surveyed.ts';

const thresholds = { holdMs: 0 };

/** A server runs, or would run, under the number of another one: it cannot bind, or takes the other's place. */
export const myidMismatch: Detector = ofServers({
  name: 'myid-mismatch',
  severity: 'page',
  thresholds,
  judge: (view, server) => {
    const own = numberOf(view, server);
    if (own === undefined) return unknown;
    const twin = view.ensemble.servers.find(
      (other) => other.id !== server.id && numberOf(view, other)?.number === own.number,
    );
    const isOther = server.sid !== undefined && server.sid !== own.number;
    const expected = expectedOf(view, server);
    const isMisplaced = expected !== undefined && expected !== own.number;
    // Of two with one number, the one that is in its place is not at fault.
    const isFiring = isOther || isMisplaced || (twin !== undefined && server.sid === undefined);
    const bind = hintOf(surveyed(view, server.id, 'host'), 'bind-exception');
    return {
      verdict: isFiring ? 'firing' : 'clear',
      conclusive: isFiring,
      facts: {
        number: own.number,
        expected: server.sid ?? expected ?? -1,
        twin: twin?.id ?? '',
        source: own.source,
      },
      evidence: [
        `${server.id}: ${own.source} says ${own.number}, ${server.sid === undefined ? 'its address' : 'the ensemble'} says ${server.sid ?? expected ?? '?'}`,
        ...(twin === undefined ? [] : [`${twin.id}: has the number ${own.number}, too`]),
        ...(bind?.line === undefined ? [] : [`${server.id} log: ${bind.line}`]),
      ],
    };
  },
});

/** The file is the newer truth of a server that does not answer; 0 is what a server on its own says. */
function numberOf(
  view: EnsembleView,
  { id }: Server,
): { readonly number: number; readonly source: 'myid' | 'conf' } | undefined {
  const file = surveyed(view, id, 'host')?.myid;
  const conf = surveyed(view, id, 'conf')?.serverId;
  const answers = view.samples[id]?.kind === 'reading';
  if (conf !== undefined && conf !== 0 && answers) return { number: conf, source: 'conf' };
  return file === undefined ? undefined : { number: file, source: 'myid' };
}

/** The number the list of servers gives to the address under which the bot knows this one, where just one has it. */
function expectedOf(view: EnsembleView, { id, client }: Server): number | undefined {
  const host = surveyed(view, id, 'host');
  const conf = surveyed(view, id, 'conf');
  const members = host?.members ?? conf?.members ?? [];
  const there = members.filter(({ quorum }) => quorum.host === client.host);
  return there.length === 1 ? there[0]?.sid : undefined;
}
