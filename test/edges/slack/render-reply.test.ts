import { describe, expect, it } from 'vitest';
import {
  formView,
  noticeView,
  renderReply,
  replyView,
} from '../../../src/edges/slack/render-reply.ts';
import type { Form, Reply, ReplyBlock } from '../../../src/model/reply.ts';
import { type Json, refuseMessage, refuseView } from '../../servers/slack/blocks.ts';
import { pressablesOf, readText } from '../../servers/slack/message.ts';
import { aButton, aCard, anEndlessCard } from '../../support/cards.ts';

function reply(...blocks: readonly ReplyBlock[]): Reply {
  return { outcome: 'done', visibility: 'private', blocks };
}

function drawn(answer: Reply) {
  const { text, blocks } = renderReply(answer, 'en');
  const raw = JSON.parse(JSON.stringify({ text, blocks })) as Json;
  return {
    summary: text,
    text: readText(raw),
    buttons: pressablesOf(raw).map((one) => one.label),
    refused: refuseMessage(blocks as unknown as readonly Json[], []),
  };
}

const form: Form = {
  title: 'Restart zk2?',
  lines: ['3 voters, 3 serving', 'after this 2 of 3 <margin 0>'],
  reasonLabel: 'Why',
  submit: 'Restart',
  cancel: 'Keep it',
  danger: true,
  invocation: { command: 'recover', args: [], options: {} },
};

describe('an answer in Slack', () => {
  it('shows every kind of block', () => {
    const { text, summary } = drawn(
      reply(
        { kind: 'text', text: 'orders & billing' },
        {
          kind: 'facts',
          rows: [
            ['leader', 'zk1'],
            ['quorum', '2'],
          ],
        },
        { kind: 'table', head: ['id', 'title'], rows: [['12', 'quorum lost']] },
        {
          kind: 'grid',
          title: 'orders: healthy',
          tone: 'resolved',
          rows: [{ server: 'zk1', role: 'voter', state: 'leader', health: 'good' }],
        },
      ),
    );

    expect(summary).toBe('orders &amp; billing');
    expect(text.split('\n')).toEqual([
      'orders & billing',
      '```',
      'leader  zk1',
      'quorum  2',
      '```',
      '```',
      'id  title',
      '12  quorum lost',
      '```',
      '🟢 *orders: healthy*',
      '```',
      '✓  zk1  voter  leader',
      '```',
    ]);
  });

  it('shows one card whole and several in short, each with its buttons', () => {
    const whole = drawn(reply({ kind: 'card', card: aCard({ buttons: [aButton()] }) }));
    const several = drawn(
      reply(
        { kind: 'card', card: aCard({ buttons: [aButton()] }) },
        { kind: 'card', card: aCard({ incident: 13, buttons: [aButton()] }) },
      ),
    );

    expect(whole.text).toContain('Bring back zk2 first.');
    expect(several.text).not.toContain('Bring back zk2 first.');
    expect(several.text).toContain('#13');
    expect(several.buttons).toEqual(['Acknowledge', 'Acknowledge']);
  });

  it.each([
    { what: 'one endless card', blocks: [{ kind: 'card', card: anEndlessCard() }] },
    {
      what: 'two hundred cards',
      blocks: Array.from({ length: 200 }, () => ({ kind: 'card', card: aCard() })),
    },
    {
      what: 'an endless table',
      blocks: [
        {
          kind: 'table',
          head: ['id'],
          rows: Array.from({ length: 5000 }, (_, id) => [`${id} <&>`]),
        },
      ],
    },
    { what: 'nothing', blocks: [] },
    { what: 'empty words', blocks: [{ kind: 'text', text: '' }] },
  ] as const)('stays within the limits with $what', ({ blocks }) => {
    expect(drawn(reply(...(blocks as readonly ReplyBlock[]))).refused).toBeUndefined();
  });

  it('counts what did not fit', () => {
    const blocks = Array.from({ length: 60 }, (_, index) => ({
      kind: 'text' as const,
      text: `line ${index}`,
    }));

    expect(drawn(reply(...blocks)).text).toMatch(/line 48\n… 11 more$/u);
  });
});

describe('a modal in Slack', () => {
  it('shows the sum above the question', () => {
    const view = formView(form, 'memory', 'en') as unknown as Json;

    expect(refuseView(view)).toBeUndefined();
    expect(readText({ blocks: view['blocks'] })).toBe(
      '⚠️ 3 voters, 3 serving\nafter this 2 of 3 <margin 0>\nWhy',
    );
  });

  it('keeps a reason that was typed already', () => {
    const invocation = { ...form.invocation, options: { reason: 'hung since 3' } };

    const view = formView({ ...form, invocation }, 'memory', 'en');

    expect(JSON.stringify(view)).toContain('"initial_value":"hung since 3"');
  });

  it('keeps a title that is too long for its bar', () => {
    const view = formView({ ...form, title: 'Restart zookeeper-17.rack-3?' }, 'memory', 'en');

    expect(view.title.text).toHaveLength(24);
    expect(readText({ blocks: view.blocks })).toContain('Restart zookeeper-17.rack-3?');
  });

  it.each([
    {
      what: 'an endless form',
      view: formView(
        {
          ...form,
          title: '🔥'.repeat(4000),
          lines: Array.from({ length: 900 }, () => '<&>'.repeat(100)),
          submit: '确'.repeat(99),
          cancel: 'x'.repeat(99),
          reasonLabel: 'y'.repeat(9000),
        },
        'm',
        'en',
      ),
    },
    { what: 'no lines', view: formView({ ...form, lines: [] }, 'm', 'zh-CN') },
    { what: 'a notice', view: noticeView('t'.repeat(99), 'x'.repeat(9999), 'en') },
    {
      what: 'an endless answer',
      view: replyView(reply({ kind: 'card', card: anEndlessCard() }), 'en'),
    },
  ])('stays within the limits with $what', ({ view }) => {
    expect(refuseView(view as unknown as Json)).toBeUndefined();
  });

  it.each([
    { outcome: 'done', title: 'Done' },
    { outcome: 'refused', title: 'Not done' },
    { outcome: 'failed', title: 'It did not work' },
  ] as const)('is called $title when $outcome', ({ outcome, title }) => {
    expect(replyView({ ...reply(), outcome }, 'en').title.text).toBe(title);
  });
});

describe('lines that a typed one can become', () => {
  it('are said with what they stand for, and pressed instead of typed', () => {
    const { text, buttons, refused } = drawn(
      reply({
        kind: 'completions',
        title: 'You could write:',
        lines: [
          { line: 'ack 12', hint: 'orders: zk2 <is> down' },
          { line: 'ack 13', hint: '' },
        ],
      }),
    );

    expect(refused).toBeUndefined();
    expect(text).toContain('/zk ack 12 — orders: zk2 <is> down');
    expect(text).toMatch(/\/zk ack 13$/mu);
    expect(buttons).toEqual(['ack 12', 'ack 13']);
  });

  it('stay below the limits of Slack, however long they are', () => {
    const lines = Array.from({ length: 40 }, (_, index) => ({
      line: `note ${index} ${'x'.repeat(100)}`,
      hint: 'y'.repeat(400),
    }));
    const { refused, buttons, text } = drawn(
      reply({ kind: 'completions', title: 'You could write:', lines }),
    );

    expect(refused).toBeUndefined();
    expect(buttons).toHaveLength(25);
    expect(text).toMatch(/… \d+ more/u);
  });
});
