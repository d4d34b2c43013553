import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBulletins } from '../../../src/edges/redis/bulletins.ts';
import { commandMsMax } from '../../../src/edges/redis/clients.ts';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import { createDeliveryLog } from '../../../src/edges/redis/delivery-log.ts';
import { createEnsembleStore } from '../../../src/edges/redis/ensemble-store.ts';
import { createIncidentStore } from '../../../src/edges/redis/incident-store.ts';
import { NightkeeperError } from '../../../src/model/errors.ts';
import type { Bulletin } from '../../../src/ports/bulletin.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { anIncident, nightMs } from '../../support/builders.ts';
import { recordingLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';

describe('an outage of Redis', () => {
  let server: RedisServer;
  let redis: RedisLink;
  const log = recordingLog();

  beforeEach(async () => {
    server = await startRedis({ appendfsync: 'always' });
    redis = connectRedis({ url: server.url, prefix: 'test', log });
  });

  afterEach(async () => {
    await redis.close();
    await server.close();
  });

  async function failureOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      (value) => new Error(`succeeded with ${JSON.stringify(value)}`),
      (error: unknown) => error,
    );
  }

  it('keeps every acknowledged commit over kill -9, and works again by itself within 3 s', async () => {
    const store = createIncidentStore(redis);
    const written: number[] = [];
    let isDown = false;
    const writing = (async () => {
      while (!isDown) {
        const id = await store.allocate('orders');
        const incident = anIncident({ id, fingerprint: `orders/test/${id}` });
        await store.commit({
          incident,
          expectedVersion: 0,
          events: [{ kind: 'paged', atMs: nightMs }],
          audit: [],
        });
        written.push(id);
      }
    })().catch(() => undefined);
    await until('some are written', () => written.length > 100);

    await server.kill('SIGKILL');
    isDown = true;
    await writing;
    await server.restart();
    const upMs = Date.now();
    await until('Redis is found again', () => store.open('orders'), 10_000);
    const foundAfterMs = Date.now() - upMs;

    const open = await store.open('orders');
    const kept = new Map(open.map((incident) => [incident.id, incident]));
    expect(written.filter((id) => !kept.has(id))).toEqual([]);
    expect(foundAfterMs).toBeLessThan(3000);
    // Whatever is there is whole: each incident with its timeline and on the restless list.
    const timelines = await Promise.all(open.map(({ id }) => store.events(id)));
    expect(timelines.filter((events) => events.length !== 1)).toEqual([]);
    expect(await store.restless('orders')).toHaveLength(open.length);
  });

  it('fails fast and with a code while Redis is gone, also when it just went', async () => {
    const store = createEnsembleStore(redis);
    await store.status('orders');
    await server.kill('SIGKILL');

    const tries: { readonly error: unknown; readonly tookMs: number }[] = [];
    for (let count = 0; count < 5; count += 1) {
      const beganMs = Date.now();
      tries.push({
        error: await failureOf(store.status('orders')),
        tookMs: Date.now() - beganMs,
      });
    }

    expect(tries.map(({ error }) => error instanceof NightkeeperError && error.code)).toEqual(
      Array.from({ length: 5 }, () => 'redis-unavailable'),
    );
    expect(Math.max(...tries.map(({ tookMs }) => tookMs))).toBeLessThan(commandMsMax + 1000);
    expect(tries.at(-1)?.tookMs).toBeLessThan(500);
    expect(redis.isUp()).toBe(false);
  });

  it('does not wait for ever for a Redis that hangs, and goes on when it wakes', async () => {
    const store = createEnsembleStore(redis);
    await store.status('orders');
    await server.kill('SIGSTOP');

    const beganMs = Date.now();
    const error = await failureOf(store.status('orders'));
    const tookMs = Date.now() - beganMs;
    await server.kill('SIGCONT');

    expect(error).toMatchObject({ code: 'redis-unavailable' });
    expect(tookMs).toBeLessThan(commandMsMax + 1000);
    await until('it answers', async () => (await store.recall('orders', [], 1)).memory);
  });

  it('is logged once, with its end, and each end is told', async () => {
    let ups = 0;
    await until('the first connection stands', () => redis.isUp());
    redis.onUp(() => {
      ups += 1;
    });
    const before = log.lines.length;

    await server.kill('SIGKILL');
    await until('commands are refused at once', async () =>
      /no connection/u.test(String(await failureOf(redis.ask((client) => client.ping())))),
    );
    await server.restart();
    await until('Redis is found again', () => ups > 0);

    const messages = log.lines.slice(before).map(({ level, message }) => `${level}: ${message}`);
    expect(messages).toEqual(['error: Redis is not reachable', 'info: Redis answers again']);
    expect(ups).toBe(1);
  });

  it('does not stop the bulletins for good', async () => {
    const bulletins = createBulletins(redis, log);
    const heard: Bulletin[] = [];
    bulletins.subscribe((bulletin) => heard.push(bulletin));
    await server.kill('SIGKILL');
    await server.restart();

    await until('a hint comes through', () => {
      bulletins.publish({ kind: 'card', incident: 12 });
      return heard.length > 0;
    });

    expect(heard[0]).toEqual({ kind: 'card', incident: 12 });
  });

  it('is survived by a claim that was never answered: the record is free after its lease', async () => {
    const deliveries = createDeliveryLog(redis);
    const claim = await deliveries.claim('orders', 12, 'ops', 200);
    expect(claim).toHaveProperty('token');

    await server.kill('SIGKILL');
    await server.restart();

    const next = await until('the lease has ended', async () => {
      const answer = await deliveries.claim('orders', 12, 'ops', 200);
      return 'token' in answer && answer;
    });
    expect(next.record.failures).toBe(0);
  });
});

describe('a Redis with a password', () => {
  it('is used with the right one; the wrong one is a failure that does not repeat it', async () => {
    const server = await startRedis({ args: ['--requirepass', 'hunter2'], password: 'hunter2' });
    const log = recordingLog();
    const urlWith = (password: string): string =>
      server.url.replace('redis://', `redis://:${password}@`);
    const right = connectRedis({ url: urlWith('hunter2'), prefix: 'test', log });
    const wrong = connectRedis({ url: urlWith('hunter3'), prefix: 'test', log });

    expect(await right.ask((client) => client.ping())).toBe('PONG');
    const error = await wrong
      .ask((client) => client.ping())
      .catch((failure: unknown) => failure as NightkeeperError);

    expect(error).toMatchObject({ code: 'redis-unavailable' });
    await until('the trouble is logged', () => log.messages('error').length > 0);
    const told = inspect([error, log.lines], { depth: 10 });
    expect(told).toMatch(/WRONGPASS/u);
    expect(told).not.toMatch(/hunter/u);
    await Promise.all([right.close(), wrong.close()]);
    await server.close();
  });
});

describe('a lost answer', () => {
  it('does not make a commit that was written look like a conflict', async () => {
    const server = await startRedis();
    const redis = connectRedis({ url: server.url, prefix: 'test', log: recordingLog() });
    const sent: (readonly [keys: readonly string[], args: readonly (string | number)[]])[] = [];
    const listening: RedisLink = {
      ...redis,
      step(name, keys, args) {
        if (name === 'commit-incidents') sent.push([keys, args]);
        return redis.step(name, keys, args);
      },
    };
    const store = createIncidentStore(listening);
    const id = await store.allocate('orders');
    const change = { expectedVersion: 0, events: [{ kind: 'paged', atMs: 1 } as const], audit: [] };
    await store.commit({ ...change, incident: anIncident({ id }) });

    const [keys, args] = sent[0]!;
    const again = await redis.step('commit-incidents', keys, args);

    expect(again).toMatchObject([expect.any(String), ['written'], []]);
    expect(await store.events(id)).toHaveLength(1);
    await redis.close();
    await server.close();
  });
});
