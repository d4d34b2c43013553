import { describe, expect, it } from 'vitest';
import {
  judgeRedisClock,
  judgeReplicaClocks,
  judgeServerClocks,
} from '../../../src/rules/doctor/clocks.ts';

const atMs = 0;

describe('the clock of Redis', () => {
  it.each([
    [0, 5, 'clock-redis'],
    [900, 5, 'clock-redis'],
    [1500, 600, 'clock-redis'],
    [1500, 5, 'clock-redis-off'],
    [-90_000, 5, 'clock-redis-off'],
  ])('%i ms ahead, give or take %i ms, is %s', (skewMs, errorMs, code) => {
    expect(judgeRedisClock({ skewMs, errorMs }).code).toBe(code);
  });
});

describe('the clocks of servers', () => {
  const clock = (skewMs: number) => ({
    clock: { atMs, skewMs, errorMs: 10, source: 'cons' as const },
  });

  it('agree', () => {
    expect(judgeServerClocks('orders', { zk1: clock(3), zk2: clock(-8) })).toMatchObject([
      { code: 'clock-servers', facts: { count: 2 } },
    ]);
  });

  it('are named where one is off', () => {
    expect(judgeServerClocks('orders', { zk1: clock(3), zk2: clock(9000) })).toMatchObject([
      { code: 'clock-server-off', about: 'orders zk2', facts: { isEverybody: false } },
    ]);
  });

  it('speak against the clock of the bot where all are off', () => {
    const found = judgeServerClocks('orders', { zk1: clock(9000), zk2: clock(9010) });

    expect(found.map(({ facts }) => facts['isEverybody'])).toEqual([true, true]);
  });

  it('say nothing where none is known', () => {
    expect(judgeServerClocks('orders', { zk1: {} })).toEqual([]);
  });
});

describe('the clocks of replicas', () => {
  const replica = (name: string, skewMs: number) => ({ name, skewMs, errorMs: 5 });

  it('are nothing to compare for one alone', () => {
    expect(judgeReplicaClocks([replica('a', 4000)])).toEqual([]);
  });

  it('agree also where Redis has another time', () => {
    expect(judgeReplicaClocks([replica('a', 4000), replica('b', 4010)])).toMatchObject([
      { code: 'clock-replicas', facts: { count: 2 } },
    ]);
  });

  it('name the one that is off, and by how much it is behind', () => {
    const all = [replica('a', 0), replica('b', 5), replica('c', 60_000)];

    expect(judgeReplicaClocks(all)).toMatchObject([
      { code: 'clock-replica-off', about: 'c', facts: { skewMs: -59_995 } },
    ]);
  });
});
