import { Redis } from 'ioredis';
import { freePort } from '../support/bot-process.ts';
import { until } from '../support/until.ts';
import { type RedisServer, startRedis } from './redis.ts';

const slots = 16_384;

/** How long a master may be silent before the cluster counts it as gone. */
const nodeTimeoutMs = 2_000;

/** A real Redis Cluster of masters, each with its share of the slots, and replicas if wanted. */
export interface RedisCluster {
  readonly urls: readonly string[];
  /** Masters first, then a replica of each in the same order. */
  readonly servers: readonly RedisServer[];
  /** The server that is the master of a key now. */
  masterOf(key: string): Promise<RedisServer>;
  close(): Promise<void>;
}

export async function startRedisCluster({
  masters = 3,
  replicas = false,
}: {
  readonly masters?: number;
  /** One for each master, which takes over when it is gone. */
  readonly replicas?: boolean;
} = {}): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  for (let index = 0; index < (replicas ? 2 : 1) * masters; index += 1) {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)];
    // The usual bus port is the client port plus 10000, which a free port may not have.
    const bus = String(await freePort());
    servers.push(
      await startRedis({ appendfsync: 'always', args: [...args, '--cluster-port', bus] }),
    );
  }
  const clients = servers.map(({ url }) => new Redis(url));
  try {
    await join(clients, masters);
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    urls: servers.map(({ url }) => url),
    servers,
    masterOf: (key) => masterOf(servers, key),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** Makes one cluster of servers that know nothing of each other; those after the masters become their replicas. */
async function join(clients: readonly Redis[], masters: number): Promise<void> {
  const ids = await Promise.all(
    clients.map(async (client) => String(await client.call('CLUSTER', 'MYID'))),
  );
  await Promise.all(
    clients.slice(0, masters).map((client, at) => {
      const [from, to] = [at, at + 1].map((share) => Math.floor((slots * share) / masters));
      return client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1));
    }),
  );
  for (const { port, busPort } of await Promise.all(clients.map(busOf)))
    await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort));
  const nodesOf = async (client: Redis) => String(await client.call('CLUSTER', 'NODES'));
  for (const client of clients)
    await until('all know each other', async () => {
      const nodes = await nodesOf(client);
      return ids.every((id) => nodes.includes(id)) && !nodes.includes('handshake');
    });
  for (const [index, client] of clients.slice(masters).entries())
    await client.call('CLUSTER', 'REPLICATE', ids[index] ?? '');
  for (const client of clients)
    await until('the cluster stands', async () => {
      const info = String(await client.call('CLUSTER', 'INFO'));
      const replicas = (await nodesOf(client))
        .split('\n')
        .filter((line) => / slave|,slave/u.test(line));
      return info.includes('cluster_state:ok') && replicas.length === clients.length - masters;
    });
  for (const client of clients.slice(masters))
    await until('a replica has what its master has', async () =>
      (await client.info('replication')).includes('master_link_status:up'),
    );
}

async function masterOf(servers: readonly RedisServer[], key: string): Promise<RedisServer> {
  for (const server of servers) {
    const client = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      // A server that holds the slot answers; another one points to it.
      await client.exists(key);
      return server;
    } catch {
      continue;
    } finally {
      client.disconnect();
    }
  }
  throw new Error(`no server holds ${key}`);
}

async function busOf(client: Redis): Promise<{ port: number; busPort: number }> {
  const [, port, busPort] =
    /:(\d+)@(\d+)/u.exec(String(await client.call('CLUSTER', 'NODES'))) ?? [];
  return { port: Number(port), busPort: Number(busPort) };
}
