import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import { createEnsembleStore } from '../../../src/edges/redis/ensemble-store.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import { blankMemory } from '../../../src/model/memory.ts';
import type { Reading } from '../../../src/model/sample.ts';
import {
  coarsePointsMax,
  fineMs,
  finePointsMax,
  growTrend,
  levelsOf,
  type OpenTrend,
  risesOf,
} from '../../../src/model/trend.ts';
import { createMembers } from '../../../src/pipeline/members.ts';
import { observe } from '../../../src/pipeline/observe.ts';
import { createPace } from '../../../src/pipeline/pace.ts';
import { createTrendReader } from '../../../src/pipeline/trends.ts';
import { type EnsembleStore, samplesMax } from '../../../src/ports/ensemble-store.ts';
import { type RedisServer, startRedis } from '../../servers/redis.ts';
import { anEnsembleSettings, aReading, aSettings } from '../../support/builders.ts';
import { aHouse } from '../../support/house.ts';
import { recordingLog } from '../../support/log.ts';
import { createMemoryEnsembleStore } from '../../support/memory/ensemble-store.ts';

let server: RedisServer;
const links: RedisLink[] = [];

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  await Promise.all(links.map((link) => link.close()));
  await server.close();
});

function aLink(prefix: string): RedisLink {
  const link = connectRedis({ url: server.url, prefix, log: recordingLog() });
  links.push(link);
  return link;
}

const settings = aSettings({ ensembles: [anEnsembleSettings({ discover: false })] });
const began = aHouse({ settings });
const beganMs = began.clock.now();

/** A bot that begins on a store, knowing nothing; its servers take a write a second. */
function aBot(ensembles: EnsembleStore, shared: ReturnType<typeof aHouse>) {
  const house = {
    ...aHouse({
      settings,
      shared,
      prober: {
        probe: (_, { id }) => {
          const seconds = Math.round((shared.clock.now() - beganMs) / 1000);
          return Promise.resolve(
            aReading({
              server: id,
              atMs: shared.clock.now(),
              metrics: { uptime: 1_000 + seconds * 1000, znode_count: 100 + (seconds % 300) },
              zxid: `0x${(0x100000000 + seconds).toString(16)}`,
            }),
          );
        },
        discover: () => Promise.resolve(undefined),
        evidence: () => Promise.resolve({}),
      },
    }),
    ensembles,
  };
  const observing = {
    members: createMembers(house, () => undefined),
    pace: createPace(house),
    trends: createTrendReader(house),
  };
  return {
    look: () => observe(house, observing, { kind: 'observe', ensemble: 'orders', notices: [] }),
  };
}

describe('two weeks of a server', () => {
  it('survive restarts and changes of replica: they are the same as without', async () => {
    const shared = aHouse({ settings });
    const steady = createMemoryEnsembleStore(() => 0);
    const unbroken = aBot(steady, shared);
    const first = createEnsembleStore(aLink('moving'));
    let bot = aBot(first, shared);

    for (let look = 0; look < 330; look += 1) {
      // The next replica, with a connection of its own and nothing in memory.
      if (look % 50 === 49) bot = aBot(createEnsembleStore(aLink('moving')), shared);
      await unbroken.look();
      await bot.look();
      await shared.clock.advance(15_000);
    }

    const kept = await first.trends('orders', ['zk1', 'zk2', 'zk3']);
    expect(kept).toEqual(await steady.trends('orders', ['zk1', 'zk2', 'zk3']));
    const { fine = [], coarse = [] } = kept['zk2'] ?? {};
    expect(fine.length).toBeGreaterThan(15);
    expect(coarse).toHaveLength(2);
    expect(levelsOf(fine.slice(1, -1), 'znode_count')).toSatisfy(
      (levels: readonly { least: number; most: number }[]) =>
        levels.every(({ least, most }) => most - least > 200),
    );
    expect(risesOf(fine, 'zxid').every(({ perSecond }) => perSecond === 1)).toBe(true);
    const seconds = risesOf(fine, 'zxid').reduce((sum, { rise }) => sum + rise, 0);
    expect(seconds).toBe(329 * 15);
  });

  it('take no more of Redis than docs/operations.md says', async () => {
    const folder = join(import.meta.dirname, '../../fixtures/zookeeper/3.8.0/ensemble3-healthy');
    const answer = parseMntr(readFileSync(join(folder, 's3.mntr.txt'), 'utf8'));
    const store = createEnsembleStore(aLink('size'));
    let open: OpenTrend = {};
    let before: Reading | undefined;
    for (let index = 0; index < samplesMax; index += 1) {
      const metrics = Object.fromEntries(
        Object.entries(answer?.metrics ?? {}).map(([key, value]) => [key, value + index * 7]),
      );
      const now = aReading({
        atMs: index * fineMs,
        metrics,
        zxid: `0x1${String(10_000_000 + index)}`,
      });
      open = growTrend(open, now, before);
      before = now;
      const points = { zk1: { ...open, coarse: { ...(open.fine ?? fail()), atMs: index } } };
      await store.remember({
        ensemble: 'orders',
        samples: [now],
        memory: { ...blankMemory, version: index + 1, atMs: index + 1 },
        expectedVersion: index,
        status: {
          ensemble: 'orders',
          atMs: 0,
          health: 'healthy',
          grid: [],
          voters: 1,
          serving: 1,
          quorum: 1,
          servers: {},
        },
        points,
      });
    }

    const client = new Redis(server.url);
    const bytes = async (key: string): Promise<number> =>
      Number(await client.call('MEMORY', 'USAGE', `size:{orders}:${key}:zk1`, 'SAMPLES', '0'));
    const [ring, fine, coarse] = [
      await bytes('samples'),
      await bytes('points-5m'),
      await bytes('points-1h'),
    ];
    expect(await client.llen('size:{orders}:points-5m:zk1')).toBe(finePointsMax);
    expect(await client.llen('size:{orders}:points-1h:zk1')).toBe(coarsePointsMax);
    client.disconnect();

    expect(ring).toBeLessThan(600_000);
    expect(fine + coarse).toBeLessThan(150_000);
  });
});

function fail(): never {
  throw new Error('there is a point');
}
