import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from './redis.ts';

describe('startRedis', () => {
  const servers: RedisServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('keeps acknowledged writes over kill -9 and a restart on the same port', async () => {
    const server = await startRedis();
    servers.push(server);
    const before = new Redis(server.url, { lazyConnect: true });
    await before.set('kept', 'yes');
    before.disconnect();
    const firstPid = server.pid;

    await server.kill('SIGKILL');
    await server.restart();

    const after = new Redis(server.url, { lazyConnect: true });
    expect(await after.get('kept')).toBe('yes');
    expect(server.pid).not.toBe(firstPid);
    after.disconnect();
  });

  it('leaves nothing behind when closed', async () => {
    const server = await startRedis();

    await server.close();

    expect(existsSync(server.dir)).toBe(false);
    expect(() => process.kill(server.pid, 0)).toThrow(/ESRCH/u);
  });
});
