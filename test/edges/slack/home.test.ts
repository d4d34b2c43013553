import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { viewersMax } from '../../../src/edges/slack/home.ts';
import type { Reply } from '../../../src/model/reply.ts';
import { startSlackStandIn } from '../../servers/slack.ts';
import { aCard, anEndlessCard } from '../../support/cards.ts';
import { until } from '../../support/until.ts';
import { SlackBench } from './bench.ts';

function pageOf(...blocks: Reply['blocks']): Reply {
  return { outcome: 'done', visibility: 'private', blocks };
}

describe('the bot’s own page in Slack', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = new SlackBench(await startSlackStandIn());
    await bench.start({}, { pace: { cardMs: 20, statusMs: 40 } });
    await bench.connected();
    bench.page = pageOf(
      { kind: 'text', text: 'One incident is open.' },
      { kind: 'card', card: aCard() },
    );
  });

  afterEach(() => bench.close());

  async function opened(user: string) {
    await bench.slack.openHome(user);
    return await until('the page', () => bench.slack.home(user));
  }

  it('shows what is open to whoever opens it, with its buttons', async () => {
    const page = await opened('U0ANNA');

    expect(page.text).toContain('One incident is open.');
    expect(page.text).toContain('quorum lost — 1 of 3 voters serving');
    expect(page.buttons).toEqual(['Acknowledge', 'Escalate']);
    expect(bench.pages).toMatchObject([{ via: 'slack', handle: 'U0ANNA' }]);
  });

  it('is drawn again when something changed, and not when nothing did', async () => {
    await opened('U0ANNA');
    const asked = bench.pages.length;

    bench.bulletins.publish({ kind: 'status', ensemble: 'orders' });
    await until('it was looked at', () => bench.pages.length > asked);
    bench.page = pageOf({ kind: 'text', text: 'Nothing is open.' });
    for (let times = 0; times < 5; times += 1)
      bench.bulletins.publish({ kind: 'card', incident: 12 });

    await until('the change', () => bench.slack.home('U0ANNA')?.text === 'Nothing is open.');
    expect(bench.slack.home('U0ANNA')?.drawn).toBe(2);
  });

  it('answers a press on it in a modal: there is no conversation', async () => {
    await opened('U0ANNA');
    bench.reply = pageOf({ kind: 'text', text: 'You have incident #12.' });

    await bench.slack.clickHome('U0ANNA', 'Acknowledge');

    await bench.slack.expectModal('U0ANNA', 'You have incident #12.');
    expect(bench.acts).toMatchObject([{ invocation: { command: 'ack', args: ['12'] } }]);
  });

  it('tells the person directly where Slack opens no modal', async () => {
    await opened('U0ANNA');
    bench.slack.workspace.addChannel('U0ANNA', 'u0anna');
    bench.slack.fault('views.open', { kind: 'error', error: 'expired_trigger_id' }, 2);

    await bench.slack.clickHome('U0ANNA', 'Acknowledge');

    await bench.slack.channel('U0ANNA').expectCard('done');
    expect(bench.acts).toHaveLength(1);
  });

  it('brings what comes later to the person directly', async () => {
    await opened('U0ANNA');
    bench.slack.workspace.addChannel('U0ANNA', 'u0anna');
    await bench.slack.clickHome('U0ANNA', 'Acknowledge');
    const asked = await until('the press', () => bench.acts[0]);

    const came = await bench.edge.channel.answer?.(
      asked.caller.answerTo ?? '',
      pageOf({ kind: 'text', text: 'You have incident #12.' }),
      'en',
    );

    expect(came).toBe(true);
    await bench.slack.channel('U0ANNA').expectCard('You have incident #12.');
  });

  it('stays within the limits of Slack, whatever is open', async () => {
    bench.page = pageOf(
      ...Array.from({ length: 60 }, () => ({ kind: 'card' as const, card: anEndlessCard() })),
    );

    const page = await opened('U0ANNA');

    expect(page.text).toMatch(/… \d+ more$/u);
  });

  it('is kept true for so many people and no more, the last to open it first', async () => {
    for (let index = 0; index <= viewersMax; index += 1) await opened(`U0P${index}`);
    bench.page = pageOf({ kind: 'text', text: 'Nothing is open.' });

    bench.bulletins.publish({ kind: 'card', incident: 12 });

    await until('the last', () => bench.slack.home(`U0P${viewersMax}`)?.drawn === 2);
    expect(bench.slack.home('U0P0')?.drawn).toBe(1);
    expect(bench.slack.home('U0P1')?.drawn).toBe(2);
  });

  it('is left alone on its other tabs', async () => {
    await bench.slack.deliver('events_api', {
      type: 'event_callback',
      event_id: 'Ev1',
      team_id: 'T0ACME',
      event: { type: 'app_home_opened', user: 'U0BO', channel: 'D0BO', tab: 'messages' },
    });
    await opened('U0ANNA');

    expect(bench.slack.home('U0BO')).toBeUndefined();
  });
});
