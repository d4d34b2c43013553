import { describe, expect, it } from 'vitest';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { Reading } from '../../../src/model/sample.ts';
import { followerLinkSlow } from '../../../src/rules/detect/follower-link-slow.ts';
import { aReading, aView, nightMs } from '../../support/builders.ts';
import { pastOf } from './figures.ts';
import { judge } from './judge.ts';

const hourMs = 3_600_000;

describe('follower-link-slow, by how late transactions arrive', () => {
  type Late = Readonly<Record<string, number>>;

  /** Readings every 5 s of the last three minutes: so many ms on average in the last one, and in those before. */
  function seen(late: Late, usual: Late = {}, rest: Partial<EnsembleView> = {}) {
    const readings = (server: string): readonly Reading[] => {
      let sum = 0;
      return Array.from({ length: 37 }, (_, index) => {
        const atMs = nightMs - (36 - index) * 5000;
        const isNow = atMs > nightMs - 60_000;
        sum += 5 * ((isNow ? late[server] : usual[server]) ?? 7);
        return aReading({
          server,
          mode: server === 'zk1' ? 'leader' : 'follower',
          atMs,
          metrics: {
            ...(server === 'zk1' && { synced_followers: 2 }),
            uptime: 600_000 + index * 5000,
            cnt_propagation_latency: 5 * index,
            sum_propagation_latency: sum,
          },
        });
      });
    };
    const all = Object.fromEntries(['zk1', 'zk2', 'zk3'].map((id) => [id, readings(id)]));
    return aView({
      samples: Object.fromEntries(Object.entries(all).map(([id, list]) => [id, list.at(-1)!])),
      history: Object.fromEntries(Object.entries(all).map(([id, list]) => [id, list.slice(0, -1)])),
      ...rest,
    });
  }

  const verdictsOf = (view: EnsembleView) =>
    ['zk1', 'zk2', 'zk3'].map((id) => judge(followerLinkSlow, view, id).verdict);

  it.each<[string, Late, Late, readonly string[]]>([
    ['50 ms later than usual', { zk3: 57 }, {}, ['clear', 'clear', 'clear']],
    ['51 ms later than usual', { zk3: 58 }, {}, ['clear', 'clear', 'firing']],
    ['always so late, from far away', { zk3: 90 }, { zk3: 90 }, ['clear', 'clear', 'clear']],
    ['later from far away', { zk3: 141 }, { zk3: 90 }, ['clear', 'clear', 'firing']],
    [
      'late everywhere: the write itself',
      { zk1: 90, zk2: 90, zk3: 90 },
      {},
      ['clear', 'clear', 'clear'],
    ],
    ['late at all but the leader', { zk2: 90, zk3: 90 }, {}, ['firing', 'clear', 'clear']],
  ])('when they are %s', (_, late, usual, expected) => {
    expect(verdictsOf(seen(late, usual))).toEqual(expected);
  });

  it('does not compare with the way from another leader', () => {
    const change = { from: 'zk2', to: 'zk1', fate: 'down' } as const;
    const before = { leaderChanges: [{ ...change, atMs: nightMs - 60_000 }] };
    const long = { leaderChanges: [{ ...change, atMs: nightMs - 200_000 }] };

    expect(judge(followerLinkSlow, seen({ zk3: 90 }, {}, before), 'zk3').verdict).toBe('unknown');
    expect(judge(followerLinkSlow, seen({ zk3: 90 }, {}, long), 'zk3').verdict).toBe('firing');
  });

  it('leaves out a server whose clock is off by more, and not one that may be', () => {
    const clock = (skewMs: number, errorMs: number) => {
      const facts = { atMs: nightMs, skewMs, errorMs, source: 'cons' } as const;
      const surveys = { zk3: { server: 'zk3', atMs: nightMs, asked: {}, clock: facts } };
      return judge(followerLinkSlow, seen({ zk3: 300 }, {}, { surveys }), 'zk3').verdict;
    };

    expect(clock(-300, 2)).toBe('unknown');
    expect(clock(-300, 260)).toBe('firing');
  });

  it('remembers the least of a day', () => {
    const trends = pastOf('zk3', [
      [-2 * hourMs, { cnt_propagation_latency: 0, sum_propagation_latency: 0 }],
      [-2 * hourMs + 5000, { cnt_propagation_latency: 50, sum_propagation_latency: 350 }],
      [-hourMs, { cnt_propagation_latency: 50, sum_propagation_latency: 350 }],
    ]);
    const view = seen({ zk3: 90 }, { zk3: 90 });

    expect(judge(followerLinkSlow, view, 'zk3').verdict).toBe('clear');
    expect(judge(followerLinkSlow, { ...view, trends }, 'zk3').verdict).toBe('firing');
  });
});
