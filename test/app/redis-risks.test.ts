import { afterEach, describe, expect, it } from 'vitest';
import { tellRedisRisks } from '../../src/app/redis-risks.ts';
import { connectRedis, type RedisLink } from '../../src/edges/redis/connect.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const open: (RedisServer | RedisLink)[] = [];

async function start(appendonly: boolean) {
  const server = await startRedis({ appendonly });
  open.push(server);
  const log = createRecordingLog();
  const link = connectRedis({ url: server.url, prefix: 'nk', log });
  open.push(link);
  tellRedisRisks(link, log);
  return { server, log, link };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe('tellRedisRisks', () => {
  it('says at the start which setting of Redis would lose incidents, and what to set', async () => {
    const { log } = await start(false);

    await until('a warning', () => log.messages('warn').length > 0);

    expect(log.lines).toContainEqual({
      level: 'warn',
      facts: expect.objectContaining({
        code: 'redis-append-only',
        line: expect.stringContaining('Set "appendonly yes"'),
      }),
      message: 'Redis puts incidents at risk',
    });
  });

  it('says it once, however often the connection comes back, and again when it has changed', async () => {
    const { server, log, link } = await start(false);
    await until('a warning', () => log.messages('warn').length === 1);

    await server.restart();
    await until('the new connection', () => log.messages('info').includes('Redis answers again'));
    await link.ask((client) => client.config('SET', 'appendonly', 'yes'));
    await link.ask((client) => client.config('SET', 'appendfsync', 'no'));
    await link
      .ask((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no'))
      .catch(() => undefined);

    await until('another warning', () => log.messages('warn').length === 2);
    expect(log.lines.at(-1)?.facts).toMatchObject({ code: 'redis-append-fsync' });
  });
});
