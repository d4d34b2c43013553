import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Timing } from '../../src/model/ensemble.ts';
import type { TlsSettings } from '../../src/model/settings.ts';

/** Where servers listen that are given no addresses of their own. */
const loopback = '127.0.0.1';

export interface EnsembleOptions {
  /** Voters, default 3; 1 is a standalone server. */
  readonly servers?: number;
  /** Default 0. */
  readonly observers?: number;
  /** Default 2000. */
  readonly tickTimeMs?: number;
  /** Default 10. */
  readonly initLimit?: number;
  /** Default 5. */
  readonly syncLimit?: number;
  /** Four-letter words allowed, default `*`; ZooKeeper's own default is `srvr`. */
  readonly whitelist?: string;
  /** Whether the AdminServer runs, default false. */
  readonly admin?: boolean;
  /** The client port speaks TLS alone and wants a client certificate unless `clientAuth` is `none`. See `certificates.ts`. */
  readonly tls?: {
    /** Certificate and PKCS8 key of the server in one PEM file. */
    readonly serverFile: string;
    readonly clientAuth?: 'need' | 'none';
    /** What a client needs. */
    readonly client: TlsSettings;
  };
  /** Lines added to every zoo.cfg: `{ 'readonlymode.enabled': true }`. */
  readonly extraConfig?: Readonly<Record<string, string | number | boolean>>;
  readonly jvmFlags?: readonly string[];
  /** The address of each server, voters first; all on 127.0.0.1 by default. */
  readonly addresses?: readonly string[];
  /** What each server is started through, voters first: `[['ip', 'netns', 'exec', 'lab-1'], …]`. */
  readonly prefixes?: readonly (readonly string[])[];
}

/** One server to be: its number, its role, its ports. */
export interface ServerPlan {
  readonly id: string;
  readonly sid: number;
  readonly role: 'voter' | 'observer';
  readonly host: string;
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
  readonly admin: number;
}

/** Numbers the servers, voters first, and finds ports for them. */
export async function planServers(
  voters: number,
  observers: number,
  addresses: readonly string[] = [],
): Promise<readonly ServerPlan[]> {
  const size = voters + observers;
  const ports = await freePorts(size * 4);
  return Array.from({ length: size }, (_, index) => {
    const [client = 0, quorum = 0, election = 0, admin = 0] = ports.slice(index * 4, index * 4 + 4);
    const role = index < voters ? 'voter' : 'observer';
    const host = addresses[index] ?? loopback;
    return { sid: index + 1, id: `zk${index + 1}`, role, host, client, quorum, election, admin };
  });
}

/** The list of servers, the same for all. With TLS the client address is not part of it. */
export function serverLines(
  plans: readonly ServerPlan[],
  options: EnsembleOptions,
): readonly string[] {
  return plans.map(
    ({ sid, role, host, client, quorum, election }) =>
      `server.${sid}=${host}:${quorum}:${election}:${role === 'voter' ? 'participant' : 'observer'}` +
      (options.tls ? '' : `;${host}:${client}`),
  );
}

/** The lines of zoo.cfg that concern one server, without the list of servers. */
export function configLines(
  options: EnsembleOptions,
  timing: Timing,
  plan: ServerPlan,
  dataDir: string,
): readonly string[] {
  const isAlone = (options.servers ?? 3) + (options.observers ?? 0) === 1;
  const config: Record<string, string | number | boolean> = {
    tickTime: timing.tickTimeMs,
    initLimit: timing.initLimit,
    syncLimit: timing.syncLimit,
    dataDir,
    // All tests come from one address: the default of 60 connections would refuse them.
    maxClientCnxns: 0,
    '4lw.commands.whitelist': options.whitelist ?? '*',
    'admin.enableServer': options.admin ?? false,
    ...(options.admin ? { 'admin.serverAddress': plan.host, 'admin.serverPort': plan.admin } : {}),
    ...(plan.role === 'observer' ? { peerType: 'observer' } : {}),
    ...(options.tls
      ? {
          serverCnxnFactory: 'org.apache.zookeeper.server.NettyServerCnxnFactory',
          secureClientPort: plan.client,
          secureClientPortAddress: plan.host,
          'ssl.keyStore.location': options.tls.serverFile,
          'ssl.keyStore.type': 'PEM',
          'ssl.trustStore.location': options.tls.client.caFile ?? '',
          'ssl.trustStore.type': 'PEM',
          'ssl.clientAuth': options.tls.clientAuth ?? 'need',
        }
      : isAlone
        ? { clientPort: plan.client, clientPortAddress: plan.host }
        : {}),
    ...options.extraConfig,
  };
  return Object.entries(config).map(([key, value]) => `${key}=${value}`);
}

/**
 * Free ports below the range the kernel gives to outgoing connections: a killed server's port stays free for its restart, and a
 * connection to it can never meet itself.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const low = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
  const found: number[] = [];
  let port = 12_000 + Math.floor(Math.random() * (low - 12_000 - count * 20));
  for (; found.length < count; port += 1) if (await isFree(port)) found.push(port);
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, loopback, () => probe.close(() => resolve(true)));
  });
}
