import { describe, expect, it } from 'vitest';
import { isUp, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a Redis that is killed and comes back', () => {
  const story = sharedStory();

  async function readiness(): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${story.bot.url}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }

  it('is told by /readyz, and a fault of meanwhile is told once, afterwards', async () => {
    const { bot, ear, posted, victim } = story;
    await until('the bot is ready', async () => (await readiness()).status === 200);
    const alive = async () => (await fetch(`${bot.url}/healthz`)).status;

    await bot.redis.kill('SIGKILL');
    const red = await until('it is not ready', async () => {
      const answer = await readiness();
      return answer.status === 503 ? answer : undefined;
    });
    void victim.kill('SIGKILL');
    const refused = await bot.type('status');
    const stillAlive = await alive();
    await bot.redis.restart();
    await until('it is ready again', async () => (await readiness()).status === 200);
    const card = await bot.card('down', (it) => it.server === victim.id && isUp(it));
    victim.start();
    await ear.over(card.incident);

    expect(red.text).toMatch(/redis/iu);
    expect(JSON.stringify(refused)).toMatch(/Redis/u);
    expect(stillAlive).toBe(200);
    expect(ear.incidents()).toEqual([card.incident]);
    expect(ear.servers()).toEqual([victim.id]);
    await until('Slack shows the end', () => /back, was down/u.test(posted()[0]?.text ?? ''));
    expect(posted()).toHaveLength(1);
  });

  it('keeps the cards of before: what is acknowledged stays so, and nothing is posted again', async () => {
    const { bot, ear, posted, victim } = story;
    void victim.kill('SIGKILL');
    const { incident } = await bot.card('down', (it) => it.server === victim.id && isUp(it));
    await bot.type(`ack ${incident}`);
    await until('Slack shows who', () => /Acknowledged by/u.test(posted()[0]?.text ?? ''));

    await bot.redis.kill('SIGKILL');
    await bot.redis.restart();
    const kept = await until('it answers again', async () => {
      const told = await bot.incident(incident);
      return told.incident === undefined ? undefined : told.incident;
    });
    victim.start();
    await ear.over(incident);

    expect(kept.state).toBe('acknowledged');
    expect(ear.incidents()).toEqual([incident]);
    expect(posted()).toHaveLength(1);
  });
});
