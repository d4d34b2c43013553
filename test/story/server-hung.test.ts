import { describe, expect, it } from 'vitest';
import { errorsOf, isUp, ops, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a stopped process', () => {
  const story = sharedStory();

  it('is named as hung, not as down, and is over when it goes on', async () => {
    const { bot, ear, victim } = story;

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

  it('that led is named as the leader, on one card until it follows the next one', async () => {
    const { bot, ear, ensemble } = story;
    const leader = await ensemble.leader();

    void leader.kill('SIGSTOP');
    const card = await bot.card('the leader', (it) => it.server === leader.id && isUp(it));
    const next = await bot.card(
      'the next leader',
      (it) => it.incident === card.incident && /leads now/u.test(it.title),
      40_000,
    );
    void leader.kill('SIGCONT');
    await bot.card('over', (it) => it.incident === card.incident && !isUp(it));

    expect(card).toMatchObject({ detector: 'leader-unresponsive', server: leader.id });
    expect(card.title).toContain('does not answer — writes hang');
    expect(next.detector).toBe('leader-unresponsive');
    await ear.over(card.incident);
    expect(ear.servers()).toEqual([leader.id]);
    expect(ear.incidents()).toEqual([card.incident]);
  });

  it('is killed and started anew by the bot, after the sum and a reason', async () => {
    const { bot, ear, ensemble, slack, victim } = story;
    const before = victim.pid();
    void victim.kill('SIGSTOP');
    const card = await bot.card('hung', (it) => it.server === victim.id && isUp(it));
    const message = await slack
      .channel(ops)
      .expectCard(new RegExp(`orders/${victim.id}: hung`, 'u'));

    await slack.click(message, `Restart ${victim.id}`, 'U0BO');
    const sum = (await slack.expectModal('U0BO', /of 3/u)).text;
    await slack.submitModal('U0BO', { reason: 'stopped, and nobody knows why' });
    await ear.over(card.incident);
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
