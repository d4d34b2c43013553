import { describe, expect, it } from 'vitest';
import type { CrawlSettings } from '../../src/model/settings.ts';
import { crawlBytesMax, treeBytesMax } from '../../src/model/tree.ts';
import { crawl, crawlTickMs } from '../../src/pipeline/crawl.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { childrenMax } from '../../src/pipeline/walk-tree.ts';
import { anEnsembleSettings, aReading, aSettings, nightMs } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { aTree } from '../support/trees.ts';

const hour = 3_600_000;
const job = { kind: 'crawl', ensemble: 'orders' } as const;
const limits: CrawlSettings = {
  everyMs: hour,
  requestsPerSecond: 1000,
  nodes: 1_000_000,
  bytes: 1_000_000_000,
  timeMs: hour,
  depth: 20,
};

async function setUp(crawlSettings: Partial<CrawlSettings> = {}) {
  const tree = aTree();
  const ensembles = [anEnsembleSettings({ crawl: { ...limits, ...crawlSettings } })];
  const house = { ...aHouse({ settings: aSettings({ ensembles }) }), trees: tree.trees };
  const members = createMembers(house, () => undefined);
  await house.ensembles.remember({
    ensemble: 'orders',
    samples: [
      aReading({ server: 'zk1', mode: 'leader' }),
      aReading({ server: 'zk2', mode: 'follower' }),
    ],
    memory: { version: 1, atMs: nightMs, firingSince: {}, clearSince: {} },
    expectedVersion: 0,
    status: {} as never,
  });
  /** One step of the crawl, with as much time as it needs. */
  async function step(): Promise<void> {
    let isDone = false;
    const running = crawl(house, members, job).finally(() => {
      isDone = true;
    });
    while (!isDone) await house.clock.advance(100);
    await running;
  }
  async function facts() {
    const { tree: found } = await house.ensembles.recall('orders', [], 0);
    return found!;
  }
  return { tree, house, members, step, facts };
}

describe('crawl', () => {
  it('walks the tree once an hour, on a server that does not lead, and says where it is large and wide', async () => {
    const { tree, house, step, facts } = await setUp();
    tree.put('/app/config', 900);
    for (let each = 0; each < 30; each += 1) tree.put(`/queue/tasks/t${each}`, 10);

    await step();
    await house.clock.advance(crawlTickMs);
    await step();

    const found = await facts();
    expect(tree.opened).toEqual(['zk2', 'zk2']);
    expect(tree.closed()).toBe(2);
    expect(found.round).toMatchObject({ znodes: 35, ephemerals: 0, server: 'zk2', unentered: 0 });
    expect(found.largest[0]).toEqual({ path: '/app/config', bytes: 900 });
    expect(found.widest[0]).toEqual({ path: '/queue/tasks', children: 30, listBytes: 200 });
    expect(found.subtrees.find(({ path }) => path === '/queue/tasks')).toMatchObject({
      znodes: 31,
      bytes: 300,
    });
    expect(tree.asked.filter((path) => path === '/queue/tasks children')).toHaveLength(1);
  });

  it('goes on where the last step stood, also on another replica, and visits nothing twice', async () => {
    const { tree, house, step, facts } = await setUp({ requestsPerSecond: 20 });
    for (let each = 0; each < 400; each += 1) tree.put(`/a/n${String(each).padStart(3, '0')}`);

    await step();

    expect((await facts()).round).toBeUndefined();
    expect((await facts()).running?.znodes).toBeGreaterThan(100);
    for (let steps = 0; steps < 5 && (await facts()).round === undefined; steps += 1) {
      await house.clock.advance(crawlTickMs);
      await step();
    }

    expect((await facts()).round).toMatchObject({ znodes: 402 });
    expect((await facts()).running).toBeUndefined();
  });

  it('asks no more than its requests a second', async () => {
    const { tree, house, step } = await setUp({ requestsPerSecond: 50 });
    for (let each = 0; each < 200; each += 1) tree.put(`/a/n${each}`);
    const startedMs = house.clock.now();

    await step();

    const seconds = (house.clock.now() - startedMs) / 1000;
    expect(tree.asked.length / seconds).toBeLessThanOrEqual(51);
    expect(tree.asked.length / seconds).toBeGreaterThan(30);
  });

  it.each([
    ['nodes', { nodes: 10 }],
    ['bytes', { bytes: 1000 }],
    ['time', { timeMs: 60_000, requestsPerSecond: 2 }],
  ] as const)('ends a round at its limit of %s, and says so', async (cut, limit) => {
    const { tree, house, step, facts } = await setUp(limit);
    for (let each = 0; each < 200; each += 1) tree.put(`/a/n${each}`);

    for (let steps = 0; steps < 8 && (await facts())?.round === undefined; steps += 1) {
      await step();
      await house.clock.advance(crawlTickMs);
    }

    expect((await facts()).round).toMatchObject({ cut });
    expect((await facts()).round?.znodes).toBeLessThan(200);
  });

  it('counts what is too deep or too wide without entering it', async () => {
    const { tree, step, facts } = await setUp({ depth: 2 });
    tree.put('/a/b/c/d');
    for (let each = 0; each <= childrenMax; each += 1) tree.put(`/w/n${each}`);

    await step();

    expect((await facts()).round).toMatchObject({ znodes: 5 + childrenMax + 1, unentered: 2 });
    expect(tree.asked).not.toContain('/a/b/c');
    expect(tree.asked).not.toContain('/w children');
    expect((await facts()).widest[0]).toEqual({ path: '/w', children: childrenMax + 1 });
  });

  it('leaves a list out that nobody can read, and comes to the end all the same', async () => {
    const { tree, house, step, facts } = await setUp();
    tree.put('/a/x');
    tree.put('/b/y');
    tree.breakAt('/a children');

    await step();

    expect((await facts()).failed).toContain('no answer');
    for (let steps = 0; steps < 3; steps += 1) {
      await house.clock.advance(crawlTickMs);
      await step();
    }

    expect((await facts()).round).toMatchObject({ znodes: 5, unentered: 1 });
    expect((await facts()).failed).toBeUndefined();
  });

  it('says how each part of the tree grew from round to round', async () => {
    const { tree, house, step, facts } = await setUp();
    tree.put('/app/a');
    await step();
    await house.clock.advance(hour);
    for (let each = 0; each < 50; each += 1) tree.put(`/queue/n${each}`);

    await step();

    const queue = (await facts()).subtrees.find(({ path }) => path === '/queue');
    expect(queue?.znodes).toBe(51);
    expect(queue?.earlier.map(([, znodes]) => znodes)).toEqual([0]);
  });

  it('sees at once that a large znode has become small', async () => {
    const { tree, house, step, facts } = await setUp();
    tree.put('/big', 900_000);
    await step();
    tree.remove('/big');
    await house.clock.advance(crawlTickMs);

    await step();

    expect((await facts()).largest).toEqual([]);
  });

  it('tells which ephemeral znodes come and go, whose they are, and leaves numbered ones alone', async () => {
    const { tree, house, step, facts } = await setUp();
    tree.put('/services/pay/a', 0, '0x10000000001');
    tree.put('/services/pay/b', 0, '0x10000000009');
    await step();
    tree.clients.set('0x10000000005', '10.0.0.9');

    for (let each = 2; each <= 5; each += 1) {
      tree.remove('/services/pay/a');
      tree.put('/services/pay/a', 0, `0x1000000000${each}`);
      tree.put(`/services/pay/lock-000000000${each}`, 0, '0x10000000009');
      await house.clock.advance(crawlTickMs);
      await step();
    }

    const { recreated } = await facts();
    expect(recreated).toMatchObject({ watched: 1, unwatched: 0 });
    expect(recreated?.paths).toHaveLength(1);
    expect(recreated?.paths[0]).toMatchObject({
      path: '/services/pay/a',
      owner: '0x10000000005',
      address: '10.0.0.9',
    });
    expect(recreated?.paths[0]?.createdMs).toHaveLength(4);
    expect(tree.asked.filter((path) => path.includes('lock-'))).toEqual([]);
  });

  it('asks one small question about a parent whose children do not change', async () => {
    const { tree, house, step } = await setUp();
    for (let each = 0; each < 40; each += 1) tree.put(`/services/pay/p${each}`, 0, '0x1');
    await step();
    await house.clock.advance(crawlTickMs);
    tree.asked.length = 0;

    await step();

    expect(tree.asked.filter((path) => path.startsWith('/services/pay/'))).toEqual([]);
    expect(tree.asked.filter((path) => path === '/services/pay')).toHaveLength(2);
  });

  it('keeps what it knows below its documented size, however large the tree', async () => {
    const { tree, step, house } = await setUp({ requestsPerSecond: 2000 });
    const long = 'x'.repeat(200);
    for (let each = 0; each < 260; each += 1) tree.put(`/${long}${each}/services/a`, 500, '0x1');

    await step();
    await house.clock.advance(crawlTickMs);
    await step();

    const { tree: facts } = await house.ensembles.recall('orders', [], 0);
    const state = await house.ensembles.crawl('orders');
    expect(state?.nests.length).toBeGreaterThan(190);
    expect(state?.nestsLeft).toBeGreaterThan(50);
    expect(JSON.stringify(facts).length).toBeLessThan(treeBytesMax);
    expect(JSON.stringify(state).length).toBeLessThan(crawlBytesMax);
  });

  it('does nothing while another replica crawls, or where no server serves', async () => {
    const { tree, house, members, step, facts } = await setUp();
    const done = await house.ensembles.claimCrawl('orders', 60_000);
    await crawl(house, members, job);

    expect(tree.opened).toEqual([]);

    await done?.();
    await house.ensembles.remember({
      ensemble: 'orders',
      samples: ['zk1', 'zk2'].map((server) => aReading({ server, mode: 'read-only' })),
      memory: { version: 2, atMs: nightMs + 1000, firingSince: {}, clearSince: {} },
      expectedVersion: 1,
      status: {} as never,
    });
    await step();

    expect(tree.opened).toEqual([]);
    expect((await facts()).failed).toBe('no server serves');
  });
});
