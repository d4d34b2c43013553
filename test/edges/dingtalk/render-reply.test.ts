import { describe, expect, it } from 'vitest';
import { renderReply } from '../../../src/edges/dingtalk/render-reply.ts';
import { bytesOf, plainText } from '../../../src/edges/dingtalk/text.ts';
import type { Reply, ReplyBlock } from '../../../src/model/reply.ts';
import { statusOverview } from '../../../src/rules/card/status-card.ts';
import { aCard, anEndlessCard } from '../../support/cards.ts';

const replyOf = (...blocks: readonly ReplyBlock[]): Reply => ({
  outcome: 'done',
  visibility: 'public',
  blocks,
});

describe('an answer in DingTalk', () => {
  it.each(['en', 'zh-CN'] as const)('has a hundred ensembles, one a line, in %s', (language) => {
    const entries = Array.from({ length: 100 }, (_, index) => ({
      ensemble: `payments-eu-${index}`,
      status: undefined,
      open: index % 3,
    }));

    const { text } = renderReply(
      replyOf(...statusOverview(entries, { language, nowMs: 0 })),
      language,
    );

    expect(text.split('\n').filter((line) => line.includes('payments-eu-'))).toHaveLength(100);
    expect(bytesOf(text)).toBeLessThan(15_000);
  });

  it('has lines to tap that send themselves, and never half a link', () => {
    const long = `note 12 ${'很长'.repeat(80)}`;
    const { text } = renderReply(
      replyOf({
        kind: 'completions',
        title: 'You could write:',
        lines: [
          { line: '确认 12', hint: 'orders: [zk2] is down' },
          { line: 'ack 13', hint: '' },
          { line: long, hint: 'y'.repeat(400) },
        ],
      }),
      'en',
    );

    const lines = text.split('\n').map((line) => line.trim());
    expect(lines.slice(0, 3)).toEqual([
      'You could write:',
      '[确认 12](dtmd://dingtalkclient/sendMessage?content=zk%20%E7%A1%AE%E8%AE%A4%2012) orders: ［zk2］ is down',
      '[ack 13](dtmd://dingtalkclient/sendMessage?content=zk%20ack%2013)',
    ]);
    expect(lines[3]).toContain(`**zk ${long}** yyy`);
    expect(lines[3]).not.toContain('dtmd:');
  });

  it('counts what it leaves out', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => [`zk${index}`, 'x'.repeat(50)]);

    const { text } = renderReply(replyOf({ kind: 'table', head: ['a', 'b'], rows }), 'en');

    expect(text).toMatch(/… \d+ more$/u);
    expect(bytesOf(text)).toBeLessThan(13_000);
  });

  it('shows one card whole, and several in short with their buttons as links', () => {
    const one = renderReply(replyOf({ kind: 'card', card: aCard() }), 'en').text;
    const cards = [12, 13].map(
      (incident) => ({ kind: 'card', card: aCard({ incident }) }) as const,
    );
    const several = renderReply(replyOf(...cards), 'en').text;

    expect(one).toContain('No writes pass until one more voter serves.');
    expect(several).not.toContain('No writes pass');
    expect(several.match(/sendMessage\?content=zk%20ack/gu)).toHaveLength(2);
  });

  it('survives the longest cards', () => {
    const cards = Array.from(
      { length: 30 },
      () => ({ kind: 'card', card: anEndlessCard() }) as const,
    );

    const { title, text } = renderReply(replyOf(...cards), 'en');

    expect(bytesOf(text)).toBeLessThan(13_000);
    expect(bytesOf(title)).toBeLessThan(130);
  });
});

describe('a plain text', () => {
  it.each([
    ['**bold** [pay](https://evil.example)', '∗∗bold∗∗ ［pay］(https://evil.example)'],
    ['<a href="x">', '‹a href="x"›'],
    ['# title', '\u200B# title'],
    ['- item', '\u200B- item'],
    ['1. item', '\u200B1. item'],
    ['#12 is open', '#12 is open'],
    ['`zk ack 12` for zookeeper@zk2', '`zk ack 12` for zookeeper@zk2'],
    ['two\nlines\u0007', 'two lines'],
    ['snake__case', 'snake＿＿case'],
  ])('of %j is %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});
