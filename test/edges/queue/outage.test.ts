import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerMsMax,
  lockMs,
  reassertMs,
  stalledCheckMs,
} from '../../../src/edges/queue/limits.ts';
import { createSchedule } from '../../../src/edges/queue/schedule.ts';
import { connectRedis } from '../../../src/edges/redis/connect.ts';
import type { Job } from '../../../src/model/job.ts';
import type { Schedule } from '../../../src/ports/schedule.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../../servers/redis.ts';
import { type RecordingLog, recordingLog } from '../../support/log.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';

const observe: Job = { kind: 'observe', ensemble: 'orders', notices: [] };

/** From the moment Redis answers again. */
const recoveryMsMax = 3000;

interface Replica {
  readonly schedule: Schedule;
  readonly log: RecordingLog;
  /** Cuts its connections to Redis for ever, as a dying process does; its handlers go on. */
  cut(): Promise<void>;
}

describe('the schedule when things break', () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function aRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = await startRedis(options);
    closing.push(() => server.close());
    return server;
  }

  function aReplica(url: string, prefix: string = randomUUID()): Replica {
    const log = recordingLog();
    const redis = connectRedis({ url, prefix, log });
    const { connection } = redis;
    const schedule = createSchedule({ connection, prefix, clock: realClock, log });
    closing.push(async () => {
      await schedule.stop(500);
      await redis.close();
    });
    return { schedule, log, cut: () => redis.close() };
  }

  /** Begins to tick every 200 ms, and answers the moments of the ticks. */
  async function ticking(replica: Replica): Promise<readonly number[]> {
    const ticks = await toTick(replica);
    await until('it ticks', () => ticks.length > 1);
    return ticks;
  }

  /** The same, without waiting for the first tick. */
  async function toTick({ schedule }: Replica): Promise<readonly number[]> {
    const ticks: number[] = [];
    schedule.handle('observe', () => {
      ticks.push(Date.now());
      return Promise.resolve();
    });
    await schedule.start();
    await schedule.every('observe:orders', 200, 50, observe);
    return ticks;
  }

  async function untilTick(ticks: readonly number[], afterMs: number): Promise<number> {
    return until('it ticks again', () => ticks.find((atMs) => atMs > afterMs), 15_000);
  }

  it('goes on by itself after Redis was killed and restarted', async () => {
    const server = await aRedis();
    const replica = aReplica(server.url);
    const ticks = await ticking(replica);

    await server.kill('SIGKILL');
    await server.restart();
    const upMs = Date.now();

    expect((await untilTick(ticks, upMs)) - upMs).toBeLessThan(recoveryMsMax);
    expect(replica.log.messages('error')).toEqual(['Redis is not reachable']);
  });

  it('repeats again although the restarted Redis has lost everything', async () => {
    const server = await aRedis({ appendonly: false });
    const ticks = await ticking(aReplica(server.url));

    await server.kill('SIGKILL');
    await server.restart();
    const upMs = Date.now();

    expect((await untilTick(ticks, upMs)) - upMs).toBeLessThan(recoveryMsMax);
  });

  it('repeats again although everything was wiped under its feet', async () => {
    const server = await aRedis();
    const ticks = await ticking(aReplica(server.url));
    const client = new Redis(server.url);

    await client.flushall();
    client.disconnect();
    const wipedMs = Date.now();
    // One job may have been under way.
    const tick = await untilTick(ticks, wipedMs + 300);

    expect(tick - wipedMs).toBeLessThan(reassertMs + 1000);
  });

  it('keeps jobs that wait over a kill of Redis', async () => {
    const server = await aRedis();
    const { schedule } = aReplica(server.url);
    const seen: number[] = [];
    for (let incident = 1; incident <= 20; incident += 1)
      await schedule.now(
        { kind: 'fallback', ensemble: 'orders', incident },
        `deliver:${incident}:ops`,
      );

    await server.kill('SIGKILL');
    await server.restart();
    schedule.handle('fallback', (job) => {
      if (job.kind === 'fallback') seen.push(job.incident);
      return Promise.resolve();
    });
    await schedule.start();

    await until('all are delivered', () => seen.length >= 20);
    expect(new Set(seen).size).toBe(20);
  });

  it('says soon that it cannot take a job, and takes it when Redis is back', async () => {
    const server = await aRedis();
    const { schedule } = aReplica(server.url);
    await schedule.now(observe);
    await server.kill('SIGKILL');

    const beganMs = Date.now();
    await expect(schedule.now(observe)).rejects.toMatchObject({ code: 'queue-unavailable' });
    expect(Date.now() - beganMs).toBeLessThan(answerMsMax + 1000);

    await server.restart();
    await until('it takes jobs', async () => {
      await schedule.now(observe);
      return true;
    });
  });

  it('may start before its Redis', async () => {
    const server = await aRedis();
    await server.kill('SIGKILL');
    const ticks = await toTick(aReplica(server.url));

    await server.restart();
    const upMs = Date.now();

    expect((await untilTick(ticks, upMs)) - upMs).toBeLessThan(recoveryMsMax);
  });

  it('stops repeating, once Redis is back, what was taken off the list without it', async () => {
    const server = await aRedis();
    const replica = aReplica(server.url);
    const ticks = await ticking(replica);
    await server.kill('SIGKILL');

    await replica.schedule.only([]);
    await server.restart();
    const client = new Redis(server.url);

    await until('no job repeats', async () => {
      const keys = await client.keys('*:{~queue}:observe:repeat:*');
      return keys.length === 0;
    });
    client.disconnect();
    expect(ticks.length).toBeGreaterThan(1);
  });

  it('hands work of a replica that died to another one', async () => {
    const server = await aRedis();
    const prefix = randomUUID();
    const [dying, other] = [aReplica(server.url, prefix), aReplica(server.url, prefix)];
    const begun: string[] = [];
    let letGo: () => void = () => undefined;
    dying.schedule.handle('recover', () => {
      begun.push('dying');
      return new Promise((resolve) => {
        letGo = resolve;
      });
    });
    other.schedule.handle('recover', () => {
      begun.push('other');
      return Promise.resolve();
    });
    await dying.schedule.start();
    await dying.schedule.now({ kind: 'recover', ensemble: 'orders', recovery: 'r-1' }, 'r-1');
    await until('it has begun', () => begun.length > 0);

    await dying.cut();
    const cutMs = Date.now();
    await other.schedule.start();
    await until('the other has it', () => begun.includes('other'), 20_000);

    expect(begun).toEqual(['dying', 'other']);
    expect(Date.now() - cutMs).toBeLessThan(lockMs + 2 * stalledCheckMs);
    letGo();
  });

  it('shares the jobs between replicas, each run once', async () => {
    const server = await aRedis();
    const prefix = randomUUID();
    const replicas = [aReplica(server.url, prefix), aReplica(server.url, prefix)];
    const ran: number[] = [];
    for (const { schedule } of replicas) {
      schedule.handle('fallback', (job) => {
        if (job.kind === 'fallback') ran.push(job.incident);
        return Promise.resolve();
      });
      await schedule.start();
    }

    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        replicas[index % 2]!.schedule.now(
          { kind: 'fallback', ensemble: 'orders', incident: index % 50 },
          `deliver:${index}:ops`,
        ),
      ),
    );

    await until('all have run', () => ran.length >= 100);
    expect(ran).toHaveLength(100);
  });
});
