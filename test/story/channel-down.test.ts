import { describe, expect, it } from 'vitest';
import { errorsOf, isUp, sharedStory } from '../support/story.ts';
import { until } from '../support/until.ts';

describe('a channel that is away while something breaks', () => {
  const story = sharedStory();

  /** Kills the victim and waits for its card. */
  async function fault(): Promise<number> {
    const { bot, victim } = story;
    void victim.kill('SIGKILL');
    return (await bot.card('down', (it) => it.server === victim.id && isUp(it))).incident;
  }

  it('Slack is gone: when it comes back it has one card, as things are by then', async () => {
    const { bot, ear, posted, slack, victim } = story;
    await slack.down();

    const incident = await fault();
    await ear.expect('the card at the webhook', ({ body }) => body.incident === incident);
    await bot.type(`ack ${incident}`);
    await bot.card('acknowledged', ({ tone }) => tone === 'acknowledged');
    await slack.up();
    const message = await until('Slack has the card', () => posted()[0]);
    const first = message.text;
    victim.start();
    await ear.over(incident);

    expect(first).toMatch(/Acknowledged by/u);
    await until('Slack shows the end', () => /back, was down/u.test(message.text));
    expect(posted()).toHaveLength(1);
  });

  it('Slack is gone until all is over: one card that says how it ended', async () => {
    const { ear, posted, slack, victim } = story;
    await slack.down();

    const incident = await fault();
    victim.start();
    await ear.over(incident);
    await slack.up();
    const message = await until('Slack has the card', () => posted()[0]);

    expect(message.text).toMatch(/back, was down/u);
    expect(message.buttons).toEqual([]);
    expect(posted()).toHaveLength(1);
  });

  it('the webhook answers 500: it is asked again, with the same key, until it takes it', async () => {
    const { ear, posted, victim, webhook } = story;
    webhook.next({ kind: 'status', status: 500 }, 2);

    const incident = await fault();
    const taken = await ear.expect('a card that is taken', ({ answer }) => answer.kind === 'ok');
    victim.start();
    await ear.over(incident);

    const refused = ear.heard().filter(({ answer }) => answer.kind === 'status');
    expect(refused).toHaveLength(2);
    expect(taken.body.incident).toBe(incident);
    expect(ear.heard().indexOf(taken)).toBe(2);
    const keys = ear.heard().flatMap(({ key, answer }) => (answer.kind === 'ok' ? [key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(posted()).toHaveLength(1);
  });

  it('the webhook asks for patience: it is not asked again before', async () => {
    const { ear, victim, webhook } = story;
    webhook.next({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });

    const incident = await fault();
    const told = await ear.expect('the refused card', ({ answer }) => answer.kind === 'status');
    const taken = await ear.expect('a card that is taken', ({ answer }) => answer.kind === 'ok');
    victim.start();
    await ear.over(incident);

    expect(taken.atMs - told.atMs).toBeGreaterThanOrEqual(1_950);
    expect(ear.incidents()).toEqual([incident]);
  });

  it('Slack limits the rate: the card comes later, once', async () => {
    const { ear, posted, slack, victim } = story;
    slack.fault('chat.postMessage', { kind: 'rate-limited', retryAfterSeconds: 1 });

    const incident = await fault();
    const message = await until('Slack has the card', () => posted()[0]);
    victim.start();
    await ear.over(incident);

    await until('Slack shows the end', () => /back, was down/u.test(message.text));
    expect(posted()).toHaveLength(1);
    expect(errorsOf(story)).toEqual([]);
  });
});
