import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlackStandIn } from '../servers/slack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../servers/webhook.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { type StoryBot, startStoryBot } from '../support/bot.ts';
import { until } from '../support/until.ts';

// One night, step by step: each test goes on where the one before it ended.
describe('a killed server', () => {
  let ensemble: ZooKeeperEnsemble;
  let slack: SlackStandIn;
  let webhook: WebhookReceiver;
  let bot: StoryBot;
  let victim: string;

  beforeAll(async () => {
    slack = new SlackStandIn();
    await slack.up();
    slack.addChannel('C0000OPS', 'ops');
    [webhook, ensemble] = await Promise.all([
      startWebhookReceiver(),
      startEnsemble({ servers: 3, whitelist: '*' }),
    ]);
    bot = await startStoryBot({
      ensembles: { orders: ensemble },
      slack,
      webhook,
      yaml: 'people: { ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN } }',
    });
    await bot.green();
  });

  afterAll(async () => {
    await bot?.close();
    await ensemble?.close();
    await webhook?.close();
    await slack?.close();
  });

  it('is one card on the console, in Slack and at the webhook', async () => {
    const [follower] = await ensemble.followers();
    victim = follower?.id ?? '';
    void follower?.kill('SIGKILL');

    const card = await bot.card('the server is down', ({ tone }) => tone !== 'resolved');
    const message = await slack.channel('C0000OPS').expectCard(new RegExp(`orders/${victim}`));
    const posted = await webhook.expect('the card', ({ body }) => body.event === 'card');

    expect(card).toMatchObject({ detector: 'member-down', server: victim });
    expect(card.grid.find(({ server }) => server === victim)?.health).toBe('bad');
    expect(message.text).toContain('down');
    expect(posted).toMatchObject({ signature: 'valid' });
    expect(posted.body).toMatchObject({ incident: card.incident, detector: 'member-down' });
  });

  it('is acknowledged in Slack, and the console names person and chat', async () => {
    const message = await slack.channel('C0000OPS').expectCard(new RegExp(`orders/${victim}`));

    await slack.click(message, 'Acknowledge', 'U0ANN');

    const card = await bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    expect(card.stateLine).toMatch(/Ann Chen.*Slack/u);
    expect(card.buttons.map(({ id }) => id)).not.toContain('ack');
    await until('Slack shows it too', () =>
      /Ann Chen/u.test(slack.channel('C0000OPS').messages[0]?.text ?? ''),
    );
    await webhook.expect('the webhook hears of it', ({ body }) => body.state === 'acknowledged');
  });

  it('is restarted from Slack after the sum and a reason, and verified', async () => {
    const message = await slack.channel('C0000OPS').expectCard(new RegExp(`orders/${victim}`));

    await slack.click(message, `Restart ${victim}`, 'U0ANN');
    const sum = (await slack.expectModal('U0ANN', /of 3/u)).text;
    await slack.submitModal('U0ANN', { reason: 'it died, bring it back' });

    expect(sum).toMatch(/2 of 3/u);
    const { incident } = await bot.card('resolved', ({ tone }) => tone === 'resolved');
    await until('the recovery is told', async () => {
      const { incident: now } = await bot.incident(incident);
      return now.recovery?.state === 'succeeded';
    });
    await ensemble.ready();
  });

  it('is resolved in place: one message in Slack, with its thread, and one card', async () => {
    const cards = await bot.cards();
    const { messages } = slack.channel('C0000OPS');

    expect(cards).toHaveLength(1);
    expect(cards[0]?.buttons).toEqual([]);
    await until('Slack shows it resolved', () => /back|resolved/iu.test(messages[0]?.text ?? ''));
    expect(messages).toHaveLength(1);
    expect(new Set(webhook.requests.map(({ body }) => body.incident)).size).toBe(1);
  });

  it('is a timeline afterwards, from the kill to the restart', async () => {
    const [card] = await bot.cards();

    const { events } = await bot.incident(card?.incident ?? 0);

    const kinds = events.map(({ kind }) => kind);
    expect(kinds[0]).toBe('triggered');
    expect(kinds).toEqual(expect.arrayContaining(['acknowledged', 'recovery', 'resolved']));
    expect(bot.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
