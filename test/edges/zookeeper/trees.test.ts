import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '../../../src/edges/zookeeper/session-link.ts';
import { createTrees } from '../../../src/edges/zookeeper/trees.ts';
import { crawl, crawlTickMs } from '../../../src/pipeline/crawl.ts';
import { createMembers } from '../../../src/pipeline/members.ts';
import { ephemeralFlapping } from '../../../src/rules/detect/ephemeral-flapping.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aReading, aSettings, aView, nightMs } from '../../support/builders.ts';
import { aHouse } from '../../support/house.ts';
import { answerMs, openClient } from '../../support/session-client.ts';

describe('reading the tree of a real ensemble', () => {
  let ensemble: ZooKeeperEnsemble;
  const links: Link[] = [];

  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 1 });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(links.splice(0).map((link) => link.close()));
  });
  afterAll(() => ensemble.close());

  async function client() {
    const opened = await openClient(ensemble.servers[0]!, 10_000);
    links.push(opened.link);
    return opened;
  }

  it('tells stats and children, who owns an ephemeral znode, and from where', async () => {
    const settings = ensemble.settings();
    const server = settings.servers[0]!;
    const { link, operations, register } = await client();
    await operations.create('/app', Buffer.alloc(300), answerMs);
    await register('/app/a');
    const trees = createTrees();
    const reader = await trees.open(settings, server);

    const app = await reader.stat('/app');
    const a = await reader.stat('/app/a');

    expect(app).toMatchObject({ bytes: 300, children: 1, childChanges: 1 });
    expect(app?.owner).toBeUndefined();
    expect(a).toMatchObject({ owner: link.sessionId, createdZxid: app?.childrenZxid });
    expect(await reader.children('/app')).toEqual(['a']);
    expect(await reader.stat('/gone')).toBeUndefined();
    expect(await reader.children('/gone')).toBeUndefined();
    expect((await trees.clients(settings, server)).get(link.sessionId)).toBe('127.0.0.1');
    await reader.close();
  }, 60_000);

  it('recognises a registration that comes and goes, and names its path and its client', async () => {
    const { operations } = await client();
    await operations.create('/services', Buffer.alloc(0), answerMs);
    const first = await client();
    await first.register('/services/pay');
    const limits = { everyMs: 60_000, timeMs: 60_000, requestsPerSecond: 2000 };
    const settings = ensemble.settings({
      crawl: { ...limits, nodes: 1000, bytes: 1_000_000, depth: 5 },
    });
    const house = {
      ...aHouse({ settings: aSettings({ ensembles: [settings] }) }),
      trees: createTrees(),
    };
    const members = createMembers(house, () => undefined);
    await house.ensembles.remember({
      ensemble: 'orders',
      samples: [aReading({ server: 'zk1', mode: 'standalone' })],
      memory: { version: 1, atMs: nightMs, firingSince: {}, clearSince: {} },
      expectedVersion: 0,
      status: {} as never,
    });
    await crawl(house, members, { kind: 'crawl', ensemble: 'orders' });
    let holder = first;

    for (let times = 0; times < 4; times += 1) {
      await holder.link.close();
      holder = await client();
      await holder.register('/services/pay');
      await house.clock.advance(crawlTickMs);
      await crawl(house, members, { kind: 'crawl', ensemble: 'orders' });
    }

    const { tree } = await house.ensembles.recall('orders', [], 0);
    const view = aView({ atMs: house.clock.now(), ...(tree === undefined ? {} : { tree }) });
    const [finding] = ephemeralFlapping.detect(view, view.atMs);
    expect(tree?.round).toMatchObject({ server: 'zk1' });
    expect(finding).toMatchObject({
      verdict: 'firing',
      facts: {
        paths: ['/services/pay'],
        times: 3,
        owner: holder.link.sessionId,
        addresses: ['127.0.0.1'],
      },
    });
  }, 120_000);
});
