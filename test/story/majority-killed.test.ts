import { describe, expect, it } from 'vitest';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { errorsOf, isUp, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a killed majority', () => {
  const story = sharedStory();

  /** Two servers: a follower and the leader. */
  async function twoOf(): Promise<readonly [ZooKeeperServer, ZooKeeperServer]> {
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    return [follower, await story.ensemble.leader()];
  }

  it('is one card that names both, is acknowledged, and is resolved in place', async () => {
    const { bot, ear, posted } = story;
    const victims = await twoOf();
    const names = victims.map(({ id }) => id).sort();

    for (const victim of victims) void victim.kill('SIGKILL');
    const card = await bot.card('quorum lost', ({ title }) => /quorum lost/u.test(title));
    const acknowledged = await bot.type(`ack ${card.incident}`);
    for (const victim of victims) victim.start();
    const over = await bot.card('resolved', (it) => it.incident === card.incident && !isUp(it));

    expect(card).toMatchObject({ ensemble: 'orders', detector: 'quorum-lost', tone: 'critical' });
    expect(card.server).toBeUndefined();
    expect(card.advice).toContain(`Down: ${names.join(', ')}.`);
    expect(card.grid.filter(({ health }) => health === 'bad').map(({ server }) => server)).toEqual(
      expect.arrayContaining(names),
    );
    expect(acknowledged.outcome).toBe('done');
    expect(over.stateLine).toMatch(/handled by/u);
    await ear.over(card.incident);
    expect(ear.incidents()).toEqual([card.incident]);
    await until('Slack shows the end', () => /quorum is back/u.test(posted()[0]?.text ?? ''));
    expect(posted()).toHaveLength(1);
  });

  it('takes over the card of the server that went first', async () => {
    const { bot, ear } = story;
    const [first, second] = await twoOf();

    void first.kill('SIGKILL');
    const before = await bot.card('one is down', (it) => it.server === first.id && isUp(it));
    void second.kill('SIGKILL');
    const card = await bot.card(
      'quorum lost',
      ({ title, ...it }) => /quorum lost/u.test(title) && isUp(it),
    );
    for (const victim of [first, second]) victim.start();
    const over = await bot.card('resolved', (it) => it.incident === card.incident && !isUp(it));

    expect(before.detector).toBe('member-down');
    expect(card.incident).toBe(before.incident);
    expect(card.symptoms.join('\n')).toContain(first.id);
    expect(over.title).toMatch(/quorum is back/u);
    await ear.over(card.incident);
    expect(ear.incidents()).toEqual([card.incident]);
  });

  it('folds a card that somebody has taken on already, and says where it went', async () => {
    const { bot, ear } = story;
    const [first, second] = await twoOf();

    void first.kill('SIGKILL');
    const small = await bot.card('one is down', (it) => it.server === first.id && isUp(it));
    await bot.type(`ack ${small.incident}`);
    void second.kill('SIGKILL');
    const big = await bot.card(
      'quorum lost',
      ({ title, ...it }) => /quorum lost/u.test(title) && isUp(it),
    );
    const folded = await bot.card('folded', (it) => it.incident === small.incident && !isUp(it));
    const tooLate = await bot.type(`ack ${small.incident}`);
    for (const victim of [first, second]) victim.start();
    await bot.card('resolved', (it) => it.incident === big.incident && !isUp(it));

    expect(big.incident).not.toBe(small.incident);
    expect(big.symptoms.join('\n')).toContain(first.id);
    expect(folded.stateLine).toContain(`#${big.incident}`);
    expect(tooLate).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(tooLate.blocks)).toContain(`#${big.incident}`);
    await ear.over(big.incident);
    expect(ear.incidents()).toEqual([small.incident, big.incident]);
  });

  it('leaves nothing open and no error in the log', async () => {
    const { bot } = story;

    const cards = await bot.cards();

    expect(cards.filter(isUp)).toEqual([]);
    expect(errorsOf(story)).toEqual([]);
  });
});
