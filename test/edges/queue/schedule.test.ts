import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createSchedule } from '../../../src/edges/queue/schedule.ts';
import type { RedisConfig } from '../../../src/edges/redis/config.ts';
import { connectRedis } from '../../../src/edges/redis/connect.ts';
import { type ScheduleUnderTest, scheduleContract } from '../../contract/schedule.contract.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../servers/redis-cluster.ts';
import { type RedisSentinel, startRedisSentinel } from '../../servers/redis-sentinel.ts';
import { createFakeClock } from '../../support/clock.ts';
import { recordingLog } from '../../support/log.ts';
import { createMemorySchedule } from '../../support/memory/schedule.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';

/** The longest thing a test waits for is a job that fails five times: 7.5 s of waits. */
const patienceMs = 20_000;

let server: RedisServer;
let cluster: RedisCluster;
let sentinel: RedisSentinel;

beforeAll(async () => {
  server = await startRedis();
  cluster = await startRedisCluster();
  sentinel = await startRedisSentinel();
});

afterAll(() => Promise.all([server, cluster, sentinel].map((each) => each.close())));

function onBullmq(where: () => Partial<RedisConfig>): Promise<ScheduleUnderTest> {
  const log = recordingLog();
  const prefix = randomUUID();
  const redis = connectRedis({ url: 'redis://127.0.0.1:1', prefix, log, ...where() });
  const schedule = createSchedule({ connection: redis.connection, prefix, clock: realClock, log });
  return Promise.resolve({
    schedule,
    log,
    now: () => Date.now(),
    until: async (what, isSo) => {
      await until(what, isSo, patienceMs);
    },
    pass: (ms) => realClock.sleep(ms),
    async close() {
      await schedule.stop(1000);
      await redis.close();
    },
  });
}

function inMemory(): Promise<ScheduleUnderTest> {
  const clock = createFakeClock();
  const log = recordingLog();
  const schedule = createMemorySchedule({ clock, log });
  return Promise.resolve({
    schedule,
    log,
    now: () => clock.now(),
    async until(what, isSo) {
      const endMs = clock.now() + patienceMs;
      while (!(await isSo())) {
        if (clock.now() > endMs) throw new Error(`never came: ${what}`);
        await clock.advance(10);
      }
    },
    pass: (ms) => clock.advance(ms),
    close: () => schedule.stop(1000),
  });
}

scheduleContract('memory', inMemory);
scheduleContract('BullMQ', () => onBullmq(() => ({ url: server.url })));
scheduleContract('BullMQ on a cluster', () => onBullmq(() => ({ cluster: cluster.urls })));
scheduleContract('BullMQ behind sentinels', () =>
  onBullmq(() => ({ sentinels: sentinel.sentinels, master: sentinel.master })),
);
