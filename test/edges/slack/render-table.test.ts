import { describe, expect, it } from 'vitest';
import { phoneColumns } from '../../../src/edges/slack/limits.ts';
import { renderReply } from '../../../src/edges/slack/render-reply.ts';
import type { ReplyBlock } from '../../../src/model/reply.ts';
import { statusOverview } from '../../../src/rules/card/status-card.ts';
import { refuseMessage } from '../../servers/slack/blocks.ts';
import { readText } from '../../servers/slack/message.ts';
import { nightMs } from '../../support/builders.ts';

function drawn(...blocks: readonly ReplyBlock[]) {
  const raw = renderReply({ outcome: 'done', visibility: 'private', blocks }, 'en');
  return { raw, lines: readText({ ...raw }).split('\n') };
}

describe('a table in Slack', () => {
  it('keeps its columns where a phone shows them beside each other', () => {
    const { lines } = drawn({
      kind: 'table',
      head: ['Schedule', 'On call'],
      rows: [['orders', 'Ann Chen']],
    });

    expect(lines).toEqual(['```', 'Schedule  On call', 'orders    Ann Chen', '```']);
  });

  it('becomes a line for each row where they do not fit, without what says nothing', () => {
    const { lines } = drawn({
      kind: 'table',
      head: ['Incident', 'What', 'State', 'Since'],
      rows: [
        ['#12', 'orders/zk2: down — connection refused <&>', 'open', '1 min ago'],
        ['#13', 'orders: quorum at risk — one more failure stops writes', '—', ''],
      ],
    });

    expect(lines).toEqual([
      '*#12* orders/zk2: down — connection refused <&> · open · 1 min ago',
      '*#13* orders: quorum at risk — one more failure stops writes',
    ]);
  });

  it('keeps its columns where a cell has several lines', () => {
    const { lines } = drawn({
      kind: 'facts',
      rows: [
        ['Write', '/zk ack <incident>'],
        ['For example', '/zk ack 12\n/zk ack orders'],
      ],
    });

    expect(lines).toEqual([
      '```',
      'Write        /zk ack <incident>',
      'For example  /zk ack 12',
      '             /zk ack orders',
      '```',
    ]);
  });

  it('shows as many rows as fit behind what stands above, and counts the others', () => {
    const { lines, raw } = drawn(
      ...Array.from({ length: 4 }, () => ({ kind: 'text' as const, text: 'x'.repeat(2900) })),
      {
        kind: 'table',
        head: [],
        rows: Array.from({ length: 50 }, (_, index) => [`ensemble-${index}`, 'y'.repeat(50)]),
        tones: Array.from({ length: 50 }, () => 'resolved' as const),
      },
    );

    expect(lines[4]).toMatch(/^🟢 \*ensemble-0\* y+$/u);
    const shown = lines.filter((line) => line.startsWith('🟢')).length;
    expect(lines.at(-1)).toBe(`… ${50 - shown} more`);
    expect(refuseMessage(raw.blocks as never, [])).toBeUndefined();
  });

  it('shows a hundred ensembles in one message, a line each, the worst first', () => {
    const entries = Array.from({ length: 100 }, (_, index) => ({
      ensemble: `payments-eu-${String(index).padStart(3, '0')}`,
      open: index % 7 === 0 ? 2 : 0,
      status: {
        ensemble: `payments-eu-${index}`,
        atMs: nightMs,
        health: index === 50 ? ('down' as const) : ('healthy' as const),
        grid: [],
        voters: 5,
        serving: 5,
        quorum: 3,
        leader: 'zk-eu-3',
        servers: {},
      },
    }));

    const { raw, lines } = drawn(
      ...statusOverview(entries, { language: 'en', nowMs: nightMs + 3000 }),
    );

    expect(lines).toHaveLength(100);
    expect(lines[0]).toBe('🔴 *payments-eu-050* no quorum · 5 of 5 · zk-eu-3 · 3 s ago');
    expect(lines[1]).toMatch(/^🟢 \*payments-eu-000\* healthy · 5 of 5 · zk-eu-3 · 2 open · /u);
    expect(refuseMessage(raw.blocks as never, [])).toBeUndefined();
  });

  it('says how many rows are left where not even a message holds them', () => {
    const { lines, raw } = drawn(
      ...Array.from({ length: 9 }, () => ({
        kind: 'table' as const,
        head: ['x'],
        rows: Array.from({ length: 60 }, () => ['x'.repeat(phoneColumns + 1)]),
      })),
    );

    expect(lines.at(-1)).toMatch(/^… \d+ more$/u);
    expect(refuseMessage(raw.blocks as never, [])).toBeUndefined();
  });
});
