import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Form, Reply } from '../../../src/model/reply.ts';
import type { SlackMessage } from '../../servers/slack.ts';
import { aButton, aCard } from '../../support/cards.ts';
import { until } from '../../support/until.ts';
import { type SlackBench, startBench } from './bench.ts';

const restartForm: Form = {
  title: 'Restart zk2 of orders?',
  lines: ['5 voters, 4 serving', 'after this 3 of 5, margin 0'],
  reasonLabel: 'Why',
  submit: 'Restart zk2',
  cancel: 'Keep it',
  danger: true,
  invocation: { command: 'recover', args: ['restart-server', 'orders', 'zk2'], options: {} },
};

const asking: Reply = {
  outcome: 'ask',
  visibility: 'private',
  blocks: [{ kind: 'form', form: restartForm }],
};

function saying(text: string, more: Partial<Reply> = {}): Reply {
  return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }], ...more };
}

describe('listening to Slack', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startBench();
  });

  afterEach(() => bench.close());

  const restartButton = aButton({
    id: 'restart',
    label: 'Restart zk2',
    form: 'restart',
    invocation: restartForm.invocation,
  });

  async function postCard(overrides = {}): Promise<SlackMessage> {
    await bench.show(aCard({ buttons: [aButton(), restartButton], ...overrides }));
    return bench.slack.channel('C0000OPS').messages.at(-1)!;
  }

  it('runs what a button stands for, as the person who pressed it', async () => {
    bench.reply = saying('Acknowledged #12');
    const card = await postCard();

    await bench.slack.click(card, 'Acknowledge', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'Acknowledged #12');
    expect(bench.acts).toEqual([
      {
        invocation: { command: 'ack', args: ['12'], options: {} },
        caller: {
          via: 'slack',
          handle: 'U0ANNA',
          name: 'u0anna',
          answerTo: expect.stringContaining('/response/'),
        },
        dedupeId: expect.stringMatching(/^slack:/u),
      },
    ]);
  });

  it('runs an entry of the overflow menu', async () => {
    const card = await postCard({
      more: [
        aButton({ label: 'Timeline', invocation: { command: 'show', args: ['12'], options: {} } }),
      ],
    });
    expect(card.overflow).toEqual(['Timeline', 'Runbook']);

    await bench.slack.click(card, 'Timeline', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'done');
    expect(bench.acts[0]?.invocation.command).toBe('show');
  });

  it('runs a click once when Slack sends it twice', async () => {
    const card = await postCard();
    const { payload } = await bench.slack.click(card, 'Acknowledge', 'U0ANNA');
    await bench.slack.expectEphemeral('U0ANNA', 'done');

    await bench.slack.deliver('interactive', payload);

    await bench.slack.slash('/zk status', 'U0BO');
    await bench.slack.expectEphemeral('U0BO', 'done');
    expect(bench.acts.map(({ caller }) => caller.handle)).toEqual(['U0ANNA', 'U0BO']);
    expect(bench.slack.ephemerals('U0ANNA')).toHaveLength(1);
  });

  it('acknowledges before the work is done', async () => {
    const card = await postCard();
    const finish = bench.hold();

    await bench.slack.click(card, 'Acknowledge', 'U0ANNA');

    expect(bench.slack.ephemerals('U0ANNA')).toEqual([]);
    finish(saying('at last'));
    await bench.slack.expectEphemeral('U0ANNA', 'at last');
  });

  it.each([
    { line: '/zk status orders', invocation: { command: 'status', args: ['orders'], options: {} } },
    { line: '/zk', invocation: { command: 'help', args: [], options: {} } },
    {
      line: '/zk recover restart-server orders zk2 --reason “it hangs & <waits>”',
      invocation: {
        command: 'recover',
        args: ['restart-server', 'orders', 'zk2'],
        options: { reason: 'it hangs & <waits>' },
      },
    },
  ])('reads $line', async ({ line, invocation }) => {
    await bench.slack.slash(line, 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'done');
    expect(bench.acts[0]?.invocation).toEqual(invocation);
  });

  it('refuses a line that is too long, in words', async () => {
    await bench.slack.slash(`/zk ack ${'1'.repeat(5000)}`, 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'too long');
    expect(bench.acts).toEqual([]);
  });

  it('tells a refusal only to the person who asked', async () => {
    bench.reply = saying('You may only read here.', { outcome: 'refused', visibility: 'private' });
    const card = await postCard();

    await bench.slack.click(card, 'Acknowledge', 'U0STRANGER');

    await bench.slack.expectEphemeral('U0STRANGER', 'You may only read here.');
    expect(bench.slack.channel('C0000OPS').messages).toEqual([card]);
    expect(card.replies).toEqual([]);
  });

  it('tells a public answer to everybody, under the card it is about', async () => {
    bench.reply = saying('Anna called Bo', { visibility: 'public' });
    const card = await postCard();

    await bench.slack.click(card, 'Acknowledge', 'U0ANNA');

    const [reply] = await until(
      'a reply under the card',
      () => card.replies.length > 0 && card.replies,
    );
    expect(reply?.text).toBe('Anna called Bo');
  });

  it('keeps a public answer private when nothing was done', async () => {
    bench.reply = saying('No such incident', { outcome: 'refused', visibility: 'public' });

    await bench.slack.slash('/zk ack 99', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'No such incident');
    expect(bench.slack.channel('C0000OPS').messages).toEqual([]);
  });

  it('answers a button of another version in words', async () => {
    const card = await postCard();
    const message = bench.slack.workspace.channels.get('C0000OPS')!.messages.at(-1)!;
    message.raw = JSON.parse(JSON.stringify(message.raw).replaceAll('[\\"run\\"', '[\\"fly\\"'));

    await bench.slack.click(card, 'Acknowledge', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'not known any more');
    expect(bench.acts).toEqual([]);
  });

  it('says so when the bot fails, and logs why', async () => {
    bench.fail(new Error('redis is gone'));

    await bench.slack.slash('/zk status', 'U0ANNA');

    const answer = await bench.slack.expectEphemeral('U0ANNA', 'ran into an error');
    expect(answer.text).not.toContain('redis');
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('brings an answer through an outage of seconds that cuts every try', async () => {
    bench.slack.fault('response_url', { kind: 'reset', when: 'before' }, 2);

    await bench.slack.slash('/zk status', 'U0ANNA');

    await bench.slack.expectEphemeral('U0ANNA', 'done', 15_000);
    const tries = bench.slack.calls.filter(({ method }) => method === 'response_url');
    expect(tries).toHaveLength(3);
    expect((tries[2]?.atMs ?? 0) - (tries[0]?.atMs ?? 0)).toBeGreaterThan(2_000);
  });

  it('tries an answer again after a reset, and not after a refusal', async () => {
    bench.slack.fault('response_url', { kind: 'reset', when: 'before' });
    await bench.slack.slash('/zk status', 'U0ANNA');
    await bench.slack.expectEphemeral('U0ANNA', 'done');

    bench.slack.fault('response_url', { kind: 'status', status: 404 }, 2);
    await bench.slack.slash('/zk status', 'U0BO');

    const lines = await until('a warning', () =>
      bench.log.lines.find(({ message }) => message === 'an answer did not reach slack'),
    );
    expect(lines.facts).toEqual({ reason: 'status 404' });
    expect(bench.slack.calls.filter(({ method }) => method === 'response_url')).toHaveLength(3);
  });

  it('brings an answer that was ready while Slack was gone for a while', async () => {
    const finish = bench.hold();
    await bench.slack.slash('/zk status', 'U0ANNA');
    await until('the line is at work', () => bench.acts.length === 1);

    await bench.slack.down();
    finish(saying('all healthy'));
    await until('a try that found nobody', () => bench.edge.state().sockets === 0);
    await bench.slack.up();

    await bench.slack.expectEphemeral('U0ANNA', 'all healthy');
    expect(bench.slack.ephemerals('U0ANNA')).toHaveLength(1);
  });

  it('fits the longest answer into one message and counts the rest', async () => {
    const blocks = Array.from({ length: 300 }, (_, index) => ({
      kind: 'text' as const,
      text: `line ${index} ${'<&> 🔥 '.repeat(500)}`,
    }));
    bench.reply = saying('', { blocks });

    await bench.slack.slash('/zk incidents', 'U0ANNA');

    const answer = await bench.slack.expectEphemeral('U0ANNA', 'line 0');
    expect(answer.text).toMatch(/… \d+ more$/u);
  });

  describe('with a form', () => {
    beforeEach(() => {
      bench.reply = asking;
    });

    it('opens a modal at once and shows the sum when it is known', async () => {
      const card = await postCard();
      const finish = bench.hold();

      await bench.slack.click(card, 'Restart zk2', 'U0ANNA');

      await bench.slack.expectModal('U0ANNA', 'Looking at the ensemble');
      finish(asking);
      const modal = await bench.slack.expectModal('U0ANNA', 'after this 3 of 5, margin 0');
      expect(modal.title).toBe('Restart zk2 of orders?');
      expect(modal.submit).toBe('Restart zk2');
      expect(modal.inputs).toEqual({ reason: 'Why' });
    });

    it('shows in the modal why it cannot be', async () => {
      bench.reply = saying('zk2 is the last that keeps quorum.', { outcome: 'refused' });
      const card = await postCard();

      await bench.slack.click(card, 'Restart zk2', 'U0ANNA');

      const modal = await bench.slack.expectModal('U0ANNA', 'the last that keeps quorum');
      expect(modal.submit).toBeUndefined();
    });

    it('runs the invocation with the reason and the confirmation, and shows the outcome', async () => {
      await bench.slack.click(await postCard(), 'Restart zk2', 'U0ANNA');
      await bench.slack.expectModal('U0ANNA', 'margin 0');
      bench.reply = saying('Restarting zk2');

      await bench.slack.submitModal('U0ANNA', { reason: ' hung since 3 ' });

      const modal = await bench.slack.expectModal('U0ANNA', 'Restarting zk2');
      expect(modal.submit).toBeUndefined();
      expect(bench.acts.at(-1)?.invocation).toEqual({
        ...restartForm.invocation,
        options: { reason: 'hung since 3', confirm: 'yes' },
      });
    });

    it('asks again for a reason that is only blanks', async () => {
      await bench.slack.click(await postCard(), 'Restart zk2', 'U0ANNA');
      await bench.slack.expectModal('U0ANNA', 'margin 0');

      await bench.slack.submitModal('U0ANNA', { reason: '   ' });

      expect(bench.slack.modals('U0ANNA')[0]?.errors['reason']).toContain('why');
      expect(bench.acts).toHaveLength(1);
    });

    it('says that it is at work when the outcome takes longer than Slack waits', async () => {
      await bench.slack.click(await postCard(), 'Restart zk2', 'U0ANNA');
      await bench.slack.expectModal('U0ANNA', 'margin 0');
      const finish = bench.hold();

      await bench.slack.submitModal('U0ANNA', { reason: 'hung' });

      const modal = await bench.slack.expectModal('U0ANNA', 'Doing it now');
      finish(saying('Restarted zk2'));
      await bench.slack.expectModal('U0ANNA', 'Restarted zk2');
      expect(modal.text).toBe('Restarted zk2');
      expect(bench.slack.ephemerals('U0ANNA')).toEqual([]);
    });

    it('answers in the conversation when the person has closed the modal meanwhile', async () => {
      await bench.slack.click(await postCard(), 'Restart zk2', 'U0ANNA');
      await bench.slack.expectModal('U0ANNA', 'margin 0');
      const finish = bench.hold();
      await bench.slack.submitModal('U0ANNA', { reason: 'hung' });

      bench.slack.dismissModal('U0ANNA');
      finish(saying('Restarted zk2'));

      await bench.slack.expectEphemeral('U0ANNA', 'Restarted zk2');
      expect(bench.slack.modals('U0ANNA')).toEqual([]);
    });

    it('opens the form for a typed line too', async () => {
      await bench.slack.slash('/zk recover restart-server orders zk2', 'U0ANNA');

      const modal = await bench.slack.expectModal('U0ANNA', 'margin 0');
      expect(modal.submit).toBe('Restart zk2');
    });

    it('offers a button instead when the line took too long for a modal', async () => {
      const finish = bench.hold();
      await bench.slack.slash('/zk recover restart-server orders zk2', 'U0ANNA');
      await until('the line is at work', () => bench.acts.length === 1);
      bench.nowMs += 3000;
      finish(asking);

      const offer = await bench.slack.expectEphemeral('U0ANNA', 'margin 0');
      expect(bench.slack.modals('U0ANNA')).toEqual([]);
      await bench.slack.click(offer, 'Continue …', 'U0ANNA');

      await bench.slack.expectModal('U0ANNA', 'margin 0');
    });

    it('answers in words when Slack opens no modal', async () => {
      bench.slack.fault('views.open', { kind: 'error', error: 'expired_trigger_id' });
      const card = await postCard();

      await bench.slack.click(card, 'Restart zk2', 'U0ANNA');

      const offer = await bench.slack.expectEphemeral('U0ANNA', 'margin 0');
      expect(offer.buttons).toEqual(['Continue …']);
    });
  });

  it('acknowledges what it has no use for', async () => {
    const shortcut = {
      type: 'shortcut',
      callback_id: 'somebody-elses',
      trigger_id: '1.2',
      user: { id: 'U0ANNA', team_id: 'T0ACME' },
      team: { id: 'T0ACME' },
    };

    await bench.slack.deliver('interactive', shortcut);
    await bench.slack.deliver('events_api', {
      type: 'event_callback',
      team_id: 'T0ACME',
      event: { type: 'message', text: 'hello', channel: 'C0000OPS', user: 'U0ANNA' },
    });

    expect(bench.slack.sockets.envelopes.every(({ ackedMs }) => ackedMs !== undefined)).toBe(true);
    expect(bench.acts).toEqual([]);
  });
});
