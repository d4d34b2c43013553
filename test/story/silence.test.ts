import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlackStandIn } from '../servers/slack.ts';
import {
  startEnsemble,
  type ZooKeeperEnsemble,
  type ZooKeeperServer,
} from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { until } from '../support/until.ts';

// One maintenance, step by step: each test goes on where the one before it ended.
describe('a silenced server', () => {
  let ensemble: ZooKeeperEnsemble;
  let slack: SlackStandIn;
  let bot: StoryBot;
  let victim: ZooKeeperServer;
  const chat = () => slack.channel('C0000OPS');
  const posted = (text: RegExp) => chat().messages.filter((message) => text.test(message.text));

  beforeAll(async () => {
    slack = new SlackStandIn();
    await slack.up();
    slack.addChannel('C0000OPS', 'ops');
    ensemble = await startEnsemble({ servers: 3, whitelist: '*' });
    bot = await startStoryBot({
      ensembles: { orders: ensemble },
      slack,
      yaml: 'people: { ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN } }',
    });
    await bot.green();
    const [follower] = await ensemble.followers();
    if (follower === undefined) throw new Error('no follower');
    victim = follower;
  });

  afterAll(async () => {
    await bot?.close();
    await ensemble?.close();
    await slack?.close();
  });

  it('is announced once where its faults would be told', async () => {
    const reply = await bot.type(`silence orders ${victim.id} 2h new disk`);

    expect(reply).toMatchObject({ outcome: 'done' });
    const message = await chat().expectCard(/silenced until/u);
    expect(message.text).toContain('new disk');
  });

  it('is down on the console and in no chat', async () => {
    await victim.kill('SIGKILL');

    const card = await bot.card('down', ({ detector }) => detector === 'member-down');
    const { blocks } = await bot.type('status');

    expect(card.stateLine).toMatch(/^Silenced until .* by .*: new disk/u);
    expect(JSON.stringify(blocks)).toContain(`orders/${victim.id}`);
    expect(posted(/down/u)).toEqual([]);
  });

  it('speaks in the chat when the silence ends', async () => {
    const reply = await bot.type('unsilence 1');

    expect(reply).toMatchObject({ outcome: 'done' });
    await chat().expectCard(new RegExp(`orders/${victim.id}: down`, 'u'));
    await until('the card of the silence is over', () => posted(/the silence is over/u)[0]);
    expect(posted(/silence/u)).toHaveLength(1);
  });

  it('is silenced again from the menu of its card, with a reason in a form', async () => {
    const message = await chat().expectCard(new RegExp(`orders/${victim.id}: down`, 'u'));

    await slack.click(message, 'Silence…', 'U0ANN');
    const { text: form } = await slack.expectModal('U0ANN', /For how long/u);
    await slack.submitModal('U0ANN', { for: '30m', reason: 'the vendor is here' });

    expect(form).toContain('nobody is told of it');
    await until(
      'the card says so',
      () => posted(/Silenced until .* by Ann Chen: the vendor is here/u).length > 0,
    );
  });

  it('says nothing when it comes back under the silence', async () => {
    const before = chat().messages.length;
    victim.start();

    const card = await bot.card(
      'back',
      (each) => each.detector === 'member-down' && each.tone === 'resolved',
    );
    const { events } = await bot.incident(card.incident);

    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['triggered', 'muted', 'resolved']),
    );
    await until('the card in the chat is green', () => posted(/back/u).length > 0);
    expect(chat().messages).toHaveLength(before);
    expect(bot.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
