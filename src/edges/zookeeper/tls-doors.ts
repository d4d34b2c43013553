import type { Endpoint, Server } from '../../model/ensemble.ts';
import type { EnsembleSettings, TlsSettings } from '../../model/settings.ts';
import type { CertificateFacts, SurveyFacts } from '../../model/survey.ts';
import { readCertificate } from './certificate.ts';

/** A port of a server that speaks TLS, and the addresses under which it may be reached. */
export interface TlsDoor {
  readonly port: number;
  readonly hosts: readonly string[];
  readonly use?: 'servers' | 'admins';
}

/**
 * The ports of a server that speak TLS, as far as the server or our own configuration says. Nothing is tried: an election port that
 * speaks plainly takes a TLS greeting for a broken peer.
 */
export function tlsDoors(
  settings: EnsembleSettings,
  server: Server,
  known: SurveyFacts,
): readonly TlsDoor[] {
  const { conf } = known;
  const { host } = server.client;
  const secure = conf?.secureClientPort ?? 0;
  const clients = new Set([
    ...(settings.tls === undefined ? [] : [server.client.port]),
    ...(secure > 0 ? [secure] : []),
  ]);
  const election = electionOf(server, known);
  return [
    ...[...clients].map((port) => ({ port, hosts: [host] })),
    ...(election !== undefined && speaksQuorumTls(settings, known)
      ? [{ ...election, use: 'servers' } as const]
      : []),
    ...(server.admin !== undefined && speaksAdminTls(known)
      ? [{ port: server.admin.port, hosts: [server.admin.host], use: 'admins' } as const]
      : []),
  ];
}

/** The election port is open on every server, the quorum port on the leader alone; both show the same certificate. */
function electionOf(
  { client, sid }: Server,
  { conf, host }: SurveyFacts,
): Pick<TlsDoor, 'port' | 'hosts'> | undefined {
  const own = conf?.serverId ?? sid;
  const line = (conf?.members ?? host?.members)?.find((member) => member.sid === own);
  const port = conf?.electionPort ?? line?.electionPort ?? 0;
  if (port <= 0) return undefined;
  const there = line?.quorum.host;
  const isOther = there !== undefined && there !== client.host && !wildcards.includes(there);
  return { port, hosts: isOther ? [there, client.host] : [client.host] };
}

const wildcards: readonly string[] = ['0.0.0.0', '::', '[::]', '0:0:0:0:0:0:0:0'];

function speaksQuorumTls({ quorumTls }: EnsembleSettings, known: SurveyFacts): boolean {
  const { admin, host } = known;
  return quorumTls ?? (admin?.quorumTls === true || host?.settings?.['sslQuorum'] === 'true');
}

function speaksAdminTls({ host }: SurveyFacts): boolean {
  const { settings = {} } = host ?? {};
  return ['admin.portUnification', 'admin.forceHttps'].some((key) => settings[key] === 'true');
}

/**
 * Reads the certificates of ports. One that does not answer now keeps what was known of it: its date has not changed, and to forget it
 * would end the card about it.
 */
export async function readDoors(
  doors: readonly TlsDoor[],
  by: {
    readonly tls?: TlsSettings;
    readonly known: readonly CertificateFacts[];
    readonly leftMs: () => number;
    readonly now: () => number;
  },
): Promise<{ readonly known: readonly CertificateFacts[]; readonly failed?: string }> {
  const known: CertificateFacts[] = [];
  let failed: string | undefined;
  for (const { port, hosts, use } of doors) {
    let found: CertificateFacts | string = 'no time left';
    for (const host of hosts) {
      if (by.leftMs() < 1) break;
      const endpoint: Endpoint = { host, port };
      found = await readCertificate(endpoint, by.tls, Math.max(1, by.leftMs()), by.now);
      if (typeof found !== 'string') break;
    }
    const old = by.known.find((each) => each.port === port);
    if (typeof found === 'string') failed ??= found;
    if (typeof found !== 'string') known.push({ ...found, ...(use === undefined ? {} : { use }) });
    else if (old !== undefined) known.push(old);
  }
  return { known, ...(failed === undefined ? {} : { failed }) };
}
