import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage } from '../servers/slack.ts';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { auditOf, errorsOf, isUp, ops, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

// One card, and everything people do to it that they should not.
describe('a card in the wrong hands', () => {
  let story: Story;
  let victim: ZooKeeperServer;
  let incident: number;
  let message: SlackMessage;

  beforeAll(async () => {
    story = await startStory();
    const [follower] = await story.ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
    void victim.kill('SIGKILL');
    ({ incident } = await story.bot.card('down', (it) => it.server === victim.id));
    message = await story.slack.channel(ops).expectCard(new RegExp(`orders/${victim.id}`, 'u'));
  });

  afterAll(async () => {
    await story?.close();
  });

  /** What happened to the incident, without what was only seen. */
  async function done(): Promise<readonly string[]> {
    const { events } = await story.bot.incident(incident);
    return events.map(({ kind }) => kind).filter((kind) => kind !== 'observed');
  }

  it('a stranger who presses Restart is told, alone, how to become known, and nothing runs', async () => {
    const { slack } = story;

    await slack.click(message, `Restart ${victim.id}`, 'U0NOBODY');
    const answer = await slack.expectModal('U0NOBODY', /does not know you/u);

    expect(answer.text).toContain('slack:U0NOBODY');
    expect(answer.submit).toBeUndefined();
    expect(victim.running()).toBe(false);
    expect(await done()).toEqual(['triggered']);
    expect(await auditOf(story)).toContainEqual(
      expect.objectContaining({ who: 'slack:U0NOBODY', what: 'recover', why: 'stranger' }),
    );
  });

  it('a viewer who presses Acknowledge is told, alone, which role is needed and who has it', async () => {
    const { slack } = story;

    await slack.click(message, 'Acknowledge', 'U0VIC');
    const answer = await slack.expectEphemeral('U0VIC', /needs the role operator in orders/u);

    expect(answer.text).toContain('yours is viewer');
    expect(answer.text).toContain('Bo Berg');
    expect(await done()).toEqual(['triggered']);
    expect(await auditOf(story)).toContainEqual(
      expect.objectContaining({ who: 'vic', what: 'ack', why: 'not-permitted', incident }),
    );
  });

  it('two people who acknowledge at once: one has it, the other is told who', async () => {
    const { slack, bot } = story;

    await Promise.all([
      slack.click(message, 'Acknowledge', 'U0ANN'),
      slack.click(message, 'Acknowledge', 'U0BO'),
    ]);
    const card = await bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    const winner = card.stateLine.includes('Ann Chen') ? 'Ann Chen' : 'Bo Berg';
    const loser = winner === 'Ann Chen' ? 'U0BO' : 'U0ANN';
    const answer = await slack.expectEphemeral(loser, /acknowledged already/u);

    expect(card.stateLine).toContain(`Acknowledged by ${winner} via Slack`);
    expect(answer.text).toContain(`by ${winner} via Slack`);
    expect(await done()).toEqual(['triggered', 'acknowledged']);
    await bot.type(`unack ${incident}`);
  });

  it('a double click acknowledges once, and says so twice', async () => {
    const { slack } = story;
    const before = slack.ephemerals('U0ANN').length;
    const acknowledge = await until('the button is back', () =>
      message.buttons.includes('Acknowledge') ? { ...message, raw: message.raw } : undefined,
    );

    await slack.click(acknowledge, 'Acknowledge', 'U0ANN');
    await slack.click(acknowledge, 'Acknowledge', 'U0ANN');
    const answers = await until('two answers', () => {
      const given = slack.ephemerals('U0ANN').slice(before);
      return given.length >= 2 ? given.map(({ text }) => text) : undefined;
    });

    expect(answers.filter((text) => /acknowledged already by Ann Chen/u.test(text))).toHaveLength(
      1,
    );
    expect((await done()).filter((kind) => kind === 'acknowledged')).toHaveLength(2);
    await story.bot.type(`unack ${incident}`);
  });

  it('a payload that Slack sends twice runs once and is answered once', async () => {
    const { slack } = story;
    await until('the button is back', () => message.buttons.includes('Acknowledge'));
    const before = slack.ephemerals('U0BO').length;

    const { payload } = await slack.click(message, 'Acknowledge', 'U0BO');
    await slack.deliver('interactive', payload);
    await slack.slash('/zk show 999', 'U0BO', ops);
    const given = () => slack.ephemerals('U0BO').slice(before);
    await until('the click is answered', () =>
      given().some(({ text }) => text.includes(`#${incident}`)),
    );
    await until('what came after it is answered', () =>
      given().some(({ text }) => text.includes('#999')),
    );

    expect(given()).toHaveLength(2);
    expect((await done()).filter((kind) => kind === 'acknowledged')).toHaveLength(3);
  });

  it('a command nobody knows is answered with the one that was meant', async () => {
    const { slack, bot } = story;

    await slack.slash('/zk stauts', 'U0VIC', ops);
    const answer = await slack.expectEphemeral('U0VIC', /no command "stauts"/u);
    const typed = await bot.type('incidnets');

    expect(answer.text).toContain('Did you mean status?');
    expect(typed).toMatchObject({ outcome: 'refused', visibility: 'private' });
    expect(JSON.stringify(typed.blocks)).toContain('Did you mean incidents?');
  });

  it('a card whose message was deleted is posted afresh, once', async () => {
    const { slack, bot } = story;
    const { messages } = slack.channel(ops);
    expect(messages).toHaveLength(1);

    slack.deleteMessage(message);
    await bot.type(`unack ${incident}`);
    const fresh = await slack.channel(ops).expectCard(new RegExp(`orders/${victim.id}`, 'u'));
    await bot.type(`ack ${incident}`);
    await until('the new one is edited', () => /Acknowledged by/u.test(fresh.text));

    expect(fresh.ts).not.toBe(message.ts);
    expect(slack.channel(ops).messages.map(({ ts }) => ts)).toEqual([fresh.ts]);
    message = fresh;
  });

  it('a button of a resolved incident says that it is over, and does nothing', async () => {
    const { slack, bot, ensemble } = story;
    const old = { ...message, raw: message.raw, text: message.text };

    victim.start();
    await bot.card('over', (it) => it.incident === incident && !isUp(it));
    await until('Slack shows it', () => message.buttons.length === 0);
    await ensemble.ready();
    const before = await done();
    await slack.click(old, 'Escalate', 'U0ANN');
    const escalated = await slack.expectEphemeral('U0ANN', /is resolved since/u);
    const pid = victim.pid();
    await slack.click(old, `Restart ${victim.id}`, 'U0ANN');
    const restart = await slack.expectModal('U0ANN', /is resolved since/u);

    expect(escalated.text).toContain(`#${incident}`);
    expect(restart.submit).toBeUndefined();
    expect(victim.pid()).toBe(pid);
    expect(await done()).toEqual(before);
    expect(errorsOf(story)).toEqual([]);
  });
});
