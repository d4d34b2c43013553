import { describe, expect, it } from 'vitest';
import { gridOf, statusOf } from '../../../src/rules/status/status.ts';
import {
  anEnsemble,
  aReading,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

describe('the health of an ensemble', () => {
  const table: readonly (readonly [string, Readonly<Record<string, State>>, string])[] = [
    ['all serve', well, 'healthy'],
    ['one is down', { ...well, zk3: 'refused' }, 'degraded'],
    ['one cannot be read', { ...well, zk3: 'not-allowed' }, 'degraded'],
    ['the leader is out of sight', { ...well, zk1: 'cut' }, 'degraded'],
    ['two are down', { ...well, zk2: 'refused', zk3: 'refused' }, 'down'],
    [
      'all look for a leader',
      { zk1: 'not-serving', zk2: 'not-serving', zk3: 'not-serving' },
      'down',
    ],
    [
      'all take connections and are silent',
      { zk1: 'timeout', zk2: 'timeout', zk3: 'timeout' },
      'down',
    ],
    ['all are out of sight', { zk1: 'cut', zk2: 'unreachable', zk3: 'unresolved' }, 'unknown'],
    ['nothing was looked at', {}, 'unknown'],
  ];

  it.each(table)('when %s', (_, states, health) => {
    expect(statusOf(aView({ states })).health).toBe(health);
  });

  it('is degraded when an observer is gone', () => {
    const ensemble = anEnsemble({ observers: 1 });

    expect(statusOf(aView({ ensemble, states: { ...well, zk4: 'observer' } })).health).toBe(
      'healthy',
    );
    expect(statusOf(aView({ ensemble, states: { ...well, zk4: 'refused' } })).health).toBe(
      'degraded',
    );
    expect(statusOf(aView({ ensemble, states: { ...well, zk4: 'follower' } })).health).toBe(
      'degraded',
    );
  });

  it('is degraded while a voter is not in sync', () => {
    const leader = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 1 } });

    expect(statusOf(aView({ samples: { ...samplesOf(well), zk1: leader } })).health).toBe(
      'degraded',
    );
  });

  it('does not ask who is in sync where the leader does not say', () => {
    const leader = aReading({ server: 'zk1', mode: 'leader', metrics: {} });

    expect(statusOf(aView({ samples: { ...samplesOf(well), zk1: leader } })).health).toBe(
      'healthy',
    );
  });

  it('is degraded when the canary cannot write', () => {
    const canary = { kind: 'failed', atMs: nightMs, tookMs: 1000, detail: 'timeout' } as const;

    const status = statusOf(aView({ canary }));

    expect(status).toMatchObject({ health: 'degraded', canary });
  });

  it('is that of the one server where there is only one', () => {
    const ensemble = anEnsemble({ voters: 1 });

    expect(statusOf(aView({ ensemble, states: { zk1: 'standalone' } }))).toMatchObject({
      health: 'healthy',
      leader: 'zk1',
      serving: 1,
    });
  });

  it('does not count a server that stands alone among others', () => {
    expect(statusOf(aView({ states: { ...well, zk3: 'standalone' } }))).toMatchObject({
      health: 'degraded',
      serving: 2,
    });
  });
});

describe('the status', () => {
  it('counts voters and names the leader', () => {
    expect(statusOf(aView({ states: { ...well, zk3: 'refused' } }))).toMatchObject({
      ensemble: 'orders',
      atMs: nightMs,
      voters: 3,
      serving: 2,
      quorum: 2,
      leader: 'zk1',
    });
  });

  it('has the numbers of each server that was looked at', () => {
    const counted = { num_alive_connections: 7, outstanding_requests: 2 };
    const now = aReading({
      metrics: {
        ...counted,
        cnt_updatelatency: 20,
        sum_updatelatency: 60,
        cnt_readlatency: 30,
        sum_readlatency: 30,
      },
    });
    const before = aReading({
      atMs: nightMs - 5000,
      metrics: {
        cnt_updatelatency: 10,
        sum_updatelatency: 20,
        cnt_readlatency: 0,
        sum_readlatency: 0,
      },
    });
    const { zxid: _zxid, version: _version, ...bare } = aReading({ server: 'zk2', metrics: {} });

    const { servers } = statusOf(
      aView({
        samples: { ...samplesOf({ zk3: 'refused' }), zk1: now, zk2: bare },
        history: { zk1: [before] },
      }),
    );

    expect(servers).toEqual({
      zk1: {
        version: '3.8.0',
        zxid: '0x100000005',
        connections: 7,
        outstanding: 2,
        latencyMs: 1.75,
        tookMs: 3,
      },
      zk2: { tookMs: 3 },
      zk3: { tookMs: 1 },
    });
  });

  it('leaves out servers that were not looked at', () => {
    expect(Object.keys(statusOf(aView({ states: { zk1: 'leader' } })).servers)).toEqual(['zk1']);
  });
});

describe('the grid', () => {
  it('has a cell a server, in the order of the ensemble', () => {
    const ensemble = anEnsemble({ voters: 3, observers: 1 });

    expect(
      gridOf(aView({ ensemble, states: { zk3: 'refused', zk1: 'leader', zk4: 'observer' } })),
    ).toEqual([
      { server: 'zk1', role: 'voter', state: 'leader', lag: 0 },
      { server: 'zk2', role: 'voter', state: 'unknown' },
      { server: 'zk3', role: 'voter', state: 'refused' },
      { server: 'zk4', role: 'observer', state: 'observer', lag: 0 },
    ]);
  });

  it('says how far a server lags behind the newest transaction of its epoch', () => {
    const samples = {
      zk1: aReading({ server: 'zk1', mode: 'leader', zxid: '0x20000000a' }),
      zk2: aReading({ server: 'zk2', zxid: '0x200000003' }),
      zk3: aReading({ server: 'zk3', zxid: '0x1000000ff' }),
    };

    expect(gridOf(aView({ samples })).map(({ lag }) => lag)).toEqual([0, 7, 0]);
  });
});
