import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import {
  beginChapter,
  type Chapter,
  eyesOn,
  isUp,
  ops,
  processOf,
  type Servers,
  startServers,
} from '../support/story.ts';
import { until } from '../support/until.ts';

describe('two bots on one Redis', () => {
  let servers: Servers;
  let redis: RedisServer;
  let bots: readonly [BotProcess, BotProcess];
  let chapter: Chapter;
  const a = eyesOn(() => bots[0]);
  const b = eyesOn(() => bots[1]);

  beforeAll(async () => {
    [servers, redis] = await Promise.all([startServers(), startRedis()]);
    const start = () => startBotProcess(processOf(servers, redis));
    bots = await Promise.all([start(), start()]);
  });

  afterAll(async () => {
    await Promise.all((bots ?? []).map((bot) => bot.close()));
    await servers?.close();
    await redis?.close();
  });

  beforeEach(async () => {
    const isHealthy = async () => (await b.health('orders')) === 'healthy';
    chapter = await beginChapter(servers, () => until('orders is healthy', isHealthy));
  });

  /** Servers that a bot holds sessions to. */
  async function held(bot: BotProcess): Promise<number> {
    const page = await (await fetch(`${bot.url}/metrics`)).text();
    const counts = page.matchAll(/^nightkeeper_sensors(?:\{.*\})? (\d+)$/gmu);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** The bot whose sensors watch the servers, and the other one. */
  async function watching(): Promise<readonly [BotProcess, BotProcess]> {
    return await until('one of them watches', async () => {
      const [first, second] = [await held(bots[0]), await held(bots[1])];
      if (first > 0 && second > 0) throw new Error('both watch');
      if (first > 0) return bots;
      return second > 0 ? ([bots[1], bots[0]] as const) : undefined;
    });
  }

  /** How often each message was sent to the webhook. */
  function copies(): readonly number[] {
    const keys = chapter.ear.heard().map(({ key }) => key);
    return [...new Set(keys)].map((key) => keys.filter((other) => other === key).length);
  }

  it('post one card, and what one of them is told shows on the other', async () => {
    const { ear, posted, victim } = chapter;
    const { slack } = servers;
    void victim.kill('SIGKILL');
    const { incident } = await a.card('down', (it) => it.server === victim.id && isUp(it));

    await bots[0].command(`ack ${incident}`);
    const seen = await b.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    await bots[1].command(`unack ${incident}`);
    await a.card('taken back', ({ buttons }) => buttons.some(({ id }) => id === 'ack'));
    const message = await until('the button is back in Slack', () =>
      slack.channel(ops).messages.find(({ buttons }) => buttons.includes('Acknowledge')),
    );
    await slack.click(message, 'Acknowledge', 'U0BO');
    const [here, there] = await Promise.all([
      a.card('taken in Slack', ({ stateLine }) => /Bo Berg via Slack/u.test(stateLine)),
      b.card('taken in Slack', ({ stateLine }) => /Bo Berg via Slack/u.test(stateLine)),
    ]);
    victim.start();
    await ear.over(incident);

    expect(seen.incident).toBe(incident);
    expect(here.stateLine).toBe(there.stateLine);
    expect(ear.incidents()).toEqual([incident]);
    expect(new Set(copies())).toEqual(new Set([1]));
    expect(posted()).toHaveLength(1);
  });

  it('one watches for both, and the other goes on when it is killed', async () => {
    const { ear, posted, victim } = chapter;
    const { slack } = servers;
    const [watcher, other] = await watching();
    const eyes = eyesOn(() => other);

    await watcher.kill('SIGKILL');
    await until('the other one watches', async () => (await held(other)) === 3);
    void victim.kill('SIGKILL');
    const card = await eyes.card('down', (it) => it.server === victim.id && isUp(it));
    const message = await slack.channel(ops).expectCard(new RegExp(`${victim.id}: down`, 'u'));
    await slack.click(message, 'Acknowledge', 'U0ANN');
    await eyes.card('acknowledged', ({ stateLine }) => /Ann Chen via Slack/u.test(stateLine));
    victim.start();
    await ear.over(card.incident);

    expect(ear.incidents()).toEqual([card.incident]);
    expect(ear.servers()).toEqual([victim.id]);
    expect(posted()).toHaveLength(1);
    expect(other.output()).not.toMatch(/"level":(?:50|60)/u);
  });
});
