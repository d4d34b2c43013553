import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisServer } from '../servers/redis.ts';
import { startRedisCluster } from '../servers/redis-cluster.ts';
import { startRedisSentinel } from '../servers/redis-sentinel.ts';
import { beginChapter, type Chapter, isUp, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Sentinels and clusters agree after a second or two that a master is gone, and promote within a few more. */
const failoverMsMax = 40_000;

describe('a bot on a Redis with a stand-by', () => {
  const opened: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  async function storyOn(redis: RedisServer, redisYaml: string): Promise<Story> {
    const story = await startStory({ redis, redisYaml });
    opened.push(story);
    return story;
  }

  /** Kills a server of the ensemble and answers its incident. */
  async function fault({ bot }: Story, { victim }: Chapter): Promise<number> {
    void victim.kill('SIGKILL');
    const isNew = (await bot.cards()).map(({ incident }) => incident);
    const card = await bot.card(
      `${victim.id} is down`,
      (it) => it.server === victim.id && isUp(it) && !isNew.includes(it.incident),
      failoverMsMax,
    );
    return card.incident;
  }

  /** Kills the server, and waits until the bot is blind and sees again. */
  async function failOver({ bot }: Story, server: RedisServer): Promise<void> {
    const readiness = async () => (await fetch(`${bot.url}/readyz`)).status;
    await server.kill('SIGKILL');
    await until('it is not ready', async () => (await readiness()) === 503, failoverMsMax);
    await until('it is ready again', async () => (await readiness()) === 200, failoverMsMax);
  }

  /** What was acknowledged before stays so, is edited to its end, and what comes afterwards is told, each once. */
  async function goesOn(story: Story, failsOver: () => Promise<void>): Promise<void> {
    const { bot } = story;
    const chapter = await beginChapter(story, () => bot.green());
    const before = await fault(story, chapter);
    await bot.type(`ack ${before}`);
    const { posted, ear, victim } = chapter;
    await until('Slack shows who', () => /Acknowledged by/u.test(posted()[0]?.text ?? ''));
    // What is under way while Redis fails over is sent again, with the same key.
    await ear.expect(
      'who has it',
      ({ body }) =>
        body.incident === before && body.event === 'card' && body.tone === 'acknowledged',
    );

    await failsOver();

    victim.start();
    await ear.over(before, failoverMsMax);
    await until('Slack shows the end', () => /back, was down/u.test(posted()[0]?.text ?? ''));
    await bot.green(failoverMsMax);
    const after = await fault(story, chapter);
    await until('Slack shows the second', () => posted().length > 1);
    victim.start();
    await ear.over(after, failoverMsMax);
    const { events } = await bot.incident(before);
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['triggered', 'acknowledged', 'resolved']),
    );
    expect(ear.incidents()).toEqual([before, after]);
    expect(posted()).toHaveLength(2);
    const keys = ear.heard().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  }

  it('goes on with the master that the sentinels name', { timeout: 180_000 }, async () => {
    const sentinel = await startRedisSentinel();
    opened.push(sentinel);
    const master = await sentinel.current();
    const addresses = JSON.stringify(sentinel.sentinels);
    const story = await storyOn(master, `{ sentinels: ${addresses}, master: ${sentinel.master} }`);

    await goesOn(story, async () => {
      await replicated(master);
      await failOver(story, master);
      expect(await sentinel.current()).not.toBe(master);
    });
  });

  it('goes on with a cluster that lost a master', { timeout: 180_000 }, async () => {
    const cluster = await startRedisCluster({ replicas: true });
    opened.push(cluster);
    const [first] = cluster.servers;
    if (first === undefined) throw new Error('no server');
    const story = await storyOn(first, `{ cluster: ${JSON.stringify(cluster.urls)} }`);
    const master = await cluster.masterOf('nightkeeper:{orders}:look');

    await goesOn(story, async () => {
      await replicated(master);
      await failOver(story, master);
      expect(await cluster.masterOf('nightkeeper:{orders}:look')).not.toBe(master);
    });
  });
});

/** Waits until the stand-by has all that the master has: what it has not is lost with the master, in any Redis. */
async function replicated(master: RedisServer): Promise<void> {
  const client = new Redis(master.url);
  try {
    await client.set('{orders}:mark', '1').catch(() => undefined);
    expect(await client.wait(1, 5_000)).toBe(1);
  } finally {
    client.disconnect();
  }
}
