import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import { createIncidentStore } from '../../../src/edges/redis/incident-store.ts';
import { createOpenIncidents } from '../../../src/edges/redis/open-incidents.ts';
import type { Incident } from '../../../src/model/incident.ts';
import type { IncidentStore } from '../../../src/ports/incident-store.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { anIncident, nightMs } from '../../support/builders.ts';
import { recordingLog } from '../../support/log.ts';

describe('open incidents, as a process keeps them', () => {
  let server: RedisServer;
  let redis: RedisLink;
  let plain: Redis;
  let ours: IncidentStore;
  let theirs: IncidentStore;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis({ url: server.url, prefix: 'test', log: recordingLog() });
    plain = new Redis(server.url);
  });

  beforeEach(async () => {
    await plain.flushall();
    ours = createIncidentStore(redis);
    theirs = createIncidentStore(redis);
  });

  afterAll(async () => {
    plain.disconnect();
    await redis.close();
    await server.close();
  });

  async function opens(store: IncidentStore, ensemble = 'orders'): Promise<Incident> {
    const id = await store.allocate(ensemble);
    const incident = anIncident({ id, ensemble, fingerprint: `${ensemble}/test/${id}` });
    await change(store, incident);
    return incident;
  }

  async function change(store: IncidentStore, incident: Incident): Promise<void> {
    const expectedVersion = incident.version - 1;
    expect(await store.commit({ incident, expectedVersion, events: [], audit: [] })).toBe(
      'written',
    );
  }

  /** How many incidents Redis has handed out. */
  async function reads(): Promise<number> {
    const stats = await plain.info('commandstats');
    return Number(/cmdstat_hmget:calls=(\d+)/u.exec(stats)?.[1] ?? 0);
  }

  it('are not read again while nothing changes, nor what this process wrote itself', async () => {
    const incident = await opens(theirs);
    expect(await ours.open('orders')).toEqual([incident]);
    const before = await reads();

    await ours.open('orders');
    await change(ours, { ...incident, version: 2 });
    const after = await ours.open('orders');

    expect(after).toEqual([{ ...incident, version: 2 }]);
    expect(await reads()).toBe(before);
  });

  it('show what another replica wrote, whatever was written here meanwhile', async () => {
    const [first, second, third] = [await opens(ours), await opens(ours), await opens(ours)];
    await ours.open('orders');

    await change(theirs, { ...first, version: 2, severity: 'page' });
    await change(ours, { ...second, version: 2, severity: 'info' });
    await change(theirs, { ...third, version: 2, state: 'resolved', resolvedMs: nightMs });
    const fourth = await opens(theirs);

    expect(await ours.open('orders')).toEqual([
      { ...first, version: 2, severity: 'page' },
      { ...second, version: 2, severity: 'info' },
      fourth,
    ]);
  });

  it('are gone with a Redis that lost its data, and come back with one that found older data', async () => {
    const incident = await opens(ours);
    await ours.open('orders');
    const dump = await Promise.all(
      (await plain.keys('*')).map(async (key) => [key, await plain.dumpBuffer(key)] as const),
    );
    await change(ours, { ...incident, version: 2 });
    await ours.open('orders');

    await plain.flushall();
    expect(await ours.open('orders')).toEqual([]);
    for (const [key, value] of dump) await plain.restore(key, 0, value ?? '');

    expect(await ours.open('orders')).toEqual([incident]);
  });

  it('are read from Redis where there are more than a process keeps', async () => {
    const few = createOpenIncidents(redis, 3);
    const all: Incident[] = [];
    for (const ensemble of ['orders', 'orders', 'billing', 'billing', 'orders'])
      all.push(await opens(theirs, ensemble));
    const of = (ensemble: string) => all.filter((each) => each.ensemble === ensemble);

    for (const ensemble of ['orders', 'billing', 'orders', 'billing'])
      expect(await few.of(ensemble)).toEqual(of(ensemble));

    const before = await reads();
    await few.of('billing');
    expect(await reads()).toBe(before);
    await few.of('orders');
    expect(await reads()).toBe(before + 1);
  });
});
