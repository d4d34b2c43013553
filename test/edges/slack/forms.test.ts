import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlack } from '../../../src/edges/slack/slack.ts';
import type { Form, Reply } from '../../../src/model/reply.ts';
import { aSettings } from '../../support/builders.ts';
import { aButton, aCard } from '../../support/cards.ts';
import { quietLog } from '../../support/log.ts';
import { createMemoryBulletins } from '../../support/memory/bulletins.ts';
import { until } from '../../support/until.ts';
import type { SeenAct, SlackBench } from './bench.ts';
import { startBench } from './bench.ts';

const silenceForm: Form = {
  title: 'Silence orders/zk2?',
  lines: ['Meanwhile nobody is told of it.'],
  fields: [
    {
      kind: 'choice',
      name: 'for',
      label: 'For how long?',
      options: [
        { value: '30m', label: '30 minutes' },
        { value: '2h', label: '2 hours' },
      ],
      chosen: '2h',
    },
    { kind: 'moment', name: 'until', label: 'Or until' },
    { kind: 'flag', name: 'dry-run', label: 'Dry run: only look' },
  ],
  reasonLabel: 'Why?',
  submit: 'Silence',
  cancel: 'Not now',
  danger: false,
  invocation: { command: 'silence', args: ['#12'], options: { ask: 'yes' } },
};

const asking: Reply = {
  outcome: 'ask',
  visibility: 'private',
  blocks: [{ kind: 'form', form: silenceForm }],
};

describe('a form with fields in Slack', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startBench();
    bench.reply = asking;
    const silence = aButton({
      id: 'silence',
      label: 'Silence…',
      form: 'reason',
      invocation: silenceForm.invocation,
    });
    await bench.show(aCard({ more: [silence] }));
    const [card] = bench.slack.channel('C0000OPS').messages;
    await bench.slack.click(card!, 'Silence…', 'U0ANNA');
    await bench.slack.expectModal('U0ANNA', 'For how long?');
  });

  afterEach(() => bench.close());

  it('asks for each of them above the reason, with the first choice chosen', async () => {
    const [modal] = bench.slack.modals('U0ANNA');

    expect(modal?.inputs).toEqual({
      for: 'For how long?',
      until: 'Or until',
      'dry-run': 'Dry run',
      reason: 'Why?',
    });
    bench.reply = { ...asking, outcome: 'done', blocks: [{ kind: 'text', text: 'silenced' }] };
    await bench.slack.submitModal('U0ANNA', { reason: 'new disk' });
    await bench.slack.expectModal('U0ANNA', 'silenced');
    expect(bench.acts.at(-1)?.invocation.options).toEqual({
      ask: 'yes',
      confirm: 'yes',
      for: '2h',
      reason: 'new disk',
    });
  });

  it('sends what was picked: a choice, a moment in milliseconds, a ticked box', async () => {
    bench.reply = { ...asking, outcome: 'done', blocks: [{ kind: 'text', text: 'silenced' }] };

    await bench.slack.submitModal('U0ANNA', {
      for: '30m',
      until: '1795230000',
      'dry-run': 'yes',
      reason: 'new disk',
    });

    await bench.slack.expectModal('U0ANNA', 'silenced');
    expect(bench.acts.at(-1)?.invocation.options).toMatchObject({
      for: '30m',
      until: '1795230000000',
      'dry-run': 'yes',
    });
  });

  it('says what is wrong with a field under it, and keeps the rest', async () => {
    bench.reply = {
      outcome: 'refused',
      visibility: 'private',
      blocks: [{ kind: 'text', text: 'The end is over already.' }],
      field: 'until',
    };

    await bench.slack.submitModal('U0ANNA', { until: '1', reason: 'new disk' });

    const [modal] = bench.slack.modals('U0ANNA');
    expect(modal?.errors).toEqual({ until: 'The end is over already.' });
    expect(modal?.submit).toBe('Silence');
  });

  it('shows any other refusal in the modal', async () => {
    bench.reply = {
      outcome: 'refused',
      visibility: 'private',
      blocks: [{ kind: 'text', text: 'You may not.' }],
    };

    await bench.slack.submitModal('U0ANNA', { reason: 'new disk' });

    const modal = await bench.slack.expectModal('U0ANNA', 'You may not.');
    expect(modal.submit).toBeUndefined();
  });

  it('may be submitted at another replica than the one that opened it', async () => {
    const acts: SeenAct[] = [];
    const { botToken, appToken, apiUrl } = bench.slack;
    const other = await startSlack({
      settings: { botToken, appToken, apiUrl },
      act: (invocation, caller, dedupeId) => {
        acts.push({ invocation, caller, dedupeId });
        return Promise.resolve({
          outcome: 'done',
          visibility: 'public',
          blocks: [{ kind: 'text', text: 'silenced by the other' }],
        });
      },
      house: () => aSettings(),
      page: () => Promise.resolve(asking),
      bulletins: createMemoryBulletins(),
      log: quietLog,
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    });
    try {
      await until('the other is connected', () => other.state().sockets === 2);
      const before = bench.acts.length;
      await bench.edge.close();
      await until('only the other is connected', () => bench.slack.sockets.open === 2);

      await bench.slack.submitModal('U0ANNA', { for: '30m', reason: 'new disk' });

      await bench.slack.expectModal('U0ANNA', 'silenced by the other');
      expect(bench.acts).toHaveLength(before);
      expect(acts).toMatchObject([
        {
          invocation: { command: 'silence', args: ['#12'], options: { for: '30m' } },
          caller: { handle: 'U0ANNA' },
        },
      ]);
      const [card] = bench.slack.channel('C0000OPS').messages;
      await until('everybody reads it in the thread of the card', () =>
        card?.replies.some(({ text }) => text.includes('silenced by the other')),
      );
    } finally {
      await other.close();
    }
  });

  it('does nothing for a form whose memory somebody changed', async () => {
    const [modal] = bench.slack.modals('U0ANNA');
    const before = bench.acts.length;

    (modal as { raw: object }).raw = { ...modal!.raw, private_metadata: '{"press":"rm -rf"}' };
    await bench.slack.submitModal('U0ANNA', { reason: 'new disk' });

    await bench.slack.expectModal('U0ANNA', 'not known any more');
    expect(bench.acts).toHaveLength(before);
  });
});
