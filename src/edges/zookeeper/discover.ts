import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Endpoint, Ensemble, Server, Timing } from '../../model/ensemble.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import { askAdmin } from './admin-server.ts';
import { askWord } from './four-letter-word.ts';
import {
  type Member,
  type Membership,
  parseConf,
  parseMembership,
  parseVotingView,
} from './parse-members.ts';
import { nameOf } from './socket-failure.ts';

/** Reads a znode through a session of its own with one server; throws when it cannot. */
export type ReadZnode = (
  settings: EnsembleSettings,
  server: Endpoint,
  path: string,
  timeoutMs: number,
) => Promise<string>;

/** What one configured server says of itself and its ensemble. */
interface Report {
  readonly server: Server;
  readonly sid?: number;
  readonly timing?: Timing;
  readonly membership?: Membership;
}

/**
 * The ensemble as it knows itself: members and roles from `/zookeeper/config`, `conf` or the AdminServer, timing from `conf`.
 * Configured ids and AdminServers stay; a role is what the ensemble says, and a configured server that is no member has no
 * vote. Undefined when no server could tell anything.
 */
export async function discoverEnsemble(
  settings: EnsembleSettings,
  readZnode?: ReadZnode,
): Promise<Ensemble | undefined> {
  const reports = (
    await Promise.all(settings.servers.map((server) => reportOf(settings, server)))
  ).filter((report) => report !== undefined);
  if (reports.length === 0) return undefined;
  const timing = reports.find((report) => report.timing !== undefined)?.timing ?? settings.timing;
  const configured = settings.servers.map((server) => {
    const sid = reports.find((report) => report.server.id === server.id)?.sid ?? server.sid;
    return sid === undefined ? server : { ...server, sid };
  });
  if (!settings.discover) return { id: settings.id, servers: configured, timing };

  const membership = await newestMembership(settings, reports, readZnode);
  if (membership === undefined) return { id: settings.id, servers: configured, timing };
  return { id: settings.id, servers: await merge(settings, configured, membership), timing };
}

/** Undefined when the server is not there at all. */
async function reportOf(settings: EnsembleSettings, server: Server): Promise<Report | undefined> {
  const { timeoutMs } = settings.probe;
  const answer = await askWord({
    endpoint: server.client,
    word: 'conf',
    timeoutMs,
    ...(settings.tls === undefined ? {} : { tls: settings.tls }),
  });
  if (answer.kind === 'text') return { server, ...parseConf(answer.text) };
  if (answer.reason !== 'not-allowed') return undefined;
  if (server.admin === undefined) return { server };
  const view = await askAdmin(server.admin, 'voting_view', timeoutMs);
  const membership = view.kind === 'text' ? parseVotingView(view.text) : undefined;
  return { server, ...(membership === undefined ? {} : { membership }) };
}

/** The znode of one server that answers is the truth; where none can be read, the newest of what `conf` said. */
async function newestMembership(
  settings: EnsembleSettings,
  reports: readonly Report[],
  readZnode: ReadZnode | undefined,
): Promise<Membership | undefined> {
  const { timeoutMs } = settings.probe;
  for (const { server } of readZnode === undefined ? [] : reports) {
    try {
      const text = await readZnode?.(settings, server.client, '/zookeeper/config', timeoutMs);
      const membership = parseMembership(text ?? '');
      if (membership !== undefined) return membership;
    } catch {
      // The next server may be able to; without any, `conf` speaks.
    }
  }
  return reports
    .flatMap((report) => report.membership ?? [])
    .reduce<Membership | undefined>(
      (newest, next) => (newest === undefined || next.version > newest.version ? next : newest),
      undefined,
    );
}

async function merge(
  settings: EnsembleSettings,
  configured: readonly Server[],
  membership: Membership,
): Promise<readonly Server[]> {
  const left = [...configured];
  const members: Server[] = [];
  for (const member of membership.members) {
    const client = clientOf(settings, member);
    const index = await indexOfMember(left, member, client);
    const [known] = index < 0 ? [] : left.splice(index, 1);
    const server = known ?? { id: nameOf(client), client };
    members.push({ ...server, sid: member.sid, role: member.role });
  }
  return [
    ...configured.map(
      (server) => members.find(({ id }) => id === server.id) ?? withoutVote(server),
    ),
    ...members.filter(({ id }) => !configured.some((server) => server.id === id)),
  ];
}

function withoutVote(server: Server): Server {
  return { ...server, role: 'observer' };
}

/**
 * Where clients reach a member. A client address the membership does not tell, or tells of the plain port while we speak TLS, is
 * taken to have the port of the configured servers.
 */
function clientOf(settings: EnsembleSettings, member: Member): Endpoint {
  const ports = settings.servers.map((server) => server.client.port);
  const isOurs =
    member.client !== undefined &&
    (settings.tls === undefined || ports.includes(member.client.port));
  if (isOurs && member.client !== undefined) return member.client;
  return { host: member.host, port: ports[0] ?? 2181 };
}

/** The configured server that is this member: the same sid, else the same client address, by name or by what it resolves to. */
async function indexOfMember(
  servers: readonly Server[],
  member: Member,
  client: Endpoint,
): Promise<number> {
  const bySid = servers.findIndex((server) => server.sid === member.sid);
  if (bySid >= 0) return bySid;
  for (const [index, server] of servers.entries()) {
    if (server.sid !== undefined || server.client.port !== client.port) continue;
    if (server.client.host.toLowerCase() === client.host.toLowerCase()) return index;
    const [one, other] = await Promise.all([addressOf(server.client), addressOf(client)]);
    if (one !== undefined && one === other) return index;
  }
  return -1;
}

async function addressOf(endpoint: Endpoint): Promise<string | undefined> {
  if (isIP(endpoint.host) !== 0) return endpoint.host;
  try {
    return (await lookup(endpoint.host)).address;
  } catch {
    return undefined;
  }
}
