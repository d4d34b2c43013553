import type { Endpoint, Server } from '../../model/ensemble.ts';
import type { Member } from './parse-members.ts';
import { nameOf } from './socket-failure.ts';

export interface MergeInput {
  /** As configured; the sid where the server itself told it. */
  readonly configured: readonly Server[];
  readonly members: readonly Member[];
  /** What host names resolve to, as far as they do. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Whether clients speak TLS: the client address of the membership is that of the plain port. */
  readonly isTls: boolean;
}

/**
 * The servers of an ensemble: each member once, under its configured id and addresses where it is configured. Roles are what
 * the ensemble says. A configured server that is no member keeps its place and has no vote.
 */
export function mergeMembers(input: MergeInput): readonly Server[] {
  const { configured, members } = input;
  const matches = new Map<Member, Server>();
  for (const isSame of waysToMatch(input)) {
    for (const member of members) {
      if (matches.has(member)) continue;
      const taken = new Set(matches.values());
      const found = configured.filter((server) => !taken.has(server) && isSame(server, member));
      // Two candidates are none: behind one host there may be several servers.
      if (found.length === 1 && found[0] !== undefined) matches.set(member, found[0]);
    }
  }
  pairTheLast(input, matches);

  const memberOf = new Map([...matches].map(([member, server]) => [server.id, member]));
  return [
    ...configured.map((server) => {
      const member = memberOf.get(server.id);
      if (member === undefined) return { ...server, role: 'observer' } as const;
      return { ...server, sid: member.sid, role: member.role };
    }),
    ...members
      .filter((member) => !matches.has(member))
      .map((member) => {
        const client = clientOf(input, member);
        return { id: nameOf(client), client, sid: member.sid, role: member.role };
      }),
  ];
}

/** From the surest to the vaguest: what a server said of itself, the address clients use, the host its peers use. */
function waysToMatch(input: MergeInput): readonly ((server: Server, member: Member) => boolean)[] {
  const isSameHost = (one: string, other: string) =>
    one.toLowerCase() === other.toLowerCase() || addressOf(one) === addressOf(other);
  const addressOf = (host: string) => input.addresses[host] ?? host;
  const isUnknown = (server: Server) => server.sid === undefined;
  return [
    (server, member) => server.sid === member.sid,
    (server, member) => {
      const client = clientOf(input, member);
      const { host, port } = server.client;
      return isUnknown(server) && port === client.port && isSameHost(host, client.host);
    },
    (server, member) =>
      isUnknown(server) &&
      isSameHost(server.client.host, member.host) &&
      input.members.filter((other) => isSameHost(other.host, member.host)).length === 1,
  ];
}

/** When all are configured and one pair is left over, it is one server seen from two sides of a port mapping. */
function pairTheLast(input: MergeInput, matches: Map<Member, Server>): void {
  const { configured, members } = input;
  const taken = new Set(matches.values());
  const [server, ...others] = configured.filter((it) => !taken.has(it));
  const [member, ...rest] = members.filter((it) => !matches.has(it));
  const isLast = others.length === 0 && rest.length === 0 && configured.length > 1;
  if (isLast && server?.sid === undefined && server !== undefined && member !== undefined)
    matches.set(member, server);
}

/** Where clients reach a member; the port of the configured servers where the membership does not say, or says the plain one. */
function clientOf({ configured, isTls }: MergeInput, member: Member): Endpoint {
  const ports = configured.map((server) => server.client.port);
  const { client } = member;
  if (client !== undefined && (!isTls || ports.includes(client.port))) return client;
  return { host: member.host, port: ports[0] ?? defaultClientPort };
}

/** `clientPort` of ZooKeeper's sample configuration. */
const defaultClientPort = 2181;
