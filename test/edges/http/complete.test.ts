import { describe, expect, it } from 'vitest';
import { complete, completionsMax, type Vocabulary } from '../../../src/edges/http/complete.ts';
import { someCommands } from '../../support/console.ts';

const vocabulary: Vocabulary = {
  commands: someCommands,
  ensembles: { orders: ['zk1', 'zk2'], billing: ['zk7'] },
  incidents: [{ id: 12, title: 'orders: zk2 is down' }],
  actions: ['restart-server'],
  schedules: ['platform'],
};

const lines = (typed: string) => complete(typed, vocabulary).map(({ line }) => line);

describe('completion of a line', () => {
  it.each([
    ['', ['status ', 'show ', 'ack ', 'recover ', 'help ']],
    ['s', ['status ', 'show ']],
    ['S', ['status ', 'show ']],
    ['/zk s', ['/zk status ', '/zk show ']],
    ['zk ac', ['zk ack ']],
    ['status o', ['status orders ']],
    ['ack ', ['ack 12 ']],
    ['acknowledge 1', ['acknowledge 12 ']],
    ['recover ', ['recover restart-server ']],
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
    expect(complete('ack ', vocabulary)).toEqual([
      { line: 'ack 12 ', word: '12', hint: 'orders: zk2 is down' },
    ]);
  });

  it('offers no more than a list somebody reads', () => {
    const incidents = Array.from({ length: 40 }, (_, index) => ({ id: index + 1, title: '' }));

    expect(complete('ack ', { ...vocabulary, incidents })).toHaveLength(completionsMax);
  });
});
