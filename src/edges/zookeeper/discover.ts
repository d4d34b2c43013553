import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Endpoint, Ensemble, Server, Timing } from '../../model/ensemble.ts';
import type { EnsembleSettings, TlsSettings } from '../../model/settings.ts';
import { askAdmin } from './admin-server.ts';
import { askWord } from './four-letter-word.ts';
import { mergeMembers } from './merge-members.ts';
import { type Membership, parseConf, parseMembership, parseVotingView } from './parse-members.ts';

/** Reads one znode from the first server that answers; throws when none does. */
export type ReadZnode = (
  servers: readonly Endpoint[],
  path: string,
  options: { readonly tls?: TlsSettings; readonly timeoutMs: number },
) => Promise<Buffer>;

/** What one configured server says of itself and its ensemble. */
interface Report {
  readonly server: Server;
  readonly sid?: number;
  readonly timing?: Timing;
  readonly membership?: Membership;
}

/**
 * The ensemble as it knows itself: members and roles from `/zookeeper/config`, else from `conf` or the AdminServer; timing from
 * `conf`. Undefined when no server could tell anything.
 */
export async function discoverEnsemble(
  settings: EnsembleSettings,
  readZnode: ReadZnode,
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
  const membership = settings.discover
    ? await membershipOf(settings, reports, readZnode)
    : undefined;
  if (membership === undefined) return { id: settings.id, servers: configured, timing };

  const { members } = membership;
  const addresses = await resolveAll(
    [...configured, ...members].flatMap((it) => hostsOf(it)),
    settings.probe.timeoutMs,
  );
  const isTls = settings.tls !== undefined;
  const servers = mergeMembers({ configured, members, addresses, isTls });
  return { id: settings.id, servers, timing };
}

/** Undefined when the server does not answer, or serves nobody. */
async function reportOf(settings: EnsembleSettings, server: Server): Promise<Report | undefined> {
  const { tls, probe } = settings;
  const answer = await askWord({
    endpoint: server.client,
    word: 'conf',
    timeoutMs: probe.timeoutMs,
    ...(tls === undefined ? {} : { tls }),
  });
  if (answer.kind === 'text') return { server, ...parseConf(answer.text) };
  if (answer.reason !== 'not-allowed') return undefined;
  if (server.admin === undefined) return { server };
  const view = await askAdmin(server.admin, 'voting_view', probe.timeoutMs);
  const membership = view.kind === 'text' ? parseVotingView(view.text) : undefined;
  return { server, ...(membership === undefined ? {} : { membership }) };
}

/** The znode is the truth; where it cannot be read (3.4, or a closed ACL), the newest of what `conf` said. */
async function membershipOf(
  settings: EnsembleSettings,
  reports: readonly Report[],
  readZnode: ReadZnode,
): Promise<Membership | undefined> {
  const { tls, probe } = settings;
  try {
    const data = await readZnode(
      reports.map(({ server }) => server.client),
      '/zookeeper/config',
      { timeoutMs: probe.timeoutMs, ...(tls === undefined ? {} : { tls }) },
    );
    const membership = parseMembership(data.toString('utf8'));
    if (membership !== undefined) return membership;
  } catch {
    // `conf` speaks instead.
  }
  return reports
    .flatMap((report) => report.membership ?? [])
    .reduce<Membership | undefined>(
      (newest, next) => (newest === undefined || next.version > newest.version ? next : newest),
      undefined,
    );
}

function hostsOf(it: { readonly host?: string; readonly client?: Endpoint }): readonly string[] {
  return [it.host, it.client?.host].filter((host) => host !== undefined);
}

/** The addresses of all names that resolve in time. */
async function resolveAll(
  hosts: readonly string[],
  timeoutMs: number,
): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set(hosts)].filter((host) => isIP(host) === 0);
  const found = new Map<string, string>();
  const lookups = names.map(async (name) => {
    try {
      found.set(name, (await lookup(name)).address);
    } catch {
      // A name that does not resolve is compared as it is written.
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.all(lookups), timeout]);
  clearTimeout(timer);
  return Object.fromEntries(found);
}
