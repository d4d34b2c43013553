import { afterEach, describe, expect, it } from 'vitest';
import { createSchedule } from '../../../src/edges/queue/schedule.ts';
import type { RedisConfig } from '../../../src/edges/redis/config.ts';
import { connectRedis } from '../../../src/edges/redis/connect.ts';
import { createIncidentStore } from '../../../src/edges/redis/incident-store.ts';
import { createOwnership } from '../../../src/edges/redis/ownership.ts';
import type { Job } from '../../../src/model/job.ts';
import { startRedisCluster } from '../../servers/redis-cluster.ts';
import { startRedisSentinel } from '../../servers/redis-sentinel.ts';
import { anIncident } from '../../support/builders.ts';
import { recordingLog } from '../../support/log.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';

/** Sentinels agree after a second, and promote within a few more; a master that is down fails its cluster after two. */
const failoverMsMax = 30_000;

/** What a bot has open, on one of the ways to Redis. */
function open(where: Partial<RedisConfig>) {
  const log = recordingLog();
  const link = connectRedis({ url: 'redis://127.0.0.1:1', prefix: 'nk', log, ...where });
  const looks: Job[] = [];
  const schedule = createSchedule({
    connection: link.connection,
    prefix: 'nk',
    clock: realClock,
    log,
  });
  schedule.handle('observe', (job) => {
    looks.push(job);
    return Promise.resolve();
  });
  return {
    link,
    log,
    schedule,
    looks,
    incidents: createIncidentStore(link),
    ownership: createOwnership(link, 'a'),
    async close() {
      await schedule.stop(1_000);
      await link.close();
    },
  };
}

type Parts = ReturnType<typeof open>;

async function write({ incidents }: Parts, ensemble: string): Promise<number> {
  const id = await incidents.allocate(ensemble);
  const fingerprint = `${ensemble}/test/${id}`;
  const incident = anIncident({ id, ensemble, fingerprint });
  const done = await incidents.commit({ incident, expectedVersion: 0, events: [], audit: [] });
  expect(done).toBe('written');
  return id;
}

describe('a Redis that fails over', () => {
  const opened: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  async function looking(where: Partial<RedisConfig>): Promise<Parts> {
    const parts = open(where);
    opened.push(parts);
    await parts.schedule.every('observe-orders', 500, 0, {
      kind: 'observe',
      ensemble: 'orders',
      notices: [],
    });
    await parts.schedule.start();
    await until('it looks', () => parts.looks.length > 0);
    return parts;
  }

  it('is followed to the new master: nothing replicated is lost, and the looks go on', async () => {
    const sentinel = await startRedisSentinel();
    opened.push(sentinel);
    const parts = await looking(sentinel);
    const id = await write(parts, 'orders');
    expect(await parts.link.ask((client) => client.wait(1, 1_000))).toBe(1);
    const killed = await sentinel.current();

    await killed.kill('SIGKILL');
    await until(
      'a heartbeat is taken again',
      async () =>
        (await parts.ownership.beat(1_000)).length > 0 && (await sentinel.current()) !== killed,
      failoverMsMax,
    );

    expect((await parts.incidents.get(id))?.id).toBe(id);
    expect(await write(parts, 'orders')).toBeGreaterThan(id);
    const before = parts.looks.length;
    await until('it looks again', () => parts.looks.length > before + 1, failoverMsMax);
  });

  it('is found again when a master of a cluster comes back', async () => {
    const cluster = await startRedisCluster();
    opened.push(cluster);
    const parts = await looking({ cluster: cluster.urls });
    // Of the names one on each server, whatever their slots are.
    const names = ['orders', 'billing', 'users', 'search', 'mail', 'audit'];
    const ids = await Promise.all(names.map((name) => write(parts, name)));
    const [killed] = cluster.servers;

    await killed?.kill('SIGKILL');
    await until('it is missed', async () => {
      const asked = await Promise.allSettled(names.map((name) => parts.incidents.open(name)));
      return asked.some(({ status }) => status === 'rejected');
    });
    await killed?.restart();
    await until(
      'everything answers',
      async () => (await Promise.all(names.map((name) => write(parts, name)))).length > 0,
      failoverMsMax,
    );

    const kept = await Promise.all(ids.map((id) => parts.incidents.get(id)));
    expect(kept.map((incident) => incident?.id)).toEqual(ids);
    const before = parts.looks.length;
    await until('it looks again', () => parts.looks.length > before + 1, failoverMsMax);
  });
});
