import { describe, expect, it } from 'vitest';
import {
  epochSettlesMs,
  type LeaderFate,
  lastLeaderOf,
  leaderChangesMax,
  leaderChangesOf,
} from '../../src/model/leadership.ts';
import type { Sample } from '../../src/model/sample.ts';
import { aReading, aSample, aView, nightMs, type State, samplesOf } from '../support/builders.ts';

const zk1 = { server: 'zk1', atMs: nightMs - 5000, epoch: 1 };
const zk2Leads = { zk1: 'follower', zk2: 'leader', zk3: 'follower' } as const;

function leader(server: string, zxid: string): Sample {
  return aReading({ server, mode: 'leader', zxid, metrics: { synced_followers: 2 } });
}

describe('the last leader', () => {
  it('is who leads with a quorum, and in which epoch', () => {
    expect(lastLeaderOf(aView())).toEqual({ server: 'zk1', atMs: nightMs, epoch: 1 });
  });

  it('stays who it was while nobody leads', () => {
    const states = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;

    expect(lastLeaderOf(aView({ states, lastLeader: zk1 }))).toBe(zk1);
  });

  it('keeps its epoch where its zxid is not told', () => {
    const { zxid: _, ...reading } = aReading({ mode: 'leader', metrics: { synced_followers: 2 } });

    const view = aView({
      samples: { ...samplesOf(zk2Leads), zk1: reading, zk2: aSample('zk2', 'follower') },
      lastLeader: zk1,
    });

    expect(lastLeaderOf(view)?.epoch).toBe(1);
  });
});

describe('the changes of the leader', () => {
  it('are none at the first look, nor while the same one leads', () => {
    expect(leaderChangesOf(aView())).toEqual([]);
    expect(leaderChangesOf(aView({ lastLeader: zk1 }))).toEqual([]);
  });

  it.each<[string, readonly (readonly [ms: number, state: State])[], State, LeaderFate]>([
    ['was seen refused', [[-400, 'refused']], 'not-serving', 'down'],
    ['is refused', [], 'refused', 'down'],
    ['did not answer', [[-400, 'timeout']], 'not-serving', 'hung'],
    ['cannot be reached', [[-400, 'cut']], 'cut', 'unreachable'],
    ['has no way to it', [], 'unreachable', 'unreachable'],
    ['looks for a leader', [], 'not-serving', 'alive'],
    ['follows now', [[-400, 'not-serving']], 'follower', 'alive'],
    ['tells nothing', [], 'garbled', 'unknown'],
  ])('tell what became of the one before: it %s', (_, looks, state, fate) => {
    const earlier = [[-6000, 'leader'] as const, ...looks];
    const history = { zk1: earlier.map(([ms, was]) => aSample('zk1', was, nightMs + ms)) };

    const view = aView({ states: { ...zk2Leads, zk1: state }, history, lastLeader: zk1 });

    expect(leaderChangesOf(view)).toEqual([
      {
        atMs: nightMs,
        from: 'zk1',
        to: 'zk2',
        fate,
        ...(state === 'follower' ? { backMs: nightMs } : {}),
      },
    ]);
  });

  it('know a leader that began anew', () => {
    const before = aReading({ mode: 'leader', metrics: { uptime: 9000, looking_count: 3 } });
    const now = aReading({ metrics: { uptime: 100, looking_count: 1 } });

    const view = aView({
      samples: { ...samplesOf(zk2Leads), zk1: now },
      history: { zk1: [{ ...before, atMs: nightMs - 5000 }] },
      lastLeader: zk1,
    });

    expect(leaderChangesOf(view)[0]?.fate).toBe('restarted');
  });

  it('do not know what became of a server that left', () => {
    const view = aView({ states: zk2Leads, lastLeader: { ...zk1, server: 'zk9' } });

    expect(leaderChangesOf(view)).toMatchObject([{ from: 'zk9', fate: 'unknown' }]);
  });

  it.each([
    ['a new epoch', '0x200000000', [], 1],
    ['the same epoch', '0x1000000ff', [], 0],
    ['an epoch of before', '0x000000001', [], 0],
    ['the epoch of an election just seen', '0x200000000', [nightMs - epochSettlesMs], 1],
    ['an epoch after that', '0x200000000', [nightMs - epochSettlesMs - 1], 2],
  ] as const)('count the same server elected again: %s', (_, zxid, known, count) => {
    const view = aView({
      samples: { ...samplesOf({ zk2: 'follower', zk3: 'follower' }), zk1: leader('zk1', zxid) },
      lastLeader: zk1,
      leaderChanges: known.map((atMs) => ({ atMs, from: 'zk2', to: 'zk1', fate: 'down' })),
    });

    expect(leaderChangesOf(view)).toHaveLength(count);
  });

  it('tell when the one before serves again', () => {
    const change = { atMs: nightMs - 9000, from: 'zk3', to: 'zk1', fate: 'alive' as const };
    const after = (zk3: State, leaderChanges = [change]) =>
      leaderChangesOf(
        aView({ states: { ...zk2Leads, zk2: 'follower', zk1: 'leader', zk3 }, leaderChanges }),
      );

    expect(after('not-serving')).toEqual([change]);
    expect(after('follower')).toEqual([{ ...change, backMs: nightMs }]);
    expect(after('follower', [{ ...change, backMs: 7 } as typeof change])).toMatchObject([
      { backMs: 7 },
    ]);
  });

  it('are remembered up to a limit, the newest', () => {
    const leaderChanges = Array.from({ length: leaderChangesMax }, (_, index) => ({
      atMs: index,
      from: 'zk3',
      to: 'zk1',
      fate: 'alive' as const,
    }));

    const changes = leaderChangesOf(aView({ states: zk2Leads, lastLeader: zk1, leaderChanges }));

    expect(changes).toHaveLength(leaderChangesMax);
    expect(changes[0]?.atMs).toBe(1);
    expect(changes.at(-1)?.to).toBe('zk2');
  });
});
