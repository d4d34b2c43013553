import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src/model/sample.ts';
import { connectionImbalance } from '../../../src/rules/detect/connection-imbalance.ts';
import { dataSize } from '../../../src/rules/detect/data-size.ts';
import { snapshotSyncStorm } from '../../../src/rules/detect/snapshot-sync-storm.ts';
import { watchLeak } from '../../../src/rules/detect/watch-leak.ts';
import { znodeGrowth } from '../../../src/rules/detect/znode-growth.ts';
import { zxidRolloverEta } from '../../../src/rules/detect/zxid-rollover-eta.ts';
import { aFailure, nightMs } from '../../support/builders.ts';
import { noiseOf, seeded } from '../../support/seeded.ts';
import { pastOf, quarters, recordedAnswer, seeing } from './figures.ts';
import { judge } from './judge.ts';

/** The same on all three servers. */
function everywhere(metrics: Metrics): Parameters<typeof seeing>[0] {
  return { zk1: [[0, metrics]], zk2: [[0, metrics]], zk3: [[0, metrics]] };
}

/** A past of all three servers. */
function past(days: number, metricsAt: (quarter: number) => Metrics) {
  return Object.assign(
    {},
    ...['zk1', 'zk2', 'zk3'].map((server) => pastOf(server, quarters(days, metricsAt))),
  ) as ReturnType<typeof pastOf>;
}

describe('connection-imbalance', () => {
  const on = (zk1: number, zk2: number, zk3: number) =>
    seeing({
      zk1: [[0, { num_alive_connections: zk1 }]],
      zk2: [[0, { num_alive_connections: zk2 }]],
      zk3: [[0, { num_alive_connections: zk3 }]],
    });

  it.each([
    [202, 50, 50, 'firing'],
    [200, 50, 50, 'clear'],
    [80, 10, 10, 'clear'],
    [90, 6, 5, 'firing'],
  ] as const)('with %i, %i and %i connections is %s', (zk1, zk2, zk3, verdict) => {
    expect(judge(connectionImbalance, on(zk1, zk2, zk3))).toMatchObject({
      verdict,
      severity: 'info',
      facts: { server: 'zk1', connections: zk1, total: zk1 + zk2 + zk3 },
    });
  });

  it('names the emptiest, which was restarted last', () => {
    expect(judge(connectionImbalance, on(210, 60, 3)).facts['emptiest']).toBe('zk3');
  });

  it('is unknown while a server says nothing: it may be the full one', () => {
    const view = on(202, 50, 50);
    const blind = { ...view, samples: { ...view.samples, zk3: aFailure({ server: 'zk3' }) } };

    expect(judge(connectionImbalance, blind).verdict).toBe('unknown');
    expect(connectionImbalance.holdMs(view)).toBe(30 * 60_000);
  });
});

describe('watch-leak', () => {
  it.each([
    [10_000, 'clear'],
    [10_001, 'firing'],
  ] as const)('with %i watches on a server is %s', (watch_count, verdict) => {
    const view = seeing({ ...everywhere({ watch_count: 3 }), zk2: [[0, { watch_count }]] });

    expect(judge(watchLeak, view)).toMatchObject({
      verdict,
      facts: { server: 'zk2', watches: watch_count, total: watch_count + 6 },
    });
  });

  /** Some watches more every quarter of an hour for four days, and sessions. */
  const growing = (watches: (quarter: number) => number, sessions: (quarter: number) => number) =>
    seeing(everywhere({ watch_count: 2000 }), {
      trends: past(4, (quarter) => ({
        watch_count: watches(quarter),
        global_sessions: sessions(quarter),
      })),
    });

  it('fires early when watches grow by a fifth a day and sessions do not', () => {
    const view = growing(
      (quarter) => 1000 + quarter * 4,
      () => 50,
    );

    const finding = judge(watchLeak, view);
    expect(finding).toMatchObject({ verdict: 'firing', facts: { servers: [], total: 6000 } });
    expect(finding.facts['percentPerDay']).toBeGreaterThan(20);
  });

  it.each([
    [
      'there are more clients',
      (quarter: number) => 1000 + quarter * 4,
      (quarter: number) => 50 + quarter / 5,
    ],
    ['it was one step', (quarter: number) => (quarter < 200 ? 1000 : 2600), () => 50],
    ['they come and go', (quarter: number) => 1000 + (quarter % 60) * 25, () => 50],
  ])('does not fire where %s', (_, watches, sessions) => {
    expect(judge(watchLeak, growing(watches, sessions)).verdict).toBe('clear');
  });

  it('names the client where a survey asked', () => {
    const top = { atMs: nightMs, session: '0x100a1', watches: 9000, address: '10.0.0.7' };
    const view = seeing(everywhere({ watch_count: 20_000 }), {
      surveys: {
        zk1: {
          server: 'zk1',
          atMs: nightMs,
          asked: {},
          watches: { atMs: nightMs, connections: 3, paths: 5, total: 20_000, top },
        },
      },
    });

    expect(judge(watchLeak, view).facts).toMatchObject({ session: '0x100a1', address: '10.0.0.7' });
  });

  it('is unknown where nobody tells', () => {
    expect(judge(watchLeak, seeing({})).verdict).toBe('unknown');
  });
});

describe('znode-growth', () => {
  it.each([
    [1_000_000, 'clear'],
    [1_000_001, 'firing'],
  ] as const)('with %i znodes is %s', (znode_count, verdict) => {
    expect(judge(znodeGrowth, seeing(everywhere({ znode_count })))).toMatchObject({
      verdict,
      facts: { znodes: znode_count, etaMs: -1 },
    });
  });

  const after = (days: number, valueAt: (quarter: number) => number) =>
    judge(
      znodeGrowth,
      seeing(everywhere({ znode_count: valueAt(days * 96) }), {
        trends: past(days, (quarter) => ({ znode_count: valueAt(quarter) })),
      }),
    );

  it('tells a week before when a steady line gets there, and how sure that is', () => {
    const finding = after(9, (quarter) => 200_000 + quarter * 560);

    expect(finding).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
      facts: { confidence: 'sure', perDay: 53_760 },
    });
    expect(Number(finding.facts['etaMs']) / 86_400_000).toBeCloseTo(5.88, 0);
  });

  it.each([
    [
      'the line takes more than a week to get there',
      9,
      (quarter: number) => 200_000 + quarter * 100,
    ],
    ['there is less than a week to go by', 5, (quarter: number) => 200_000 + quarter * 1000],
    ['it was a step', 9, (quarter: number) => (quarter < 500 ? 200_000 : 700_000)],
    ['it is cleaned up every two days', 9, (quarter: number) => 500_000 + (quarter % 192) * 2500],
  ] as const)('is silent where %s', (_, days, valueAt) => {
    expect(after(days, valueAt).verdict).toBe('clear');
  });

  it('never fires on noise: not once in fifty seeds', () => {
    const verdicts = Array.from({ length: 50 }, (_, seed) => {
      const noise = noiseOf(seeded(seed));
      const values = Array.from({ length: 9 * 96 + 1 }, () => 800_000 + noise() * 40_000);
      return after(9, (quarter) => values[quarter] ?? 0).verdict;
    });

    expect(new Set(verdicts)).toEqual(new Set(['clear']));
  });
});

describe('data-size', () => {
  it.each([
    [1_073_741_824, 'clear'],
    [1_073_741_825, 'firing'],
  ] as const)('of %i bytes is %s', (approximate_data_size, verdict) => {
    const view = seeing(everywhere({ approximate_data_size, znode_count: 5 }));

    expect(judge(dataSize, view)).toMatchObject({
      verdict,
      facts: { bytes: approximate_data_size, znodes: 5 },
    });
  });

  it('is unknown where nobody tells', () => {
    expect(judge(dataSize, seeing({})).verdict).toBe('unknown');
  });
});

describe('zxid-rollover-eta', () => {
  const hourMs = 3_600_000;
  const at = (left: number) => `0x1${(0xffffffff - left).toString(16).padStart(8, '0')}`;

  /** A day at a thousand writes a second, and what is left of the counter now. */
  const writing = (left: number, perSecond = 1000) =>
    seeing(
      {
        zk1: [
          [-60_000, {}, at(left + 60_000)],
          [0, {}, at(left)],
        ],
      },
      {
        trends: pastOf(
          'zk1',
          quarters(
            1,
            () => ({}),
            (quarter) => 0x100000000 + quarter * 900 * perSecond,
          ),
        ),
      },
    );

  it.each([
    [31 * 24, 'clear', 'info'],
    [29 * 24, 'firing', 'info'],
    [6.9 * 24, 'firing', 'warn'],
    [5.9, 'firing', 'page'],
  ] as const)('%d hours before the end is %s, %s', (hours, verdict, severity) => {
    const left = hours * 3600 * 1000;

    const finding = judge(zxidRolloverEta, writing(left));
    expect(finding).toMatchObject({ verdict, severity, facts: { server: 'zk1', perSecond: 1000 } });
    expect(Number(finding.facts['etaMs']) / hourMs).toBeCloseTo(
      verdict === 'firing' ? hours : 0,
      1,
    );
  });

  it('names who sends most, where a survey saw it', () => {
    const clients = {
      atMs: nightMs,
      total: 1,
      byAddress: [{ address: '10.0.0.9', connections: 1, received: 800, receivedPerSecond: 400 }],
    };
    const surveys = { zk1: { server: 'zk1', atMs: nightMs, asked: {}, clients } };

    const finding = judge(zxidRolloverEta, { ...writing(3_600_000), surveys });

    expect(finding.facts['address']).toBe('10.0.0.9');
    expect(finding.evidence).toContain('10.0.0.9: 400 requests a second');
  });

  it('does not make a day of a burst', () => {
    const left = 0x10000000;
    const burst = seeing(
      {
        zk1: [
          [-240_000, {}, at(left + 10_000_000)],
          [0, {}, at(left)],
        ],
      },
      {
        trends: pastOf(
          'zk1',
          quarters(
            1,
            () => ({}),
            (quarter) => 0x100000000 + quarter * 900,
          ),
        ),
      },
    );

    expect(judge(zxidRolloverEta, burst)).toMatchObject({
      verdict: 'clear',
      facts: { perSecond: 1 },
    });
  });

  it('goes by the last minutes on the first day, in the recording eleven transactions before the end', () => {
    const near = recordedAnswer('zxid-rollover/s3-near-rollover.mntr.txt');
    const view = seeing({
      zk1: [
        [-240_000, { ...near, uptime: 1e10, synced_followers: 2 }, '0x1ffffff00'],
        [0, { ...near, uptime: 1e10 + 5000, synced_followers: 2 }, '0x1fffffff4'],
      ],
    });

    expect(judge(zxidRolloverEta, view)).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { left: 11 },
    });
  });

  it('is clear where nobody writes, and unknown where nothing is known', () => {
    const still = {
      zk1: [
        [-240_000, {}, at(10)],
        [0, {}, at(10)],
      ],
    } as const;

    expect(judge(zxidRolloverEta, seeing(still)).verdict).toBe('clear');
    expect(judge(zxidRolloverEta, seeing({ zk1: [[0, {}, at(10)]] })).verdict).toBe('unknown');
  });
});

describe('snapshot-sync-storm', () => {
  /** Snapshots sent by quarters of the last two hours; the count of now. */
  const sent = (counts: readonly number[], now: number) =>
    seeing(
      {
        zk1: [
          [-5000, { snap_count: counts.at(-1) ?? 0 }],
          [0, { snap_count: now }],
        ],
        zk3: [[0, { uptime: 20_000 }]],
      },
      {
        trends: pastOf(
          'zk1',
          counts.map((snap_count, index) => [(index - counts.length) * 900_000, { snap_count }]),
        ),
      },
    );

  it.each([
    [[0, 0, 0, 0, 0, 1, 2, 2], 2, 'clear'],
    [[0, 0, 0, 0, 0, 1, 2, 2], 3, 'firing'],
    [[0, 3, 3, 3, 3, 3, 3, 3], 3, 'clear'],
    [[9, 9, 9, 9, 9, 9, 9, 9], 9, 'clear'],
  ] as const)('after %j and %i now is %s', (counts, now, verdict) => {
    expect(judge(snapshotSyncStorm, sent(counts, now))).toMatchObject({
      verdict,
      severity: 'info',
      facts: { server: 'zk1', servers: ['zk3'] },
    });
  });

  it.each([
    [3, 'clear'],
    [4, 'firing'],
  ] as const)('takes one for each of two servers that joined for no storm: %i', (now, verdict) => {
    const joined = { zk2: [[0, { uptime: 20_000 }]], zk3: [[0, { uptime: 20_000 }]] } as const;
    const counted = {
      zk1: [
        [-5000, { snap_count: 0 }],
        [0, { snap_count: now }],
      ],
    } as const;

    expect(judge(snapshotSyncStorm, seeing({ ...counted, ...joined })).verdict).toBe(verdict);
  });

  it('is unknown without two readings of a leader', () => {
    expect(judge(snapshotSyncStorm, seeing({ zk1: [[0, { snap_count: 9 }]] })).verdict).toBe(
      'unknown',
    );
  });
});
