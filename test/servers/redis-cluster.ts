import { Redis } from 'ioredis';
import { freePort } from '../support/bot-process.ts';
import { until } from '../support/until.ts';
import { type RedisServer, startRedis } from './redis.ts';

const slots = 16_384;

/** How long a master may be silent before the cluster counts it as gone. */
const nodeTimeoutMs = 2_000;

/** A real Redis Cluster of masters, each with its share of the slots. */
export interface RedisCluster {
  readonly urls: readonly string[];
  readonly servers: readonly RedisServer[];
  close(): Promise<void>;
}

export async function startRedisCluster(masters = 3): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  for (let index = 0; index < masters; index += 1) {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)];
    // The usual bus port is the client port plus 10000, which a free port may not have.
    const bus = String(await freePort());
    servers.push(
      await startRedis({ appendfsync: 'always', args: [...args, '--cluster-port', bus] }),
    );
  }
  const clients = servers.map(({ url }) => new Redis(url));
  try {
    const ids = await Promise.all(
      clients.map(async (client) => String(await client.call('CLUSTER', 'MYID'))),
    );
    await Promise.all(
      clients.map((client, at) => {
        const [from, to] = [at, at + 1].map((share) => Math.floor((slots * share) / masters));
        return client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1));
      }),
    );
    for (const { port, busPort } of await Promise.all(clients.map(busOf)))
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort));
    for (const client of clients) {
      await until('the cluster stands', async () => {
        const [info, nodes] = [
          String(await client.call('CLUSTER', 'INFO')),
          String(await client.call('CLUSTER', 'NODES')),
        ];
        return info.includes('cluster_state:ok') && ids.every((id) => nodes.includes(id));
      });
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    urls: servers.map(({ url }) => url),
    servers,
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function busOf(client: Redis): Promise<{ port: number; busPort: number }> {
  const [, port, busPort] =
    /:(\d+)@(\d+)/u.exec(String(await client.call('CLUSTER', 'NODES'))) ?? [];
  return { port: Number(port), busPort: Number(busPort) };
}
