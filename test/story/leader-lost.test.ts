import { describe, expect, it } from 'vitest';
import { errorsOf, isUp, sharedStory } from '../support/story.ts';

describe('a leader that goes', () => {
  const story = sharedStory();

  it('is one card that names it and says that it led, and none about the others', async () => {
    const { bot, ear, ensemble } = story;
    const leader = await ensemble.leader();

    void leader.kill('SIGKILL');
    const card = await bot.card('down', (it) => it.server === leader.id && isUp(it));
    await ear.expect(
      'the new leader on the card',
      ({ body }) =>
        body.incident === card.incident && /"state":"leader"/u.test(JSON.stringify(body.card)),
    );
    const next = await ensemble.leader();
    leader.start();
    await bot.card('resolved', (it) => it.incident === card.incident && !isUp(it));

    expect(card).toMatchObject({ detector: 'member-down', server: leader.id });
    expect(card.meaning).toMatch(/leader/u);
    expect(next.id).not.toBe(leader.id);
    await ear.over(card.incident);
    expect(ear.servers()).toEqual([leader.id]);
    expect(ear.incidents()).toEqual([card.incident]);
  });

  it('and is back within a second is shown as a restart, and as nothing else', async () => {
    const { bot, ear, ensemble } = story;
    const leader = await ensemble.leader();

    await leader.restart();
    const posted = await ear.expect('a card', ({ body }) => body.server === leader.id);
    const incident = posted.body.incident;
    await ensemble.ready();
    await bot.green();

    expect(['member-down', 'member-restarted']).toContain(posted.body.detector);
    expect(ear.servers()).toEqual([leader.id]);
    expect(ear.incidents()).toEqual([incident]);
  });

  it('one server after the other: each card names the one that was away', async () => {
    const { bot, ear, ensemble } = story;
    const before = Math.max(...(await bot.cards()).map(({ incident }) => incident));

    for (const server of ensemble.servers) {
      await server.restart();
      await ear.expect(`a card about ${server.id}`, ({ body }) => body.server === server.id);
      await ensemble.ready();
      await bot.green();
    }

    const fresh = (await bot.cards()).filter(({ incident }) => incident > before);
    expect(fresh.map(({ server }) => server).toReversed()).toEqual(['zk1', 'zk2', 'zk3']);
    expect(ear.servers()).toEqual(['zk1', 'zk2', 'zk3']);
    expect(errorsOf(story)).toEqual([]);
  });
});
