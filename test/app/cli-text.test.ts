import { describe, expect, it } from 'vitest';
import { paintFor } from '../../src/app/cli-io.ts';
import { commandLine, replyText, textWidth } from '../../src/app/cli-text.ts';
import type { ReplyBlock } from '../../src/model/reply.ts';
import { aTerminal } from '../support/terminal.ts';

function text(...blocks: readonly ReplyBlock[]): string {
  const paint = paintFor(aTerminal().io);
  return replyText({ outcome: 'done', visibility: 'private', blocks }, paint);
}

describe('an answer as text', () => {
  it('draws the voter grid in columns', () => {
    const drawn = text({
      kind: 'grid',
      title: 'orders: degraded',
      tone: 'warning',
      rows: [
        { server: 'zk1', role: 'voter', state: 'leader', health: 'good', lag: '0' },
        { server: 'zk10', role: 'voter', state: 'down: connection refused', health: 'bad' },
      ],
    });

    expect(drawn.split('\n')).toEqual([
      'orders: degraded',
      '  ● zk1   voter  leader                    0',
      '  ✖ zk10  voter  down: connection refused',
    ]);
  });

  it('lines up tables, also of Chinese', () => {
    const drawn = text({
      kind: 'table',
      head: ['编号', 'what'],
      rows: [
        ['12', 'zk2'],
        ['中文字', 'zk3'],
      ],
    });

    expect(drawn.split('\n')).toEqual(['  编号    what', '  12      zk2', '  中文字  zk3']);
  });

  it('says what a line can become as it is typed in a terminal', () => {
    const drawn = text({
      kind: 'completions',
      title: 'You could write:',
      lines: [
        { line: 'ack 12', hint: 'orders: zk2 is down' },
        { line: 'ack 7', hint: '' },
      ],
    });

    expect(drawn.split('\n')).toEqual([
      'You could write:',
      '  nightkeeper ack 12  orders: zk2 is down',
      '  nightkeeper ack 7',
    ]);
  });

  it('cuts what would push the columns apart, but never the last', () => {
    const long = 'x'.repeat(100);
    const drawn = text({ kind: 'facts', rows: [[long, long]] });

    expect(drawn).toBe(`  ${'x'.repeat(59)}…  ${long}`);
  });

  it('shows a card with the lines that its buttons stand for', () => {
    const drawn = text({
      kind: 'card',
      card: {
        incident: 12,
        ensemble: 'orders',
        detector: 'member-down',
        version: 3,
        language: 'en',
        tone: 'critical',
        severity: 'Page',
        title: 'orders: zk2 is down',
        grid: [{ server: 'zk2', role: 'voter', state: 'down', health: 'bad' }],
        meaning: 'It is gone.',
        advice: 'Bring it back.',
        runbookUrl: 'https://r/member-down',
        evidence: ['ECONNREFUSED 10.0.0.2:2181'],
        symptoms: ['probe-degraded'],
        stateLine: 'burning since 3 s',
        sinceMs: 0,
        changedMs: 0,
        buttons: [
          {
            id: 'ack',
            label: 'Acknowledge',
            style: 'primary',
            invocation: { command: 'ack', args: ['12'], options: {} },
          },
        ],
        more: [],
      },
    });

    expect(drawn).toBe(
      [
        '#12 orders: zk2 is down  Page',
        '',
        '  ✖ zk2  voter  down',
        '',
        'It is gone.\nBring it back.',
        '',
        '  - probe-degraded\n  - ECONNREFUSED 10.0.0.2:2181',
        '',
        'burning since 3 s',
        '',
        'https://r/member-down',
        '',
        '  Acknowledge  nightkeeper ack 12',
      ].join('\n'),
    );
  });

  it('is coloured on a terminal, and plain where colours are not wanted', () => {
    const terminal = aTerminal({ tty: true });
    const coloured = paintFor({ ...terminal.io, env: {} });
    const plain = paintFor(terminal.io);

    expect(coloured('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(plain('red', 'x')).toBe('x');
  });
});

describe('a line to type', () => {
  it('is one that a shell reads back', () => {
    const line = commandLine({
      command: 'recover',
      args: ['restart-server', '[::1]:2181'],
      options: { reason: "it's hung" },
    });

    expect(line).toBe(
      String.raw`nightkeeper recover restart-server '[::1]:2181' --reason 'it'\''s hung'`,
    );
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['中文', 4],
    ['，', 2],
    ['●', 1],
    ['', 0],
  ])('of %j is %i', (sample, width) => {
    expect(textWidth(sample)).toBe(width);
  });
});
