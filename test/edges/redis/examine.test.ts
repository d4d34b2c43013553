import { afterEach, describe, expect, it } from 'vitest';
import { diagnoseRedis } from '../../../src/app/doctor-redis.ts';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import { examineRedis, readRedisClock } from '../../../src/edges/redis/examine.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../../servers/redis.ts';
import { recordingLog } from '../../support/log.ts';

describe('a real Redis, examined', () => {
  let redis: RedisServer | undefined;
  let link: RedisLink | undefined;

  afterEach(async () => {
    await link?.close();
    await redis?.close();
  });

  async function open(options?: RedisServerOptions): Promise<RedisLink> {
    redis = await startRedis(options);
    link = connectRedis({ url: redis.url, prefix: 'test', log: recordingLog() });
    return link;
  }

  it('says its version, how fast it answers, and what its clock shows', async () => {
    const found = await examineRedis(await open({ appendonly: true }));

    expect(found.version).toMatch(/^\d+\./u);
    expect(found.pingMs).toBeGreaterThan(0);
    expect(Math.abs(found.skewMs)).toBeLessThanOrEqual(found.errorMs + 50);
    expect(found.failing).toEqual([]);
  });

  it('keeps what it is told, or names the setting that would', async () => {
    const durable = await diagnoseRedis(await open({ appendonly: true }));
    await link?.close();
    await redis?.close();
    const forgetful = await diagnoseRedis(await open({ appendonly: false }));

    expect(durable.map(({ code }) => code)).toContain('redis-keeps');
    expect(forgetful).toContainEqual(
      expect.objectContaining({
        code: 'redis-risk',
        facts: expect.objectContaining({ finding: 'redis-append-only' }) as object,
      }),
    );
  });

  it('is away, and says so', async () => {
    const opened = await open();
    await redis?.close();

    expect(await diagnoseRedis(opened)).toMatchObject([{ code: 'redis-away', outcome: 'wrong' }]);
    await expect(readRedisClock(opened)).rejects.toThrow(/Redis|connection/iu);
  });
});
