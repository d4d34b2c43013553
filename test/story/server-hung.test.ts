import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { type Ear, errorsOf, isUp, listen, ops, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a stopped process', () => {
  let story: Story;
  let ear: Ear;
  let victim: ZooKeeperServer;

  beforeAll(async () => {
    story = await startStory();
  });

  afterAll(async () => {
    await story?.close();
  });

  beforeEach(async () => {
    await story.ensemble.ready();
    await story.bot.green();
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
    ear = listen(story);
  });

  it('is named as hung, not as down, and is over when it goes on', async () => {
    const { bot } = story;

    void victim.kill('SIGSTOP');
    const card = await bot.card('hung', (it) => it.server === victim.id && isUp(it));
    void victim.kill('SIGCONT');
    const over = await bot.card('over', (it) => it.incident === card.incident && !isUp(it));

    expect(card).toMatchObject({ detector: 'member-hung', server: victim.id });
    expect(card.title).toContain('hung');
    expect(over.title).toContain('answers again');
    await ear.over(card.incident);
    expect(ear.servers()).toEqual([victim.id]);
    expect(ear.incidents()).toEqual([card.incident]);
  });

  it('is killed and started anew by the bot, after the sum and a reason', async () => {
    const { bot, slack, ensemble } = story;
    const before = victim.pid();
    void victim.kill('SIGSTOP');
    const card = await bot.card('hung', (it) => it.server === victim.id && isUp(it));
    const message = await slack
      .channel(ops)
      .expectCard(new RegExp(`orders/${victim.id}: hung`, 'u'));

    await slack.click(message, `Restart ${victim.id}`, 'U0BO');
    const sum = (await slack.expectModal('U0BO', /of 3/u)).text;
    await slack.submitModal('U0BO', { reason: 'stopped, and nobody knows why' });
    await ear.over(card.incident, 30_000);
    const { incident } = await until('the restart is verified', async () => {
      const told = await bot.incident(card.incident);
      return told.incident.recovery?.state === 'succeeded' ? told : undefined;
    });

    expect(sum).toContain('2 of 3');
    expect(incident.recovery).toMatchObject({ by: 'bo', via: 'slack', server: victim.id });
    expect(incident.recovery?.reason).toBe('stopped, and nobody knows why');
    expect(victim.pid()).not.toBe(before);
    await ensemble.ready();
    expect(ear.servers()).toEqual([victim.id]);
    expect(ear.incidents()).toEqual([card.incident]);
    expect(errorsOf(story)).toEqual([]);
  });
});
