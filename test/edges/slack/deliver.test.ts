import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackChannel } from '../../../src/edges/slack/deliver.ts';
import { laneMax, turnMs } from '../../../src/edges/slack/lanes.ts';
import { createWebClient } from '../../../src/edges/slack/web-client.ts';
import type { Receipt } from '../../../src/model/notification.ts';
import type { Channel, Delivery } from '../../../src/ports/channel.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { channelContract } from '../../contract/channel.contract.ts';
import { type SlackStandIn, startSlackStandIn } from '../../servers/slack.ts';
import { aCard, aDestination, aLine } from '../../support/cards.ts';
import { createFakeClock } from '../../support/clock.ts';
import { quietLog, type RecordingLog, recordingLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';
import { withResolvers } from '../../support/with-resolvers.ts';

const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
const ops = aDestination();
const timeoutMs = 1500;

function channelTo(slack: SlackStandIn, clock: Clock = realClock, log = quietLog): Channel {
  const settings = { botToken: slack.botToken, apiUrl: slack.apiUrl };
  return createSlackChannel({ client: createWebClient(settings, log, timeoutMs), clock, log });
}

channelContract('slack', async () => {
  const slack = await startSlackStandIn();
  return {
    channel: channelTo(slack),
    destination: ops,
    cards: () =>
      Promise.resolve(
        slack.channel(ops.address).messages.map((message) => ({
          text: message.text,
          thread: message.replies.map((reply) => reply.text),
        })),
      ),
    limitRate: () =>
      slack.fault('chat.postMessage', { kind: 'rate-limited', retryAfterSeconds: 2 }),
    refuse: () => slack.archive(ops.address),
    loseAnswer: () =>
      slack.fault(['chat.postMessage', 'chat.update'], { kind: 'reset', when: 'after' }),
    hang: () => slack.fault('chat.postMessage', { kind: 'hang' }),
    unplug: () => slack.down(),
    deleteCard() {
      const newest = slack.channel(ops.address).messages.at(-1);
      if (newest !== undefined) slack.deleteMessage(newest);
    },
    secrets: [slack.botToken, slack.appToken, slack.signingSecret],
    close: () => slack.close(),
  };
});

describe('the Slack channel', () => {
  let slack: SlackStandIn;

  beforeEach(async () => {
    slack = await startSlackStandIn();
  });

  afterEach(() => slack.close());

  const aShow = (title = 'zk2 is down'): Delivery => ({
    kind: 'show',
    card: aCard({ title }),
    previous: undefined,
    text: title,
  });

  it.each([
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'missing_scope',
  ])('calls %s final', async (error) => {
    slack.fault('chat.postMessage', { kind: 'error', error });

    const outcome = channelTo(slack).deliver(aShow(), ops, 'k1');

    await expect(outcome).rejects.toMatchObject({ code: 'delivery-refused' });
  });

  it.each([
    { fault: { kind: 'error', error: 'fatal_error' }, code: 'delivery-unknown' },
    { fault: { kind: 'error', error: 'service_unavailable' }, code: 'delivery-temporary' },
    { fault: { kind: 'error', error: 'an_error_of_tomorrow' }, code: 'delivery-temporary' },
    { fault: { kind: 'error', error: '<html>proxy</html>' }, code: 'delivery-unknown' },
    { fault: { kind: 'status', status: 500 }, code: 'delivery-unknown' },
    { fault: { kind: 'status', status: 403 }, code: 'delivery-temporary' },
    { fault: { kind: 'reset', when: 'before' }, code: 'delivery-unknown' },
    { fault: { kind: 'rate-limited' }, code: 'delivery-rate-limited' },
    { fault: { kind: 'error', error: 'ratelimited' }, code: 'delivery-rate-limited' },
  ] as const)('reads $fault as $code', async ({ fault, code }) => {
    slack.fault('chat.postMessage', fault);

    const outcome = channelTo(slack).deliver(aShow(), ops, 'k1');

    await expect(outcome).rejects.toMatchObject({ code });
    expect(slack.calls).toHaveLength(1);
  });

  it('does not ask Slack again before the rate limit is over', async () => {
    const clock = createFakeClock();
    const channel = channelTo(slack, clock);
    slack.fault('chat.postMessage', { kind: 'rate-limited', retryAfterSeconds: 30 });
    await channel.deliver(aShow(), ops, 'k1').catch(() => undefined);
    await clock.advance(10_000);

    const early = channel.deliver(aShow(), ops, 'k1');

    await expect(early).rejects.toMatchObject({
      code: 'delivery-rate-limited',
      retryAfterMs: 20_000,
    });
    expect(slack.calls).toHaveLength(1);
    await clock.advance(20_000);
    await channel.deliver(aShow(), ops, 'k1');
    expect(slack.channel(ops.address).messages).toHaveLength(1);
  });

  it('keeps to one message a second once Slack has limited the rate, and keeps the order', async () => {
    const clock = createFakeClock();
    const channel = channelTo(slack, clock);
    slack.fault('chat.postMessage', { kind: 'rate-limited', retryAfterSeconds: 1 });
    await channel.deliver(aShow(), ops, 'k0').catch(() => undefined);
    await clock.advance(1000);
    const startMs = clock.now();
    const times: number[] = [];

    const sent = ['first', 'second', 'third'].map((title) =>
      channel.deliver(aShow(title), ops, title).then(() => times.push(clock.now() - startMs)),
    );
    for (let second = 0; second < 2; second += 1) {
      await until('a send that waits its turn', () => clock.sleepers() === 1);
      await clock.advance(1000);
    }
    await Promise.all(sent);

    const { messages } = slack.channel(ops.address);
    expect(messages.map((message) => message.notification)).toEqual(['first', 'second', 'third']);
    expect(times).toEqual([0, 1000, 2000]);
  });

  it('lets one conversation wait without the others', async () => {
    slack.addChannel('C0000DEV', 'dev');
    slack.fault('chat.postMessage', { kind: 'hang' });
    const channel = channelTo(slack);
    const stuck = channel.deliver(aShow(), ops, 'k1').catch(() => undefined);

    await channel.deliver(aShow(), aDestination({ address: 'C0000DEV' }), 'k2');

    expect(slack.channel('C0000DEV').messages).toHaveLength(1);
    await stuck;
  });

  it('does not send what has waited so long that nobody waits for it any more', async () => {
    const clock = createFakeClock();
    const channel = channelTo(slack, clock);
    const { promise: released, resolve: answer } = withResolvers<void>();
    slack.fault('chat.postMessage', { kind: 'late', until: released });
    const first = channel.deliver(aShow('first'), ops, 'k1');
    const second = channel.deliver(aShow('second'), ops, 'k2');
    await until('the first is under way', () => slack.calls.length === 1);
    await clock.advance(turnMs + 1);

    answer();

    await first;
    await expect(second).rejects.toMatchObject({ code: 'delivery-rate-limited' });
    expect(slack.channel(ops.address).messages).toHaveLength(1);
  });

  it('refuses to queue without end', async () => {
    slack.fault('chat.postMessage', { kind: 'hang' });
    const channel = channelTo(slack);
    const queued = Array.from({ length: laneMax }, (_, index) =>
      channel.deliver(aShow(), ops, `k${index}`).catch(() => undefined),
    );

    const outcome = channel.deliver(aShow(), ops, 'one too many');

    await expect(outcome).rejects.toMatchObject({ code: 'delivery-temporary' });
    await Promise.all(queued);
  });

  it('posts afresh when the destination has moved to another conversation', async () => {
    slack.addChannel('C0000DEV', 'dev');
    const channel = channelTo(slack);
    const previous = await channel.deliver(aShow(), ops, 'k1');

    await channel.deliver(
      { ...aShow(), previous } as Delivery,
      aDestination({ address: 'C0000DEV' }),
      'k2',
    );

    expect(slack.channel('C0000DEV').messages).toHaveLength(1);
    expect(slack.channel(ops.address).messages[0]?.edits).toBe(0);
  });

  it('calls people in the conversation when the card was deleted', async () => {
    const channel = channelTo(slack);
    const thread = await channel.deliver(aShow(), ops, 'k1');
    slack.deleteMessage(slack.channel(ops.address).messages[0]!);

    await channel.deliver(
      { kind: 'speak', card: aCard(), line: aLine({ mention: ['U0BO'] }), thread },
      ops,
      'k2',
    );

    expect(slack.channel(ops.address).messages[0]?.text).toMatch(/^<@U0BO> /u);
  });

  it('never lets data call people or make links', async () => {
    const channel = channelTo(slack);
    const card = aCard();
    const thread = await channel.deliver(aShow(), ops, 'k1');

    await channel.deliver(
      {
        kind: 'speak',
        card,
        line: aLine({ text: '<!channel> <https://evil|here> &', mention: ['<!here>', 'bo'] }),
        thread,
      },
      ops,
      'k2',
    );

    const [reply] = slack.channel(ops.address).messages[0]?.replies ?? [];
    expect(reply?.notification).toBe('&lt;!channel&gt; &lt;https://evil|here&gt; &amp;');
  });

  it('falls back to words when Slack does not take the blocks, and says so in the log', async () => {
    const log: RecordingLog = recordingLog();
    slack.fault('chat.postMessage', { kind: 'error', error: 'invalid_blocks' });

    await channelTo(slack, realClock, log).deliver(aShow('zk2 is down'), ops, 'k1');

    const [message] = slack.channel(ops.address).messages;
    expect(message?.text).toContain('zk2 is down');
    expect(message?.text).toContain('Nobody has acknowledged yet');
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('carries key and incident in the metadata', async () => {
    await channelTo(slack).deliver(aShow(), ops, 'orders:12:ops:1');

    expect(slack.channel(ops.address).messages[0]?.metadata).toEqual({
      event_type: 'nightkeeper_card',
      event_payload: { key: 'orders:12:ops:1', incident: 12 },
    });
  });

  it('says of the bot itself what has begun, finds it again, and changes it when it is over', async () => {
    const channel = channelTo(slack);
    const began = { text: 'blind', tone: 'critical' } as const;
    const receipt = await channel.announce?.(began, ops, 'nk-blind-1', undefined);

    expect(await channel.reconcile?.('nk-blind-1', ops, 0)).toEqual(receipt);
    expect(await channel.reconcile?.('nk-blind-2', ops, 0)).toBeUndefined();
    await channel.announce?.({ text: 'sees again', tone: 'resolved' }, ops, 'over', receipt);

    const texts = slack.channel(ops.address).messages.map(({ text }) => text);
    expect(texts).toEqual([':large_green_circle: sees again']);
  });

  describe('with a file', () => {
    const file = {
      title: 'r-7: zk2 before',
      text: 'zk_uptime\t9\n',
      head: [],
      more: 'evidence r-7',
    };
    const key = 'nk-12-ops-evidence:r-7';

    async function speak(channel: Channel, thread?: Receipt): Promise<Receipt> {
      const line = aLine({ text: 'What zk2 said <before>', file });
      const delivery = { kind: 'speak', card: aCard(), line, thread: thread ?? {} } as const;
      return await channel.deliver(delivery, ops, key);
    }

    const replies = () => slack.channel(ops.address).messages[0]?.replies ?? [];

    it('hangs it into the thread of the card', async () => {
      const channel = channelTo(slack);
      const card = await channel.deliver(aShow(), ops, 'k1');

      await speak(channel, card);

      const [reply] = replies();
      const [hung] = (reply?.raw['files'] ?? []) as { id: string; name: string }[];
      expect(reply?.text).toBe('What zk2 said &lt;before&gt;');
      expect(hung?.name).toBe('nk-12-ops-evidence-r-7.txt');
      expect(slack.workspace.files.get(hung?.id ?? '')?.bytes?.toString()).toBe(file.text);
    });

    it('finds it again by its name when the answer got lost', async () => {
      const channel = channelTo(slack);
      const card = await channel.deliver(aShow(), ops, 'k1');
      slack.fault('files.completeUploadExternal', { kind: 'reset', when: 'after' });
      const sinceMs = Date.now();

      await expect(speak(channel, card)).rejects.toMatchObject({ code: 'delivery-unknown' });

      expect(await channel.reconcile?.(key, ops, sinceMs)).toMatchObject({ channel: ops.address });
      expect(await channel.reconcile?.('nk-12-ops-evidence:r-8', ops, sinceMs)).toBeUndefined();
    });

    it.each(['missing_scope', 'file_uploads_disabled', 'an_error_of_tomorrow'])(
      'says where to read it when Slack takes no file: %s',
      async (error) => {
        const channel = channelTo(slack);
        const card = await channel.deliver(aShow(), ops, 'k1');
        slack.fault('files.getUploadURLExternal', { kind: 'error', error });

        await speak(channel, card);

        expect(replies().map(({ text }) => text)).toEqual([
          'What zk2 said &lt;before&gt;\nevidence r-7',
        ]);
      },
    );

    it('comes again after a rate limit', async () => {
      slack.fault('files.getUploadURLExternal', { kind: 'rate-limited', retryAfterSeconds: 2 });

      await expect(speak(channelTo(slack))).rejects.toMatchObject({
        code: 'delivery-rate-limited',
      });
    });

    it('is words in the conversation where the card was deleted', async () => {
      const channel = channelTo(slack);
      const card = await channel.deliver(aShow(), ops, 'k1');
      slack.deleteMessage(slack.channel(ops.address).messages[0]!);

      await speak(channel, card);

      expect(slack.channel(ops.address).messages.map(({ text }) => text)).toEqual([
        expect.stringContaining('evidence r-7'),
      ]);
    });
  });
});
