import { describe, expect, it } from 'vitest';
import { cardBytesMax, linkBytesMax, valueBytesMax } from '../../../src/edges/dingtalk/limits.ts';
import { renderCard, renderLine } from '../../../src/edges/dingtalk/render-card.ts';
import { cardButtons, cardVariables } from '../../../src/edges/dingtalk/template.ts';
import { bytesOf } from '../../../src/edges/dingtalk/text.ts';
import { decodePress } from '../../../src/edges/dingtalk/wire.ts';
import { digestCard } from '../../../src/rules/card/digest-card.ts';
import { aSettings, nightMs } from '../../support/builders.ts';
import { aButton, aCard, aLine, anEndlessCard } from '../../support/cards.ts';

const to = { id: 'ops' };
const han = '集群失去法定人数，无法写入。'.repeat(200);

describe('a card as values of the template', () => {
  it.each([
    ['an ordinary one', aCard()],
    ['an endless one', anEndlessCard()],
    [
      'an endless one in Chinese',
      anEndlessCard({
        language: 'zh-CN',
        title: han,
        meaning: han,
        advice: han,
        stateLine: han,
        notice: han,
        recoveryLine: han,
        evidence: Array.from({ length: 50 }, () => han),
        symptoms: Array.from({ length: 50 }, () => han),
        buttons: ['ack', 'escalate', 'restart'].map((id) => aButton({ id, label: han })),
        more: ['unack', 'silence', 'resolve', 'note'].map((id) => aButton({ id, label: han })),
      }),
    ],
    [
      'an endless one with every button and the longest addresses',
      anEndlessCard({
        language: 'zh-CN',
        title: han,
        meaning: han,
        advice: han,
        stateLine: han,
        notice: han,
        recoveryLine: han,
        runbookUrl: `https://runbooks.example/${'x'.repeat(linkBytesMax - 25)}`,
        consoleUrl: `https://console.example/${'x'.repeat(linkBytesMax - 24)}`,
        evidence: Array.from({ length: 50 }, () => han),
        symptoms: Array.from({ length: 50 }, () => han),
        buttons: cardButtons.map((id) =>
          aButton({
            id,
            label: han,
            confirm: { title: han, text: han, yes: han, no: han },
            invocation: { command: 'recover', args: ['x'.repeat(550)], options: {} },
          }),
        ),
        more: [],
      }),
    ],
  ])('keeps to the limits: %s', (_, card) => {
    const params = renderCard(card, to);

    const sizes = Object.values(params).map(bytesOf);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(valueBytesMax);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(cardBytesMax);
  });

  it('gives every variable of the template a value, so that nothing of before stays', () => {
    expect(Object.keys(renderCard(aCard(), to)).sort()).toEqual([...cardVariables].sort());
    expect(Object.keys(renderLine(aCard(), aLine())).sort()).toEqual([...cardVariables].sort());
  });

  it('says how much it leaves out', () => {
    const { grid, evidence } = renderCard(anEndlessCard(), to);

    expect(grid).toMatch(/\n… \d+ more$/u);
    expect(evidence).toMatch(/\n… \d+ more$/u);
  });

  it('offers a silence, and its end in the same place', () => {
    const silence = (ids: readonly string[]) =>
      renderCard(aCard({ more: ids.map((id) => aButton({ id, label: id })) }), to)['silence'];

    expect(silence(['silence'])).toBe('silence');
    expect(silence(['unsilence'])).toBe('unsilence');
  });

  it('offers on the card of a storm the list of what is open', () => {
    const storm = digestCard(
      {
        id: nightMs,
        joinedMs: nightMs,
        members: { 7: 'page' },
        beyond: 0,
        calls: [],
        said: [],
        sends: 1,
      },
      [],
      { language: 'en', settings: aSettings(), isOver: false, nowMs: nightMs },
    );

    const { chart, chart_press: press } = renderCard(storm, to);

    expect(chart).toBe('List what is open');
    expect(decodePress(press ?? '')?.invocation.command).toBe('incidents');
  });

  it('shows a link whole or not at all', () => {
    const runbookUrl = `https://runbooks.example/${'r'.repeat(linkBytesMax - 25)}`;
    const consoleUrl = `https://console.example/${'c'.repeat(linkBytesMax - 24)}`;
    const { links } = renderCard(aCard({ runbookUrl, consoleUrl }), to);

    expect(links).toContain(`(${runbookUrl})`);
    expect(links).not.toContain('console.example');
  });

  it('leaves a button out whose command would be cut', () => {
    const long = { command: 'note', args: ['12', 'x'.repeat(2000)], options: {} };

    const params = renderCard(aCard({ buttons: [aButton({ invocation: long })] }), to);

    expect(params).toMatchObject({ ack: '', ack_press: '' });
  });
});
