import { describe, expect, it } from 'vitest';
import { alphabetOf, gsmOf, segmentsOf } from '../../../src/edges/sms/gsm.ts';
import { saidOf, saidOfNotice, textFor } from '../../../src/edges/sms/render.ts';
import type { Card } from '../../../src/model/card.ts';
import { aCard, aLine, anEndlessCard } from '../../support/cards.ts';

const swiss = '+41791234567';
const chinese = '+8613800138000';

const shown = (card: Card) => saidOf({ kind: 'show', card, previous: undefined, text: card.title });

const spoken = (card: Card, text: string) =>
  saidOf({ kind: 'speak', card, line: aLine({ text, mention: [] }), thread: {} });

describe('the letters of an SMS', () => {
  it.each([
    ['orders: quorum lost — 1 of 3', 'orders: quorum lost - 1 of 3'],
    ['“zk2” isn’t there…', '"zk2" isn\'t there...'],
    ['a · b × c ≥ 3 → d', 'a - b x c >= 3 -> d'],
    ['Zoë Őrség, naïve', 'Zoe Orség, naive'],
    ['one\u00a0two\u202fthree\nfour', 'one two three four'],
    ['zero\u200bwidth\u0007bell', 'zerowidthbell'],
    ['订单：失去多数', '订单：失去多数'],
  ])('are plain where there is a plain one: %j', (text, plain) => {
    expect(gsmOf(text)).toBe(plain);
  });

  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['中'.repeat(70), 1],
    ['中'.repeat(71), 2],
    ['中'.repeat(134), 2],
    ['中'.repeat(135), 3],
    [`${'a'.repeat(70)}🔥`, 2],
  ])('are counted as the network does: %#', (text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });
});

describe('the text of an SMS', () => {
  it('says how bad it is, its number, what it is and where to take it, in one part', () => {
    const text = textFor(shown(aCard({ severity: 'Page' })), swiss);

    expect(text).toBe(
      'Page #12 orders: quorum lost - 1 of 3 voters serving https://nightkeeper.example/incidents/12',
    );
    expect(segmentsOf(text)).toBe(1);
  });

  it('says only that it is over at the end', () => {
    const card = aCard({ tone: 'resolved', title: 'orders: quorum is back' });

    const text = textFor(spoken(card, 'Resolved after 5 min: orders: quorum is back'), swiss);

    expect(text).toMatch(/^#12 Resolved after 5 min: orders: quorum is back https:/u);
  });

  it('has no link for a number of mainland China, and fits one part in Chinese', () => {
    const card = aCard({
      language: 'zh-CN',
      severity: '紧急',
      title: 'orders：失去多数，3 个投票节点中只有 1 个在服务',
    });

    const text = textFor(shown(card), chinese);

    expect(text).toBe('紧急#12 orders：失去多数，3 个投票节点中只有 1 个在服务');
    expect(segmentsOf(text)).toBe(1);
    expect(textFor(shown(card), swiss)).toContain('https://');
  });

  it('lets names go before the fault where both are too much', () => {
    const card = aCard({ title: 'orders: quorum lost — 1 of 3 voters serving' });

    const text = textFor(spoken(card, `${'Called: Ann Chen. '.repeat(12)}${card.title}`), swiss);

    expect(text).toContain('orders: quorum lost - 1 of 3 voters serving https://');
    expect(segmentsOf(text)).toBe(1);
  });

  it('is cut where the fault alone is too long, link and number kept', () => {
    const text = textFor(shown(aCard({ title: `orders: ${'very '.repeat(60)}slow` })), swiss);

    expect(text).toMatch(/^page #12 orders: very .*\.\.\. https:\/\/nightkeeper\.example\/\S+12$/u);
    expect(segmentsOf(text)).toBe(1);
  });

  it('takes two parts where one would say too little, and never three', () => {
    const title = '某个非常长的故障标题'.repeat(20);

    const text = textFor(shown(aCard({ language: 'zh-CN', severity: '紧急', title })), swiss);

    expect(segmentsOf(text)).toBe(2);
    expect(text).toMatch(/… https:\/\/nightkeeper\.example\/incidents\/12$/u);
  });

  it.each([swiss, chinese])('stays within two parts for the longest card, to %s', (number) => {
    const text = textFor(shown(anEndlessCard()), number);

    expect(segmentsOf(text)).toBeLessThanOrEqual(2);
    expect(text).toContain('#12');
  });

  it('leaves a link out that would leave no room for what happened', () => {
    const consoleUrl = `https://nightkeeper.example/${'x'.repeat(100)}/incidents/12`;

    expect(textFor(shown(aCard({ consoleUrl })), swiss)).not.toContain('https');
  });

  it('has no number where it is about many', () => {
    const card = aCard({ incident: 0, title: 'Storm: 42 faults at once, 40 open' });

    expect(textFor(spoken(card, 'Please look, 3 faults: #1, #2, #3'), swiss)).toMatch(
      /^Please look, 3 faults: #1, #2, #3 https/u,
    );
  });

  it('says what the bot says of itself as it is', () => {
    const said = saidOfNotice(
      { text: 'Nightkeeper is blind: Redis is away', tone: 'critical' },
      'en',
    );

    expect(textFor(said, swiss)).toBe('Nightkeeper is blind: Redis is away');
    expect(said.variables.what).toBe('Nightkeeper is blind: Redis is away');
  });
});

describe('the variables of a template', () => {
  it('say the same without the ensemble twice', () => {
    expect(shown(aCard({ severity: 'Page' })).variables).toEqual({
      level: 'Page',
      code: '12',
      ensemble: 'orders',
      what: 'quorum lost - 1 of 3 voters serving',
      state: 'open',
    });
  });

  it.each([
    ['zk1.example.com:2181: down', 'zk1-example-com:2181: down'],
    ['10.0.0.5: down', '10-0-0-5: down'],
    ['latency is 1.5 s', 'latency is 1.5 s'],
    ['see https://evil.example/x now', 'see now'],
    ['【签名】#12 down', '签名 12 down'],
    ['fire 🔥 here', 'fire here'],
    ['', '-'],
  ])('have nothing in them that a provider refuses: %j', (title, what) => {
    expect(shown(aCard({ title })).variables.what).toBe(what);
  });

  it('are at most as long as one may be', () => {
    const { variables } = shown(anEndlessCard({ ensemble: 'e'.repeat(40) }));

    for (const value of Object.values(variables)) expect(Array.from(value).length).toBeLessThan(36);
  });

  it('name the state in the language of the card', () => {
    const zh = shown(aCard({ language: 'zh-CN', tone: 'acknowledged' }));

    expect(zh.variables.state).toBe('已确认');
    expect(alphabetOf(zh.variables.state)).toBe('ucs2');
  });
});
