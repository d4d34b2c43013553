import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import { createEnsembleStore } from '../../../src/edges/redis/ensemble-store.ts';
import { redisFailure } from '../../../src/edges/redis/failure.ts';
import { createIncidentStore } from '../../../src/edges/redis/incident-store.ts';
import { createRecoveryStore } from '../../../src/edges/redis/recovery-store.ts';
import { blankMemory } from '../../../src/model/memory.ts';
import type { IncidentStore } from '../../../src/ports/incident-store.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { anIncident, aReading, aRecovery, nightMs } from '../../support/builders.ts';
import { recordingLog } from '../../support/log.ts';

describe('values that somebody else wrote', () => {
  let server: RedisServer;
  let redis: RedisLink;
  let foreign: Redis;
  let store: IncidentStore;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis({ url: server.url, prefix: 'test', log: recordingLog() });
    foreign = new Redis(server.url);
    store = createIncidentStore(redis);
  });

  beforeEach(() => foreign.flushall());

  afterAll(async () => {
    foreign.disconnect();
    await redis.close();
    await server.close();
  });

  it.each(['{"id":', '[]', '12', 'null'])('are named with their key: %s', async (value) => {
    const id = await store.allocate('orders');
    await store.commit({ incident: anIncident({ id }), expectedVersion: 0, events: [], audit: [] });
    await foreign.hset('test:{orders}:incidents', id, value);

    await expect(store.get(id)).rejects.toMatchObject({
      code: 'redis-corrupt',
      message: expect.stringContaining(`test:{orders}:incidents ${id}`),
    });
    // A process that has it in mind does not read it again.
    const another = createIncidentStore(redis);
    await expect(another.open('orders')).rejects.toMatchObject({ code: 'redis-corrupt' });
  });

  it('make a commit fail whole: nothing of it is written', async () => {
    const id = await store.allocate('orders');
    // The last key the step writes to holds something else.
    await foreign.set('test:{orders}:audit', 'not a list');

    const commit = store.commit({
      incident: anIncident({ id }),
      expectedVersion: 0,
      events: [{ kind: 'paged', atMs: nightMs }],
      audit: [],
    });

    await expect(commit).rejects.toMatchObject({ code: 'redis-corrupt' });
    expect(await store.get(id)).toBeUndefined();
    expect(await store.open('orders')).toEqual([]);
    expect(await store.events(id)).toEqual([]);
    expect(await store.restless('orders')).toEqual([]);
  });

  it('make a look fail whole', async () => {
    const ensembles = createEnsembleStore(redis);
    await foreign.set('test:{orders}:samples:zk2', 'not a list');

    const remembering = ensembles.remember({
      ensemble: 'orders',
      samples: [aReading({ server: 'zk1' }), aReading({ server: 'zk2' })],
      memory: { ...blankMemory, version: 1, atMs: nightMs },
      expectedVersion: 0,
      status: {
        ensemble: 'orders',
        atMs: nightMs,
        health: 'unknown',
        grid: [],
        voters: 3,
        serving: 0,
        quorum: 2,
        servers: {},
      },
    });

    await expect(remembering).rejects.toMatchObject({ code: 'redis-corrupt' });
    expect(await ensembles.status('orders')).toBeUndefined();
    expect(await ensembles.history('orders', 'zk1', 10)).toEqual([]);
  });

  it('make the save of a recovery fail whole', async () => {
    const recoveries = createRecoveryStore(redis);
    await foreign.set('test:{orders}:recovery-order', 'not a set');

    await expect(recoveries.save(aRecovery(), 0)).rejects.toMatchObject({ code: 'redis-corrupt' });
    expect(await recoveries.get('orders', 'r-7')).toBeUndefined();
  });

  it('cost a ring one sample and no more', async () => {
    await foreign.rpush('test:{orders}:samples:zk1', 'x', '{}', '[]', '[1,2,3]');
    await foreign.rpush('test:{orders}:samples:zk1', '[5,3,"leader","mntr",0,0,0,0,99999,1,0,7]');

    const kept = await createEnsembleStore(redis).history('orders', 'zk1', 10);

    expect(kept).toEqual([
      {
        kind: 'reading',
        server: 'zk1',
        atMs: 5,
        tookMs: 3,
        mode: 'leader',
        source: 'mntr',
        metrics: { avg_latency: 7 },
      },
    ]);
  });
});

describe('redisFailure', () => {
  it.each([
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'redis-corrupt'],
    [
      'ERR user_script:7: attempt to compare nil with number script: 1f, on @user_script:7.',
      'redis-corrupt',
    ],
    [
      "OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:5.",
      'redis-unavailable',
    ],
    ['READONLY You can not write against a read only replica.', 'redis-unavailable'],
    ['LOADING Redis is loading the dataset in memory', 'redis-unavailable'],
    ['Connection is closed.', 'redis-unavailable'],
    ['Command timed out', 'redis-unavailable'],
  ])('gives %s the code %s', (message, code) => {
    expect(redisFailure(new Error(message)).code).toBe(code);
  });

  it('never repeats a password', () => {
    const error = Object.assign(
      new Error(
        "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'bot' 'hunter2'",
      ),
      { command: { name: 'auth', args: ['bot', 'hunter2'] } },
    );

    const failure = redisFailure(error);

    expect(JSON.stringify([failure, failure.message, failure.cause])).not.toContain('hunter2');
    expect(String(failure.cause)).not.toContain('hunter2');
    expect(Object.keys(failure.cause as object)).not.toContain('command');
  });

  it('keeps the code of a socket error', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
    });

    expect(redisFailure(error).cause).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
