import { describe, expect, it } from 'vitest';
import { parseLine } from '../../../src/model/invocation.ts';
import {
  complete,
  completionsMax,
  completionsOf,
  type Vocabulary,
} from '../../../src/rules/card/complete.ts';
import { someCommands } from '../../support/console.ts';

const vocabulary: Vocabulary = {
  commands: [
    ...someCommands,
    { name: 'silence', aliases: [], usage: 'silence', completes: ['ensemble', 'server', 'text'] },
  ],
  about: { status: 'How the ensembles stand.' },
  ensembles: { orders: ['zk1', 'zk2'], billing: ['zk7'] },
  incidents: [
    { id: 13, title: 'billing: quorum lost' },
    { id: 12, title: 'orders: zk2 is down' },
  ],
  actions: ['restart-server'],
  schedules: ['platform'],
  recoveries: [{ id: 'r-4', title: 'restart of zk2' }],
  silences: [{ id: 3, title: 'orders · new disk' }],
};

const lines = (typed: string) => complete(typed, vocabulary).map(({ line }) => line);

describe('completion of a line', () => {
  it.each([
    ['', ['status ', 'show ', 'ack ', 'recover ', 'approve ', 'unsilence ', 'help ', 'silence ']],
    ['s', ['status ', 'show ', 'silence ']],
    ['S', ['status ', 'show ', 'silence ']],
    ['/zk s', ['/zk status ', '/zk show ', '/zk silence ']],
    ['zk ac', ['zk ack ']],
    ['status o', ['status orders ']],
    ['ack ', ['ack 13 ', 'ack 12 ']],
    ['acknowledge 1', ['acknowledge 13 ', 'acknowledge 12 ']],
    ['recover ', ['recover restart-server ', 'recover orders ', 'recover billing ']],
    ['recover orders ', ['recover orders zk1 ', 'recover orders zk2 ']],
    ['帮', ['帮助 ']],
    [
      'recover restart-server orders ',
      ['recover restart-server orders zk1 ', 'recover restart-server orders zk2 '],
    ],
    ['recover restart-server billing z', ['recover restart-server billing zk7 ']],
    ['help st', ['help status ']],
    ['ack 12 ', []],
    ['unheard-of ', []],
    ['ack 12', []],
  ])('%j goes on with %j', (typed, expected) => {
    expect(lines(typed)).toEqual(expected);
  });

  it('says what a suggestion stands for', () => {
    expect(complete('ack ', vocabulary)).toContainEqual({
      line: 'ack 12 ',
      word: '12',
      hint: 'orders: zk2 is down',
    });
  });

  it('offers no more than a list somebody reads', () => {
    const incidents = Array.from({ length: 40 }, (_, index) => ({ id: index + 1, title: '' }));

    expect(complete('ack ', { ...vocabulary, incidents })).toHaveLength(completionsMax);
  });
});

const sent = (line: string, meant?: string) => {
  const invocation = parseLine(line);
  if (invocation === undefined) throw new Error(`not a line: ${line}`);
  return completionsOf(invocation, vocabulary, meant).map((each) => each.line);
};

describe('what a line that was sent can become', () => {
  it.each([
    ['sta', ['status']],
    ['nonsense', ['status', 'show', 'ack', 'recover', 'approve', 'unsilence', 'help', 'silence']],
    ['帮', ['帮助']],
    ['ack', ['ack 13', 'ack 12']],
    ['ack orders', ['ack 12']],
    ['ack #99', ['ack 13', 'ack 12']],
    ['status ord', ['status orders']],
    ['status elsewhere', ['status orders', 'status billing']],
    ['recover', ['recover restart-server', 'recover orders', 'recover billing']],
    ['recover orders', ['recover orders zk1', 'recover orders zk2']],
    ['recover Orders', ['recover Orders zk1', 'recover Orders zk2']],
    [
      'recover restart-server orders zk9 --reason "it hangs"',
      [
        'recover restart-server orders zk1 --reason="it hangs"',
        'recover restart-server orders zk2 --reason="it hangs"',
      ],
    ],
    [
      'silence #12 zk9 2h new disk',
      ['zk1', 'zk2', 'zk7'].map((server) => `silence #12 ${server} 2h new disk`),
    ],
    ['approve', ['approve r-4']],
    ['unsilence 9', ['unsilence 3']],
    ['ack 12', []],
    ['status orders too-much', []],
  ])('%j can become %j', (line, expected) => {
    expect(sent(line)).toEqual(expected);
  });

  it('is what it is taken for, where nothing begins like it', () => {
    expect(sent('stutas', 'status')).toEqual(['status']);
    expect(sent('status bi', 'orders')).toEqual(['status billing']);
  });

  it('says what each line stands for', () => {
    expect(completionsOf({ command: 'sta', args: [], options: {} }, vocabulary)).toEqual([
      { line: 'status', hint: 'How the ensembles stand.' },
    ]);
    expect(
      completionsOf({ command: 'ack', args: ['12x'], options: {} }, vocabulary),
    ).toContainEqual({ line: 'ack 12', hint: 'orders: zk2 is down' });
  });

  it('can be sent as it stands', () => {
    const [line = ''] = sent('recover restart-server orders zk9 --reason "it hangs"');

    expect(parseLine(line)).toEqual({
      command: 'recover',
      args: ['restart-server', 'orders', 'zk1'],
      options: { reason: 'it hangs' },
    });
  });
});
