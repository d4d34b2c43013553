import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import type { MemberFacts } from '../../model/survey.ts';
import { ofServersOrEnsemble } from './signs/judged.ts';
import { membersOf } from './signs/surveyed.ts';

/** Two polls of 5 s: a reconfiguration reaches all servers in less. */
const thresholds = { holdMs: 10_000 };

/**
 * A server believes in other servers than the rest. Nothing shows until the next election, which then may find no leader: one of
 * three that listed five stayed out for ever, and blocked it.
 */
export const membershipDrift: Detector = ofServersOrEnsemble({
  name: 'membership-drift',
  severity: 'page',
  thresholds,
  judge: (view, _limit, servers) => {
    const lists = view.ensemble.servers.flatMap(({ id }) => {
      const known = membersOf(view, id);
      return known === undefined ? [] : [{ id, ...known }];
    });
    const right = reference(lists.map(({ members }) => members));
    return servers.map(({ id }) => {
      const own = lists.find((list) => list.id === id);
      if (own === undefined || right === undefined || lists.length < 2)
        return { server: id, judgement: { verdict: 'unknown' } as const };
      const differences = differencesOf(own.members, right);
      const otherSet = sidsOf(own.members) !== sidsOf(right);
      return {
        server: id,
        judgement: {
          verdict: differences.length === 0 ? ('clear' as const) : ('firing' as const),
          severity: otherSet ? ('page' as const) : ('warn' as const),
          facts: {
            listed: own.members.length,
            expected: right.length,
            otherSet,
            source: own.source,
            differences: differences.slice(0, 5),
          },
          evidence: [...differences.map((text) => `${id}: ${text}`), ...listsOf(view, lists)],
        },
      };
    });
  },
});

type Members = readonly MemberFacts[];

function listsOf(
  view: EnsembleView,
  lists: readonly { readonly id: ServerId; readonly members: Members; readonly source: string }[],
): readonly string[] {
  return view.ensemble.servers.flatMap(({ id }) => {
    const list = lists.find((one) => one.id === id);
    return list === undefined ? [] : [`${id} (${list.source}): servers ${sidsOf(list.members)}`];
  });
}

/** The list most servers agree on; the first of two that differ. */
function reference(lists: readonly Members[]): Members | undefined {
  const votes = lists.map((list) => ({
    list,
    alike: lists.filter((other) => differencesOf(other, list).length === 0).length,
  }));
  return votes.toSorted((a, b) => b.alike - a.alike)[0]?.list;
}

function sidsOf(members: Members): string {
  return members
    .map(({ sid }) => sid)
    .sort((a, b) => a - b)
    .join(',');
}

/** In which lines two lists differ. Where hosts are written in different ways (a name, an address, `0.0.0.0`), they are taken for one. */
function differencesOf(own: Members, right: Members): readonly string[] {
  const missing = right.filter(({ sid }) => !own.some((one) => one.sid === sid));
  const extra = own.filter(({ sid }) => !right.some((one) => one.sid === sid));
  const changed = own.flatMap((one) => {
    const other = right.find(({ sid }) => sid === one.sid);
    return other === undefined ? [] : changesOf(one, other);
  });
  return [
    ...missing.map(({ sid }) => `server.${sid} is missing`),
    ...extra.map(({ sid }) => `server.${sid} is too much`),
    ...changed,
  ];
}

function changesOf(own: MemberFacts, right: MemberFacts): readonly string[] {
  const pairs = [
    ['quorum port', own.quorum.port, right.quorum.port],
    ['election port', own.electionPort, right.electionPort],
    ['role', own.role, right.role],
    ...(isComparable(own.quorum.host, right.quorum.host)
      ? ([['host', own.quorum.host, right.quorum.host]] as const)
      : []),
  ] as const;
  return pairs
    .filter(([, a, b]) => a !== b)
    .map(([what, a, b]) => `server.${own.sid}: ${what} ${a} instead of ${b}`);
}

/** Two addresses, or two names that are both short or both long. */
function isComparable(a: string, b: string): boolean {
  if (isAddress(a) !== isAddress(b) || isWildcard(a) || isWildcard(b)) return false;
  return isAddress(a) || a.includes('.') === b.includes('.');
}

/** `0.0.0.0`, `::`: what a server writes for its own address. */
function isWildcard(host: string): boolean {
  return /^[0.:]+$/u.test(host);
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/u.test(host);
}
