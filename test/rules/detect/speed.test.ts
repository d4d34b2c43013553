import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/app/catalog.ts';
import type { Metrics } from '../../../src/model/sample.ts';
import { blankTree, type RoundFacts } from '../../../src/model/tree.ts';
import { fsyncSlow } from '../../../src/rules/detect/fsync-slow.ts';
import { jvmPause } from '../../../src/rules/detect/jvm-pause.ts';
import { latencyDegraded } from '../../../src/rules/detect/latency-degraded.ts';
import { latencyHigh } from '../../../src/rules/detect/latency-high.ts';
import { overload } from '../../../src/rules/detect/overload.ts';
import { pendingSyncs } from '../../../src/rules/detect/pending-syncs.ts';
import { sessionExpiryStorm } from '../../../src/rules/detect/session-expiry-storm.ts';
import { writeRateAnomaly } from '../../../src/rules/detect/write-rate-anomaly.ts';
import { aFailure, aView, nightMs } from '../../support/builders.ts';
import { pastOf, quarters, recorded, recordedAnswer, seeing } from './figures.ts';
import { judge } from './judge.ts';

function syncs(count: number, meanMs: number): Metrics {
  return { cnt_fsynctime: 100 + count, sum_fsynctime: 5000 + count * meanMs };
}

const noSyncs = syncs(0, 0);

describe('fsync-slow', () => {
  it.each([
    [100, 'clear', 'warn'],
    [101, 'firing', 'warn'],
    [1001, 'firing', 'page'],
  ] as const)('of %i ms a sync is %s, %s', (mean, verdict, severity) => {
    const view = seeing({
      zk2: [
        [-30_000, noSyncs],
        [0, syncs(10, mean)],
      ],
    });

    expect(judge(fsyncSlow, view, 'zk2')).toMatchObject({
      verdict,
      severity,
      facts: { syncMs: mean, stalls: false },
    });
  });

  it('does not believe the average since the start: two slow disks moved it from 110.34 to 110.40', () => {
    const at = (server: string) =>
      [
        [-30_000, recorded('slow-fsync/two-slow.before.txt', server)],
        [0, recorded('slow-fsync/two-slow.after.txt', server)],
      ] as const;
    const view = seeing({ zk1: at('s3'), zk2: at('s2'), zk3: at('s1') });

    expect(judge(fsyncSlow, view, 'zk3')).toMatchObject({
      verdict: 'firing',
      facts: { syncMs: 800, stalls: true },
      evidence: ['zk3: 15 fsyncs in the last 60 s, mean 800 ms'],
    });
    expect(judge(fsyncSlow, view, 'zk1').verdict).toBe('firing');
    expect(judge(fsyncSlow, view, 'zk2').verdict).toBe('clear');
    expect(judge(latencyHigh, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { latencyMs: 1164 },
    });
  });

  it('goes by what the server counted itself where a version tells no times', () => {
    const view = seeing({
      zk2: [
        [-30_000, { fsync_threshold_exceed_count: 4 }],
        [0, { fsync_threshold_exceed_count: 7 }],
      ],
      zk3: [
        [-30_000, { fsync_threshold_exceed_count: 4 }],
        [0, { fsync_threshold_exceed_count: 4 }],
      ],
    });

    expect(judge(fsyncSlow, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { warned: 3 },
    });
    expect(judge(fsyncSlow, view, 'zk3').verdict).toBe('unknown');
  });

  it('judges a few syncs only where nobody waits', () => {
    const few = (waiting: number) =>
      seeing({
        zk2: [
          [-5000, noSyncs],
          [0, { ...syncs(2, 9000), outstanding_requests: waiting }],
        ],
      });

    expect(judge(fsyncSlow, few(3), 'zk2').verdict).toBe('unknown');
    expect(judge(fsyncSlow, few(0), 'zk2').verdict).toBe('clear');
  });

  it('stays until it is well below the limit, once it has outlasted its hold', () => {
    const ninety = {
      zk2: [
        [-5000, noSyncs],
        [0, syncs(10, 90)],
      ],
    } as const;
    const since = (ms: number) =>
      seeing(ninety, { firingSince: { 'orders/fsync-slow/zk2': nightMs - ms } });

    expect(judge(fsyncSlow, since(60_000), 'zk2').verdict).toBe('firing');
    expect(judge(fsyncSlow, since(59_999), 'zk2').verdict).toBe('clear');
    const eighty = seeing(
      {
        zk2: [
          [-5000, noSyncs],
          [0, syncs(10, 80)],
        ],
      },
      { firingSince: { 'orders/fsync-slow/zk2': nightMs - 60_000 } },
    );
    expect(judge(fsyncSlow, eighty, 'zk2').verdict).toBe('clear');
  });
});

describe('jvm-pause', () => {
  const monitor = (count: number, sum: number, max: number): Metrics => ({
    cnt_jvm_pause_time_ms: count,
    sum_jvm_pause_time_ms: sum,
    max_jvm_pause_time_ms: max,
  });

  it('fires on the share of time spent in pauses, in the recording too', () => {
    const leader = recordedAnswer('jvm-pause/leader.mntr.txt');
    const view = seeing({
      zk1: [
        [-28_000, monitor(0, 0, 0)],
        [0, { ...leader, uptime: 1e10, synced_followers: 2 }],
      ],
    });

    expect(judge(jvmPause, view, 'zk1')).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
      facts: { percent: 10, longestMs: 513, led: true },
    });
  });

  it('does not take the half-second looks of the monitor for pauses', () => {
    const view = seeing({
      zk2: [
        [-60_000, monitor(1000, 900, 8)],
        [0, monitor(1120, 1080, 8)],
      ],
    });

    expect(judge(jvmPause, view, 'zk2')).toMatchObject({ verdict: 'clear', facts: { percent: 0 } });
  });

  it.each([
    [1334, 'warn', false],
    [5001, 'page', true],
  ] as const)('fires on one new pause of %i ms as %s', (longestMs, severity, conclusive) => {
    const view = seeing({
      zk2: [
        [-60_000, monitor(100, 90, 8)],
        [0, monitor(220, longestMs, longestMs)],
      ],
    });

    expect(judge(jvmPause, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      severity,
      conclusive,
      facts: { longestMs },
    });
  });

  it('does not tell an old pause again: the record stands since long ago', () => {
    const view = seeing({
      zk2: [
        [-60_000, monitor(100, 9000, 8000)],
        [0, monitor(220, 9100, 8000)],
      ],
    });

    expect(judge(jvmPause, view, 'zk2')).toMatchObject({
      verdict: 'clear',
      facts: { longestMs: 0 },
    });
  });

  it('is unknown where the monitor is off: its counters stand still', () => {
    const off = recordedAnswer('ensemble3-healthy/s3.mntr.txt');

    expect(
      judge(
        jvmPause,
        seeing({
          zk2: [
            [-5000, off],
            [0, off],
          ],
        }),
        'zk2',
      ).verdict,
    ).toBe('unknown');
  });
});

/** Two weeks in which a write took 10 ms by day and 40 ms at night (the hours around 3), hundred of them a quarter. */
const usualWrites = pastOf(
  'zk2',
  (() => {
    let [count, sum] = [0, 0];
    return quarters(14, (_, hour) => {
      count += 100;
      sum += 100 * (hour >= 1 && hour <= 5 ? 40 : 10);
      return { cnt_updatelatency: count, sum_updatelatency: sum };
    });
  })(),
);

describe('latency-degraded', () => {
  const writing = (mean: number, count = 100) =>
    seeing(
      {
        zk2: [
          [-300_000, { cnt_updatelatency: 1000, sum_updatelatency: 1000 }],
          [0, { cnt_updatelatency: 1000 + count, sum_updatelatency: 1000 + count * mean }],
        ],
      },
      { trends: usualWrites },
    );

  it.each([
    [125, 'clear'],
    [126, 'firing'],
  ] as const)('of %i ms where 40 are usual at night is %s', (mean, verdict) => {
    expect(judge(latencyDegraded, writing(mean)).verdict).toBe(verdict);
  });

  it('says where, what is usual, and which part of a write takes longest', () => {
    const view = writing(200);
    const leader = seeing({
      zk1: [
        [-300_000, { cnt_quorum_ack_latency: 0, sum_quorum_ack_latency: 0 }],
        [0, { cnt_quorum_ack_latency: 100, sum_quorum_ack_latency: 18_000 }],
      ],
    });
    const both = {
      ...view,
      samples: { ...view.samples, zk1: leader.samples['zk1'] ?? fail() },
      history: { ...view.history, zk1: leader.history['zk1'] ?? [] },
    };

    expect(judge(latencyDegraded, both)).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
      facts: {
        servers: ['zk2'],
        kind: 'write',
        latencyMs: 200,
        usualMs: 40,
        stage: 'quorum_ack_latency',
      },
    });
  });

  it('is unknown without days to compare with, and with few requests', () => {
    expect(judge(latencyDegraded, { ...writing(900), trends: {} }).verdict).toBe('unknown');
    expect(judge(latencyDegraded, writing(900, 99)).verdict).toBe('unknown');
  });
});

function fail(): never {
  throw new Error('the view has a reading');
}

describe('overload', () => {
  const waiting = (...values: number[]) =>
    values.map(
      (value, index) =>
        [(index - values.length + 1) * 5000, { outstanding_requests: value }] as const,
    );

  it.each([
    [10, 'clear', 'warn', 300_000],
    [11, 'firing', 'warn', 300_000],
    [450, 'firing', 'warn', 300_000],
    [451, 'firing', 'page', 60_000],
  ] as const)(
    'with %i requests waiting is %s, %s, held %i ms',
    (value, verdict, severity, holdMs) => {
      const view = seeing({ zk2: waiting(value, value, value) });

      expect(judge(overload, view)).toMatchObject({ verdict, severity });
      expect(overload.holdMs(view)).toBe(holdMs);
    },
  );

  it('pages where the figure sticks: 503 on a leader of three, far below 1000', () => {
    const leader = recordedAnswer('overload/s3.mntr.txt');
    const stuck = { ...leader, outstanding_requests: 503, uptime: 1e10, synced_followers: 2 };
    const view = seeing({
      zk1: [
        [-10_000, stuck],
        [-5000, stuck],
        [0, stuck],
      ],
    });

    expect(judge(overload, view)).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { worst: 'zk1', waiting: 503, limit: 450 },
    });
  });

  it('does not mind a look at which much or nothing waited', () => {
    expect(judge(overload, seeing({ zk2: waiting(0, 0, 576, 0, 0) })).verdict).toBe('clear');
    expect(judge(overload, seeing({ zk2: waiting(99, 133, 38, 0, 495) })).verdict).toBe('firing');
  });

  it('is one fault, however many servers it is on, and unknown where nobody tells', () => {
    const view = seeing({ zk1: waiting(40, 40), zk2: waiting(50, 50), zk3: waiting(3, 3) });

    expect(overload.detect(view, nightMs)).toHaveLength(1);
    expect(judge(overload, view).facts).toMatchObject({
      servers: ['zk1', 'zk2'],
      worst: 'zk2',
      waiting: 50,
    });
    expect(judge(overload, seeing({})).verdict).toBe('unknown');
  });

  it('names the client that sends most, where a survey saw it', () => {
    const clients = {
      atMs: nightMs,
      total: 3,
      byAddress: [
        { address: '10.0.0.7', connections: 2, received: 9000, receivedPerSecond: 5 },
        { address: '10.0.0.9', connections: 1, received: 800, receivedPerSecond: 400 },
        { address: '10.0.0.8', connections: 1, received: 900 },
      ],
    };
    const view = seeing(
      { zk2: waiting(50, 50) },
      { surveys: { zk2: { server: 'zk2', atMs: nightMs, asked: {}, clients } } },
    );

    expect(judge(overload, view).facts['address']).toBe('10.0.0.9');
  });

  it('says that ZooKeeper holds clients back', () => {
    const view = seeing({
      zk2: [
        [-5000, { outstanding_requests: 40, request_throttle_wait_count: 3 }],
        [0, { outstanding_requests: 40, request_throttle_wait_count: 9 }],
      ],
    });

    expect(judge(overload, view).facts['throttled']).toBe(true);
  });
});

describe('pending-syncs', () => {
  it.each([
    [10, 'clear'],
    [11, 'firing'],
  ] as const)('with %i calls waiting at the leader is %s', (value, verdict) => {
    const view = seeing({
      zk1: [
        [-5000, { pending_syncs: value }],
        [0, { pending_syncs: value }],
      ],
    });

    expect(judge(pendingSyncs, view)).toMatchObject({
      verdict,
      facts: { server: 'zk1', waiting: value },
    });
  });

  it('is unknown without a leader that tells', () => {
    expect(judge(pendingSyncs, seeing({})).verdict).toBe('unknown');
    const followers = { zk1: aFailure({ server: 'zk1' }) };
    expect(judge(pendingSyncs, aView({ samples: followers })).verdict).toBe('unknown');
  });
});

describe('session-expiry-storm', () => {
  const sessions = (expired: number, all: number, more: Metrics = {}): Metrics => ({
    stale_sessions_expired: expired,
    global_sessions: all,
    ...more,
  });

  it('counts 25 of 25 in the recording, and says whose connections went', () => {
    const at = (server: string) =>
      [
        [-60_000, recorded('session-expiry-storm/held.txt', server)],
        [0, recorded('session-expiry-storm/after.txt', server)],
      ] as const;
    const view = seeing({ zk1: at('s3'), zk2: at('s2'), zk3: at('s1') });

    expect(judge(sessionExpiryStorm, view)).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      conclusive: true,
      facts: { expired: 25, sessions: 25, sessionsNow: 0, ephemerals: 50, server: '' },
    });
  });

  it.each([
    [9, 50, 'clear'],
    [10, 50, 'firing'],
    [10, 101, 'clear'],
    [11, 101, 'firing'],
  ] as const)('with %i of %i sessions expired is %s', (expired, all, verdict) => {
    const view = seeing({
      zk1: [
        [-5000, sessions(3, all)],
        [0, sessions(3 + expired, all - expired)],
      ],
    });

    expect(judge(sessionExpiryStorm, view).verdict).toBe(verdict);
  });

  it.each([
    ['12 of 40, 2 of them its own', 12, 2, 'firing', 10],
    ['12 of 40, 3 of them its own', 12, 3, 'clear', 9],
    ['3 of 40, and as many more of its own may follow', 3, 9, 'clear', 0],
  ] as const)(
    'takes off the sessions of the bot itself: %s',
    (_of, expired, own, verdict, left) => {
      const counted = seeing({
        zk1: [
          [-5000, sessions(0, 40)],
          [0, sessions(expired, 40 - expired)],
        ],
      });
      const lost = Array.from({ length: own }, () => [nightMs - 20_000, nightMs + 10_000] as const);
      const before = [nightMs - 60_000, nightMs - 6000] as const;
      const ownSessions = [{ atMs: nightMs, standing: 4, left: [before, ...lost] }];

      const finding = judge(sessionExpiryStorm, { ...counted, ownSessions });

      expect(finding).toMatchObject({ verdict, facts: { expired: left } });
    },
  );

  it('names the address whose connections went, if most of them were its own', () => {
    const counted = seeing({
      zk1: [
        [-5000, sessions(0, 40)],
        [0, sessions(20, 20)],
      ],
    });
    const storm = (...gone: readonly (readonly [address: string, count: number, ms: number])[]) => {
      const list = gone.map(([address, connections, ms]) => ({
        address,
        connections,
        atMs: nightMs + ms,
      }));
      const clients = { atMs: nightMs, total: 0, byAddress: [], gone: list };
      const surveys = { zk1: { server: 'zk1', atMs: nightMs, asked: {}, clients } };
      return judge(sessionExpiryStorm, { ...counted, surveys }).facts['address'];
    };

    expect(storm(['10.0.0.7', 20, -9000], ['10.0.0.8', 3, -9000])).toBe('10.0.0.7');
    expect(storm(['10.0.0.7', 20, -9000], ['10.0.0.8', 20, -9000])).toBe('');
    expect(storm(['10.0.0.7', 20, -160_001])).toBe('');
  });

  it('names the server that lost most of its connections', () => {
    const view = seeing({
      zk1: [
        [-5000, sessions(0, 40, { num_alive_connections: 20 })],
        [0, sessions(20, 20, { num_alive_connections: 19 })],
      ],
      zk2: [
        [-5000, { num_alive_connections: 20 }],
        [0, { num_alive_connections: 1 }],
      ],
    });

    expect(judge(sessionExpiryStorm, view).facts['server']).toBe('zk2');
  });

  it('does not take the counter of another leader, or of one begun anew, for a storm', () => {
    const anew = seeing({
      zk1: [
        [-5000, sessions(0, 50)],
        [0, { ...sessions(40, 50), uptime: 100 }],
      ],
    });

    expect(judge(sessionExpiryStorm, anew).verdict).toBe('unknown');
  });
});

describe('write-rate-anomaly', () => {
  const usual = pastOf(
    'zk1',
    quarters(
      14,
      () => ({}),
      (quarter) => 0x100000000 + quarter * 900 * 20,
    ),
  );
  const writing = (perSecond: number, trends = usual) =>
    seeing(
      {
        zk1: [
          [-300_000, {}, '0x100000000'],
          [0, {}, `0x${(0x100000000 + perSecond * 300).toString(16)}`],
        ],
      },
      { trends },
    );

  it.each([
    [100, 'clear'],
    [101, 'firing'],
  ] as const)('of %i writes a second where 20 are usual is %s', (perSecond, verdict) => {
    expect(judge(writeRateAnomaly, writing(perSecond))).toMatchObject({
      verdict,
      severity: 'info',
      facts: { perSecond, usual: 20 },
    });
  });

  it('leaves quiet ensembles in peace, and knows nothing on the first days', () => {
    const quiet = pastOf(
      'zk1',
      quarters(
        14,
        () => ({}),
        (quarter) => 0x100000000 + quarter,
      ),
    );

    expect(judge(writeRateAnomaly, writing(49, quiet)).verdict).toBe('clear');
    expect(judge(writeRateAnomaly, writing(500, {})).verdict).toBe('unknown');
  });

  it('names who sends most and where the tree grows, where that is known', () => {
    const clients = {
      atMs: nightMs,
      total: 2,
      byAddress: [
        { address: '10.0.0.7', connections: 2, received: 9000, receivedPerSecond: 5 },
        { address: '10.0.0.9', connections: 1, received: 800, receivedPerSecond: 400 },
      ],
    };
    const hourAgoMs = nightMs - 3_600_000;
    const view = {
      ...writing(200),
      surveys: { zk1: { server: 'zk1', atMs: nightMs, asked: {}, clients } },
      tree: {
        ...blankTree,
        round: { endedMs: nightMs } as RoundFacts,
        subtrees: [
          { path: '/queue', znodes: 900, bytes: 0, earlier: [[hourAgoMs, 100] as const] },
          { path: '/app', znodes: 50, bytes: 0, earlier: [[hourAgoMs, 49] as const] },
        ],
      },
    };

    const finding = judge(writeRateAnomaly, view);
    expect(finding.facts).toMatchObject({ address: '10.0.0.9', path: '/queue' });
    expect(finding.evidence).toContain('10.0.0.9: 400 requests a second');
    expect(judge(writeRateAnomaly, writing(200)).facts).toMatchObject({ address: '', path: '' });
  });

  it('does not count across an election', () => {
    const view = seeing(
      {
        zk1: [
          [-300_000, {}, '0x1ffffff00'],
          [-290_000, {}, '0x200000001'],
          [0, {}, '0x200000005'],
        ],
      },
      { trends: usual },
    );

    expect(judge(writeRateAnomaly, view)).toMatchObject({
      verdict: 'clear',
      facts: { perSecond: 0 },
    });
  });
});

describe('srst', () => {
  it('zeroes every counter of a server, and nothing fires for it', () => {
    const before = recordedAnswer('srst-effect/s3.mntr.before.txt');
    const after = recordedAnswer('srst-effect/s3.mntr.after.txt');
    const view = seeing({
      zk1: [
        [-10_000, { ...before, uptime: 1e10 }],
        [-5000, { ...before, uptime: 1e10 + 5000 }],
        [0, { ...after, uptime: 1e10 + 10_000 }],
      ],
    });

    const firing = detectors
      .flatMap((detector) => detector.detect(view, nightMs))
      .filter(({ verdict }) => verdict === 'firing');
    expect(firing.map(({ detector }) => detector)).toEqual([]);
  });
});
