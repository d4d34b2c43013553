import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type BotProcess, freePort, startBotProcess } from '../support/bot-process.ts';
import {
  beginChapter,
  type Chapter,
  eyesOn,
  isUp,
  processOf,
  type Servers,
  startServers,
} from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a bot that is killed and started anew', () => {
  let servers: Servers;
  let redis: RedisServer;
  let port: number;
  let bot: BotProcess;
  let chapter: Chapter;
  const { card, incident, health } = eyesOn(() => bot);

  beforeAll(async () => {
    [servers, redis, port] = await Promise.all([startServers(), startRedis(), freePort()]);
    bot = await start();
  });

  afterAll(async () => {
    await bot?.close();
    await servers?.close();
    await redis?.close();
  });

  beforeEach(async () => {
    const isHealthy = async () => (await health('orders')) === 'healthy';
    chapter = await beginChapter(servers, () => until('orders is healthy', isHealthy));
  });

  /** What left the bot in all its lives since the test began. */
  function told() {
    const { ear, posted } = chapter;
    return {
      incidents: ear.incidents().length,
      servers: ear.servers(),
      posted: posted().length,
    };
  }

  async function start(): Promise<BotProcess> {
    return await startBotProcess({ ...processOf(servers, redis), port });
  }

  async function killAndStart(): Promise<void> {
    await bot.kill('SIGKILL');
    await bot.close();
    bot = await start();
  }

  /** The message of the test in Slack. */
  function message() {
    return chapter.posted()[0];
  }

  it('in the moment of the fault: the fault is told', async () => {
    const { ear, victim } = chapter;
    void victim.kill('SIGKILL');
    await killAndStart();
    const { incident: id } = await card('down', (it) => it.server === victim.id && isUp(it));
    await until('Slack has it', () => message()?.text.includes(victim.id));
    victim.start();
    await ear.over(id);

    await until('Slack shows the end', () => /back, was down/u.test(message()?.text ?? ''));
    expect(await incident(id)).toMatchObject({ detector: 'member-down', state: 'resolved' });
    expect(told()).toEqual({ incidents: 1, servers: [victim.id], posted: 1 });
  });

  it('between sending a card and writing that down: nothing is posted twice', async () => {
    const { ear, victim } = chapter;
    const { slack, webhook } = servers;
    slack.fault('chat.postMessage', { kind: 'hang', when: 'after' });
    webhook.next({ kind: 'hang' });

    void victim.kill('SIGKILL');
    const first = await ear.expect('the first card', ({ body }) => body.server === victim.id);
    await until('Slack has it', () => message()?.text.includes(victim.id));
    await killAndStart();
    const again = await ear.expect('it once more', (it) => it !== first && it.key === first.key);
    victim.start();
    await ear.over(first.body.incident);

    expect(again.body.card.version).toBe(first.body.card.version);
    await until('Slack shows the end', () => /back, was down/u.test(message()?.text ?? ''));
    expect(told()).toEqual({ incidents: 1, servers: [victim.id], posted: 1 });
  });

  it('while somebody has taken the fault on: it stays theirs', async () => {
    const { ear, victim } = chapter;
    void victim.kill('SIGKILL');
    const { incident: id } = await card('down', (it) => it.server === victim.id && isUp(it));
    await bot.command(`ack ${id}`);
    await until('Slack shows who', () => /Acknowledged by/u.test(message()?.text ?? ''));
    await killAndStart();
    const kept = await incident(id);
    victim.start();
    await ear.over(id);

    expect(kept).toMatchObject({ state: 'acknowledged', acknowledged: { by: 'local' } });
    await until('Slack shows the end', () => /handled by/u.test(message()?.text ?? ''));
    expect(told()).toEqual({ incidents: 1, servers: [victim.id], posted: 1 });
  });

  it('in the middle of a restart: the restart is judged by what became of it', async () => {
    const { ear, victim } = chapter;
    void victim.kill('SIGKILL');
    const { incident: id } = await card('down', (it) => it.server === victim.id && isUp(it));

    await bot.command(`recover orders ${victim.id} --reason "it died" --confirm yes`);
    await killAndStart();
    const recovery = await until(
      'the restart is judged',
      async () => {
        const { recovery: mark } = await incident(id);
        return mark?.state === 'succeeded' || mark?.state === 'failed' ? mark : undefined;
      },
      150_000,
    );
    // Killed in the moment before the command it never ran, and nobody may run it later.
    const ran = victim.running();
    if (!ran) victim.start();
    await ear.over(id);

    expect(recovery).toMatchObject({ state: ran ? 'succeeded' : 'failed', server: victim.id });
    expect(told()).toEqual({ incidents: 1, servers: [victim.id], posted: 1 });
  }, 200_000);
});
