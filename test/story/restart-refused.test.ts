import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/model/reply.ts';
import { auditOf, errorsOf, isUp, ops, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Everything a reply says, as one text. */
function textOf(reply: Reply): string {
  return JSON.stringify(reply.blocks);
}

describe('a restart that would do harm, or no good', () => {
  const story = sharedStory();

  it('is refused in words while the server is the last that keeps the quorum', async () => {
    const { bot, ear, ensemble, slack } = story;
    const leader = await ensemble.leader();
    const [victim, other] = await ensemble.followers();
    void victim?.kill('SIGKILL');
    const card = await bot.card('down', (it) => it.server === victim?.id && isUp(it));

    const reply = await bot.type(`recover orders ${other?.id} --reason "tidy up" --confirm yes`);
    await slack.slash(`/zk recover orders ${leader.id}`, 'U0BO', ops);
    const told = await slack.expectEphemeral('U0BO', /writes would stop/u);
    victim?.start();
    await bot.card('over', (it) => it.incident === card.incident && !isUp(it));

    expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(textOf(reply)).toContain('would leave 1 of 3 voters');
    expect(textOf(reply)).toContain(`First bring back: ${victim?.id}`);
    expect(told.text).toContain(`First bring back: ${victim?.id}`);
    expect(other?.running()).toBe(true);
    expect(ear.servers()).toEqual([victim?.id]);
  });

  it('is refused when the quorum is lost and one server more would not bring it back', async () => {
    const { bot, ensemble } = story;
    const [a, b, c] = ensemble.servers;
    for (const server of [a, b, c]) void server?.kill('SIGKILL');
    await bot.card('quorum lost', (it) => it.detector === 'quorum-lost' && isUp(it));

    const reply = await until('the guard has seen it', async () => {
      const answered = await bot.type(`recover orders ${a?.id} --reason "all dead" --confirm yes`);
      return answered.outcome === 'refused' ? answered : undefined;
    });
    for (const server of [a, b, c]) server?.start();
    await bot.card('over', (it) => it.detector === 'quorum-lost' && !isUp(it));

    expect(textOf(reply)).toMatch(/1 of 2 needed voters could serve/u);
    expect(textOf(reply)).toContain(`Bring these back first`);
  });

  it('is refused while another recovery runs, and the first one goes on', async () => {
    const { bot, ear, ensemble, slack } = story;
    const [victim, other] = await ensemble.followers();
    void victim?.kill('SIGKILL');
    const card = await bot.card('down', (it) => it.server === victim?.id && isUp(it));

    const first = await bot.type(`recover orders ${victim?.id} --reason "one" --confirm yes`);
    const second = await bot.type(`recover orders ${other?.id} --reason "two" --confirm yes`);
    const third = await bot.type(`recover orders ${victim?.id} --reason "three" --confirm yes`);
    await ear.over(card.incident);

    expect(first.outcome).toBe('done');
    for (const reply of [second, third]) {
      expect(reply).toMatchObject({ outcome: 'refused', visibility: 'private' });
      expect(textOf(reply)).toMatch(/Another recovery runs in orders \(r-\d+\)/u);
    }
    await until('the first one is verified', async () => {
      const { incident } = await bot.incident(card.incident);
      return incident.recovery?.state === 'succeeded';
    });
    expect(slack.ephemerals('U0ANN')).toEqual([]);
  });

  it('stands in the audit, each time with its reason', async () => {
    const audit = await auditOf(story);

    const refused = audit.filter(
      ({ what, outcome }) => what === 'recover' && outcome === 'refused',
    );
    expect(refused.map(({ why }) => why)).toEqual(
      expect.arrayContaining(['recovery-running', 'would-break-quorum', 'would-not-help']),
    );
    expect(refused.find(({ via }) => via === 'slack')).toMatchObject({
      who: 'bo',
      name: 'Bo Berg',
    });
    expect(errorsOf(story)).toEqual([]);
  });
});
