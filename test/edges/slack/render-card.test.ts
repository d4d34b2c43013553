import { describe, expect, it } from 'vitest';
import { textSumMax } from '../../../src/edges/slack/limits.ts';
import { renderCard, renderPlain, type SlackBody } from '../../../src/edges/slack/render-card.ts';
import type { Card } from '../../../src/model/card.ts';
import { type Json, refuseMessage } from '../../servers/slack/blocks.ts';
import { blocksOf, colorOf, pressablesOf, readText } from '../../servers/slack/message.ts';
import { aButton, aCard, anEndlessCard } from '../../support/cards.ts';

/** The message as a person sees it. */
function drawn(card: Card) {
  const body: SlackBody = renderCard(card, card.title);
  const raw = JSON.parse(JSON.stringify(body)) as Json;
  const pressables = pressablesOf(raw);
  return {
    raw,
    text: readText(raw),
    color: colorOf(raw),
    buttons: pressables.filter((one) => !one.inOverflow).map((one) => one.label),
    menu: pressables.filter((one) => one.inOverflow).map((one) => one.label),
    pressables,
    refused: refuseMessage(
      body.blocks as unknown as readonly Json[],
      body.attachments as unknown as readonly Json[],
    ),
  };
}

describe('a card in Slack', () => {
  it('says right under the title that it comes late, within its limits', () => {
    const notice = 'Shown 2 min late: this chat took no more messages <meanwhile>';

    const { text, raw } = drawn(aCard({ notice }));
    const { refused } = drawn(aCard({ notice: 'x'.repeat(9_999) }));

    expect(text.split('\n').indexOf(notice)).toBe(2);
    expect(JSON.stringify(raw)).toContain('&lt;meanwhile&gt;');
    expect(refused).toBeUndefined();
  });

  it('reads from the fault down to who has it', () => {
    const { text } = drawn(
      aCard({
        spark: { label: 'voters serving', values: [3, 3, 2, 1] },
        recoveryLine: 'Restart of zk2 runs now, asked by Anna via Slack: hung',
      }),
    );

    expect(text.split('\n')).toEqual([
      'orders: quorum lost — 1 of 3 voters serving',
      'page · Incident #12 · orders · since <!date^1795230000^{date_short_pretty} {time_secs}|21 Nov 03:00 UTC>',
      '```',
      '✗  zk1  voter  not serving',
      '✗  zk2  voter  down',
      '✓  zk3  voter  follower     0',
      '```',
      '*What it means*',
      'No writes pass until one more voter serves.',
      '*What to do*',
      'Bring back zk2 first.',
      '<https://runbooks.example/quorum-lost|Runbook>',
      '<https://nightkeeper.example/incidents/12|Open in the console>',
      '*Evidence*',
      '```',
      'zk2 refused 10.0.0.2:2181',
      'zk1: This ZooKeeper instance is not serving requests',
      '```',
      '*Because of it*',
      '• zk2 is down',
      'voters serving  ██▅▁',
      'Restart of zk2 runs now, asked by Anna via Slack: hung',
      '*Nobody has acknowledged yet*',
    ]);
  });

  it.each([
    { tone: 'critical', color: '#a30200' },
    { tone: 'warning', color: '#e8912d' },
    { tone: 'info', color: '#3b82c4' },
    { tone: 'acknowledged', color: '#daa038' },
    { tone: 'resolved', color: '#2eb886' },
  ] as const)('has its own colour when $tone', ({ tone, color }) => {
    expect(drawn(aCard({ tone })).color).toBe(color);
  });

  it('speaks the language of the card', () => {
    const { text } = drawn(aCard({ language: 'zh-CN' }));

    expect(text).toContain('始于');
    expect(text).not.toContain('What it means');
  });

  it('aligns Chinese columns by the width of their letters', () => {
    const { text } = drawn(
      aCard({
        grid: [
          { server: 'zk1', role: '投票节点', state: 'leader', health: 'good' },
          { server: 'zk2', role: 'observer', state: '宕机', health: 'bad' },
        ],
      }),
    );

    expect(text).toContain('✓  zk1  投票节点  leader\n✗  zk2  observer  宕机');
  });

  it('folds no line of the voter grid on a phone', () => {
    const { text } = drawn(
      aCard({
        grid: [
          {
            server: 'zk1',
            role: 'voter',
            state: 'down: connection refused',
            health: 'bad',
          },
          { server: 'zk2', role: 'voter', state: 'follower', health: 'good', lag: 'in sync' },
        ],
      }),
    );

    expect(text).toContain(
      '✗  zk1  voter  down: connection refused\n✓  zk2  voter  follower · in sync',
    );
  });

  it('always has the runbook in its menu, and its timeline where no second menu is needed for it', () => {
    const named = (id: string) => aButton({ id, label: id });
    const menuOf = (...ids: readonly string[]) => drawn(aCard({ more: ids.map(named) })).menu;

    expect(menuOf('silence', 'note', 'chart', 'show')).toEqual([
      'silence',
      'note',
      'chart',
      'show',
      'Runbook',
    ]);
    expect(menuOf('silence', 'unack', 'note', 'chart', 'show')).toEqual([
      'silence',
      'unack',
      'note',
      'chart',
      'Runbook',
    ]);
    expect(menuOf('silence', 'resolve', 'unack', 'note', 'chart', 'show')).toEqual([
      'silence',
      'resolve',
      'unack',
      'note',
      'chart',
      'show',
      'Runbook',
    ]);
  });

  it('has two buttons in reach and the rest in the menu', () => {
    const { buttons, menu } = drawn(aCard({ more: [aButton({ id: 'show', label: 'Timeline' })] }));

    expect(buttons).toEqual(['Acknowledge', 'Escalate']);
    expect(menu).toEqual(['Timeline', 'Runbook']);
  });

  it('asks once more where the card wants it', () => {
    const { pressables } = drawn(aCard());

    expect(pressables.map(({ confirm }) => confirm !== undefined)).toEqual([false, true]);
  });

  it('has no row of buttons when nothing applies', () => {
    const { raw } = drawn(aCard({ buttons: [], more: [] }));

    expect(blocksOf(raw).filter((block) => block['type'] === 'actions')).toEqual([]);
  });

  it('makes a button of what the menu cannot carry', () => {
    const longArgs = ['restart-server', 'orders', `zk-${'x'.repeat(80)}`];
    const { buttons, menu } = drawn(
      aCard({
        buttons: [],
        more: [
          aButton({ label: 'plain' }),
          aButton({
            label: 'long',
            invocation: { command: 'recover', args: longArgs, options: {} },
          }),
          aButton({ label: 'asks', confirm: { title: 't', text: 't', yes: 'y', no: 'n' } }),
        ],
      }),
    );

    expect(menu).toEqual(['plain', 'Runbook']);
    expect(buttons).toEqual(['long', 'asks']);
  });

  it('leaves out what the card has not', () => {
    const { text } = drawn(aCard({ grid: [], evidence: [], symptoms: [] }));

    expect(text).not.toContain('```');
    expect(text).not.toContain('Evidence');
    expect(text).not.toContain('Because of it');
  });

  it('lets no data call people, make links or leave its block of code', () => {
    const { raw } = drawn(
      aCard({
        advice: '<!channel> <https://evil|here>',
        evidence: ['```', '<@U0BO>'],
        runbookUrl: 'https://runbooks.example/?a=1&b=<!here>|x',
      }),
    );

    const wire = JSON.stringify(raw);
    expect(wire).not.toMatch(/<!channel>|<https:\/\/evil|<@U0BO>|<!here>/u);
    expect(wire).toContain("'''");
  });

  it('stays within every limit of Slack, and says how much is missing', () => {
    const { refused, raw, text, buttons, menu } = drawn(anEndlessCard());

    expect(refused).toBeUndefined();
    expect(text.match(/… \d+ more/gu)).toHaveLength(3);
    expect(buttons.length + menu.length).toBeGreaterThan(5);
    expect(JSON.stringify(raw).length).toBeGreaterThan(textSumMax / 2);
  });

  it('keeps its title and its buttons when everything else is too long', () => {
    const { text, buttons } = drawn(
      anEndlessCard({ title: 'orders: quorum lost', buttons: [aButton()], more: [] }),
    );

    expect(text).toMatch(/^orders: quorum lost\n/u);
    expect(buttons).toEqual(['Acknowledge']);
  });

  it('comes down to words for the day blocks are not taken', () => {
    const { text, blocks, attachments } = renderPlain(
      aCard({ advice: 'Look & see' }),
      'quorum lost',
    );

    expect(text).toBe('quorum lost\nNobody has acknowledged yet\nLook &amp; see');
    expect([blocks, attachments]).toEqual([[], []]);
  });
});
