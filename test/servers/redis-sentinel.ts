import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../support/bot-process.ts';
import { until } from '../support/until.ts';
import { type RedisServer, startRedis } from './redis.ts';

/** How long a master may be silent before a sentinel counts it as gone: short, so that tests do not wait. */
const downAfterMs = 1_000;

/** A real master with a replica, watched by three real sentinels. */
export interface RedisSentinel {
  readonly sentinels: readonly string[];
  /** The name under which the sentinels know the master. */
  readonly master: string;
  readonly servers: readonly RedisServer[];
  /** The server that the sentinels name right now. */
  current(): Promise<RedisServer>;
  close(): Promise<void>;
}

export async function startRedisSentinel(): Promise<RedisSentinel> {
  const name = 'nk';
  const first = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
  const second = await startRedis({ args: ['--replicaof', '127.0.0.1', String(first.port)] });
  const watchers = await Promise.all([1, 2, 3].map(() => startSentinel(name, first.port)));
  const ask = new Redis({ port: watchers[0]?.port ?? 0, maxRetriesPerRequest: null });
  // It may listen a moment later; the client tries again.
  ask.on('error', () => undefined);
  await until(
    'the sentinels know each other and the replica',
    async () => {
      const said = (await ask.call('SENTINEL', 'MASTER', name)) as readonly string[];
      const field = (key: string) => said[said.indexOf(key) + 1];
      return field('num-other-sentinels') === '2' && field('num-slaves') === '1';
    },
    30_000,
  );
  const replica = new Redis(second.url);
  await until('the replica has what the master has', async () =>
    (await replica.info('replication')).includes('master_link_status:up'),
  );
  replica.disconnect();
  return {
    sentinels: watchers.map(({ port }) => `redis://127.0.0.1:${port}`),
    master: name,
    servers: [first, second],
    async current() {
      const [, port] = (await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as string[];
      const found = [first, second].find((server) => String(server.port) === port);
      if (found === undefined) throw new Error(`nobody listens on ${port}`);
      return found;
    },
    async close() {
      ask.disconnect();
      await Promise.all(watchers.map((watcher) => watcher.close()));
      await Promise.all([first.close(), second.close()]);
    },
  };
}

async function startSentinel(name: string, masterPort: number) {
  const dir = await mkdtemp(join(tmpdir(), 'nightkeeper-sentinel-'));
  const port = await freePort();
  const file = join(dir, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${dir}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child: ChildProcess = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  const killOnExit = () => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    port,
    async close() {
      process.off('exit', killOnExit);
      child.kill('SIGKILL');
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
