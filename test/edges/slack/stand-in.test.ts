import { describe, expect, it } from 'vitest';
import { type Json, refuseMessage, refuseView } from '../../servers/slack/blocks.ts';

/*
 * The stand-in is only worth something if it refuses what Slack refuses: each of these is one step over a limit.
 */

const words = (length: number, type = 'plain_text'): Json => ({ type, text: 'x'.repeat(length) });
const button = (more: Json = {}): Json => ({
  type: 'button',
  action_id: 'a',
  text: words(5),
  ...more,
});
const actions = (...elements: readonly Json[]): Json => ({ type: 'actions', elements });
const section = (length: number): Json => ({ type: 'section', text: words(length, 'mrkdwn') });
const option = (more: Json = {}): Json => ({ text: words(5), value: 'v', ...more });

describe('the stand-in for Slack', () => {
  it.each([
    { what: 'a long header', block: { type: 'header', text: words(151) } },
    { what: 'a header in mrkdwn', block: { type: 'header', text: words(5, 'mrkdwn') } },
    { what: 'a long section', block: section(3001) },
    { what: 'an empty section', block: { type: 'section' } },
    { what: 'an empty text', block: section(0) },
    { what: 'half an emoji', block: { type: 'section', text: { type: 'mrkdwn', text: '\ud83d' } } },
    { what: 'an empty row', block: actions() },
    { what: 'a long button', block: actions(button({ text: words(76) })) },
    { what: 'a long value', block: actions(button({ value: 'x'.repeat(2001) })) },
    { what: 'a long action_id', block: actions(button({ action_id: 'x'.repeat(256) })) },
    { what: 'the same action_id twice', block: actions(button(), button()) },
    { what: 'an unknown style', block: actions(button({ style: 'plain' })) },
    {
      what: 'a long confirm',
      block: actions(
        button({
          confirm: { title: words(5), text: words(301), confirm: words(5), deny: words(5) },
        }),
      ),
    },
    {
      what: 'six options',
      block: actions({
        type: 'overflow',
        action_id: 'a',
        options: Array.from({ length: 6 }, () => option()),
      }),
    },
    {
      what: 'a long option value',
      block: actions({
        type: 'overflow',
        action_id: 'a',
        options: [option({ value: 'x'.repeat(76) })],
      }),
    },
    {
      what: 'an input in a message',
      block: { type: 'input', label: words(5), element: { type: 'plain_text_input' } },
    },
    { what: 'an unknown block', block: { type: 'carousel' } },
  ])('refuses $what', ({ block }) => {
    expect(refuseMessage([block], [])?.error).toBe('invalid_blocks');
    expect(refuseMessage([], [{ blocks: [block] }])?.error).toBe('invalid_blocks');
  });

  it('takes what is at the limit', () => {
    const blocks = [
      { type: 'header', text: words(150) },
      section(3000),
      actions(button({ text: words(75), value: 'x'.repeat(2000), action_id: 'x'.repeat(255) })),
    ];

    expect(refuseMessage(blocks, [])).toBeUndefined();
  });

  it('refuses 51 blocks, wherever they are', () => {
    const many = Array.from({ length: 26 }, () => section(1));

    expect(refuseMessage(many, [{ blocks: many.slice(1) }])?.error).toBe('invalid_blocks');
    expect(refuseMessage(many.slice(2), [{ blocks: many }])).toBeUndefined();
  });

  it('refuses more text than 13 200 characters together', () => {
    const four = Array.from({ length: 4 }, () => section(3000));

    expect(refuseMessage([...four, section(1200)], [])).toBeUndefined();
    expect(refuseMessage(four, [{ blocks: [section(1201)] }])?.error).toBe('msg_blocks_too_long');
  });

  it.each([
    { what: 'a long title', more: { title: words(25) } },
    { what: 'a long memory', more: { private_metadata: 'x'.repeat(3001) } },
    { what: 'an input without a submit', more: { submit: undefined } },
  ])('refuses a modal with $what', ({ more }) => {
    const view = {
      type: 'modal',
      title: words(24),
      submit: words(24),
      private_metadata: 'x'.repeat(3000),
      blocks: [{ type: 'input', label: words(5), element: { type: 'plain_text_input' } }],
    };

    expect(refuseView(view)).toBeUndefined();
    expect(refuseView({ ...view, ...more })?.error).toBe('invalid_arguments');
  });
});
