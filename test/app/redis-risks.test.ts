import { afterEach, describe, expect, it } from 'vitest';
import { type RedisRisk, watchRedisRisks } from '../../src/app/redis-risks.ts';
import { connectRedis } from '../../src/edges/redis/connect.ts';
import { startRedis } from '../servers/redis.ts';
import { recordingLog } from '../support/log.ts';
import { until } from '../support/until.ts';

const open: { close(): unknown }[] = [];

async function start(appendonly: boolean) {
  const server = await startRedis({ appendonly });
  open.push(server);
  const log = recordingLog();
  const link = connectRedis({ url: server.url, prefix: 'nk', log });
  open.push(link);
  const told: (readonly RedisRisk[])[] = [];
  const watch = watchRedisRisks({
    link,
    log,
    language: () => 'en',
    onCostly(risks) {
      told.push(risks);
      return Promise.resolve();
    },
  });
  open.push({ close: () => watch.stop() });
  return { server, log, link, told, watch };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe('watchRedisRisks', () => {
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

  it('hands on what can cost incidents, and that it is mended', async () => {
    const { server, told, watch, link } = await start(false);
    await until('it is told', () => told.length === 1);
    expect(told[0]?.map(({ code }) => code)).toEqual(['redis-append-only']);
    expect(watch.risks()).toEqual(told[0]);

    await link.ask((client) => client.config('SET', 'appendonly', 'yes'));
    await until('the file is there', async () =>
      (await link.ask((client) => client.info('persistence'))).includes('aof_enabled:1'),
    );
    await link
      .ask((client) => client.call('CLIENT', 'KILL', 'SKIPME', 'no'))
      .catch(() => undefined);

    await until('the end is told', () => told.length === 2);
    expect(told[1]).toEqual([]);
    expect(watch.risks()).toEqual([]);
    expect(server.pid).toBeGreaterThan(0);
  });
});
