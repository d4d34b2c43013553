import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMonitor } from '../../../src/edges/zookeeper/parse-monitor.ts';
import { heapGauge } from '../../../src/model/gauge-names.ts';
import type { Reading } from '../../../src/model/sample.ts';
import type { ClientFacts, ConfFacts, DiskFacts } from '../../../src/model/survey.ts';
import { fineMs, growTrend, type OpenTrend, type TrendPoint } from '../../../src/model/trend.ts';
import { connectionLimitHit } from '../../../src/rules/detect/connection-limit-hit.ts';
import { diskFullEta } from '../../../src/rules/detect/disk-full-eta.ts';
import { diskFullNow } from '../../../src/rules/detect/disk-full-now.ts';
import { fdExhaustion } from '../../../src/rules/detect/fd-exhaustion.ts';
import { heapPressure } from '../../../src/rules/detect/heap-pressure.ts';
import { nodeTooBig } from '../../../src/rules/detect/node-too-big.ts';
import { quotaExceeded } from '../../../src/rules/detect/quota-exceeded.ts';
import { sessionConcentration } from '../../../src/rules/detect/session-concentration.ts';
import { snapshotTooBigToSync } from '../../../src/rules/detect/snapshot-too-big-to-sync.ts';
import { unpurgedSnapshots } from '../../../src/rules/detect/unpurged-snapshots.ts';
import { aFailure, aReading, aView, nightMs, samplesOf } from '../../support/builders.ts';
import { aHost, aSurvey, aSurveyedView, failedOn } from '../../support/surveys.ts';
import { judge } from './judge.ts';

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const minute = 60_000;

function aDisk(overrides: Partial<DiskFacts> = {}): DiskFacts {
  return { ...aHost().disks[0]!, ...overrides };
}

/** A server's reading with more metrics, in a healthy look. */
function withMetrics(metrics: Readonly<Record<string, number>>, server = 'zk2') {
  const samples = samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' });
  const reading = samples[server] as Reading;
  return { ...samples, [server]: { ...reading, metrics: { ...reading.metrics, ...metrics } } };
}

/** A day of five-minute points; `value` draws the gauge or metric, by the number of the point. */
function trendOf(
  count: number,
  value: (index: number) => { gauges?: Record<string, number>; metrics?: Record<string, number> },
): readonly TrendPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const atMs = nightMs - (count - index) * fineMs;
    const { gauges = {}, metrics = {} } = value(index);
    const open: OpenTrend = growTrend({}, aReading({ atMs, metrics }), undefined, gauges);
    return open.fine!;
  });
}

describe('disk-full-now', () => {
  it.each([
    ['half free', {}, 'clear'],
    ['below 5 %', { freeBytes: 4 * gib }, 'firing'],
    ['no room for two logs', { freeBytes: 100 * mib, totalBytes: 1 * gib }, 'firing'],
    ['a small disk with most of it free', { freeBytes: 90 * mib, totalBytes: 100 * mib }, 'clear'],
    ['a small disk that is full', { freeBytes: 0, totalBytes: 100 * mib }, 'firing'],
    ['no inodes left', { inodesFree: 3 }, 'firing'],
    ['a file system without inodes', { inodesFree: 0, inodesTotal: 0 }, 'clear'],
  ] as const)('judges %s', (_, disk, verdict) => {
    const view = aSurveyedView({ zk2: { host: aHost({ disks: [aDisk(disk)] }) } });

    expect(judge(diskFullNow, view, 'zk2')).toMatchObject({ verdict, severity: 'page' });
  });

  it('counts the newest snapshot twice, and logs as large as the configuration makes them', () => {
    const disks = [aDisk({ freeBytes: 8 * gib })];
    const snapshots = { count: 3, newestBytes: 5 * gib };
    const small = { disks: [aDisk({ freeBytes: 60 * mib, totalBytes: gib })] };

    const large = aSurveyedView({ zk2: { host: aHost({ disks, snapshots }) } });
    const tight = aSurveyedView({
      zk2: { host: aHost({ ...small, settings: { preAllocSize: '1024' } }) },
    });

    expect(judge(diskFullNow, large, 'zk2').verdict).toBe('firing');
    expect(judge(diskFullNow, tight, 'zk2').verdict).toBe('clear');
  });

  it('names the disk of the log where that one is full, also of a server that is gone', () => {
    const log = aDisk({ what: 'dataLogDir', path: '/log', freeBytes: 0 });
    const view = aSurveyedView(
      { zk2: { host: aHost({ disks: [aDisk(), log] }) } },
      { states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } },
    );

    expect(judge(diskFullNow, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      facts: { disk: 'dataLogDir', path: '/log', cause: 'bytes' },
    });
  });

  it('believes the log where df sees nothing', () => {
    const logHints = [{ kind: 'no-space-left', count: 9, line: 'IOException' }] as const;
    const view = aSurveyedView({ zk2: { host: aHost({ disks: [], logHints }) } });

    expect(judge(diskFullNow, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { cause: 'log' },
    });
  });

  it('knows nothing without a way to the machine, nor when the last look failed or is old', () => {
    const full = { host: aHost({ disks: [aDisk({ freeBytes: 0 })] }) };
    const old = aSurvey('zk2', full, nightMs - 2 * 3_600_000);
    const failed = failedOn(aSurvey('zk2', full), 'host', 'timeout');

    expect(judge(diskFullNow, aView(), 'zk2').verdict).toBe('unknown');
    for (const survey of [old, failed])
      expect(judge(diskFullNow, aView({ surveys: { zk2: survey } }), 'zk2').verdict).toBe(
        'unknown',
      );
  });
});

describe('disk-full-eta', () => {
  const view = (value: (index: number) => number) =>
    aSurveyedView(
      { zk2: { host: aHost() } },
      {
        trends: {
          zk2: {
            fine: trendOf(60, (index) => ({ gauges: { 'free:dataDir': value(index) } })),
            coarse: [],
          },
        },
      },
    );

  it('tells when a line that goes down will be at its end', () => {
    // 60 points of five minutes, 1 GiB less with each: 20 GiB last 100 minutes.
    const finding = judge(
      diskFullEta,
      view((index) => (80 - index) * gib),
      'zk2',
    );

    expect(finding).toMatchObject({ verdict: 'firing', severity: 'page' });
    expect(Number(finding.facts['etaMs']) / minute).toBeCloseTo(105, -1);
  });

  it('only warns of what is a day away', () => {
    const slow = view((index) => (50 - index * 0.2) * gib);

    expect(judge(diskFullEta, slow, 'zk2')).toMatchObject({ verdict: 'firing', severity: 'warn' });
  });

  it.each([
    ['flat', () => 50 * gib],
    ['noisy', (index: number) => (50 + ((index * 7919) % 13)) * gib],
    ['saw-toothed, as purging leaves it', (index: number) => (50 - (index % 12)) * gib],
    ['rising', (index: number) => (20 + index) * gib],
  ])('says nothing of a line that is %s', (_, value) => {
    expect(judge(diskFullEta, view(value), 'zk2').verdict).toBe('clear');
  });

  it('knows nothing without a past', () => {
    expect(judge(diskFullEta, aSurveyedView({ zk2: { host: aHost() } }), 'zk2').verdict).toBe(
      'unknown',
    );
  });
});

describe('fd-exhaustion', () => {
  it.each([
    [800, 'clear', 'warn'],
    [860, 'firing', 'warn'],
    [960, 'firing', 'page'],
    // A JVM without a free descriptor cannot count them, and says so.
    [-1, 'firing', 'page'],
  ] as const)('of 1000 descriptors %i open: %s, %s', (open, verdict, severity) => {
    const samples = withMetrics({
      open_file_descriptor_count: open,
      max_file_descriptor_count: 1000,
    });

    const view = aView({ samples });

    expect(judge(fdExhaustion, view, 'zk2')).toMatchObject({ verdict, severity });
    expect(fdExhaustion.holdMs(view)).toBe(severity === 'page' ? 15_000 : 300_000);
  });

  it('asks the machine where the server answers nothing any more', () => {
    const view = aSurveyedView(
      { zk2: { host: aHost({ descriptors: { open: 64, max: 64 } }) } },
      { states: { zk1: 'leader', zk2: 'timeout', zk3: 'follower' } },
    );

    expect(judge(fdExhaustion, view, 'zk2')).toMatchObject({ verdict: 'firing', severity: 'page' });
  });

  it('pages before the end where they run out within the hour, and points to the client', () => {
    const fine = trendOf(40, (index) => ({
      metrics: { open_file_descriptor_count: 40 + index * 20 },
    }));
    const clients: ClientFacts = {
      atMs: nightMs,
      total: 800,
      byAddress: [{ address: '10.0.0.9', connections: 700, received: 1 }],
    };

    const view = aSurveyedView(
      { zk2: { clients } },
      {
        samples: withMetrics({ open_file_descriptor_count: 830, max_file_descriptor_count: 1000 }),
        trends: { zk2: { fine, coarse: [] } },
      },
    );

    expect(judge(fdExhaustion, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { address: '10.0.0.9', connections: 700 },
    });
  });

  it('knows nothing of a server that does not tell', () => {
    expect(judge(fdExhaustion, aView(), 'zk2').verdict).toBe('unknown');
  });
});

describe('heap-pressure', () => {
  const memory = (liveBytes: number | undefined) => ({
    atMs: nightMs,
    maxBytes: 1000,
    usedBytes: 990,
    trail: [],
    ...(liveBytes === undefined ? {} : { liveBytes }),
  });

  it.each([
    [500, 'clear', 'warn'],
    [820, 'firing', 'warn'],
    [960, 'firing', 'page'],
    [undefined, 'unknown', 'warn'],
  ] as const)('judges by what collections leave: %s of 1000', (live, verdict, severity) => {
    const view = aSurveyedView({ zk2: { memory: memory(live) } });

    expect(judge(heapPressure, view, 'zk2')).toMatchObject({ verdict, severity });
  });

  it('takes an OutOfMemoryError in the log for what it is, although the process ended with 0', () => {
    const logHints = [{ kind: 'out-of-memory', count: 1, line: 'OutOfMemoryError' }] as const;
    const view = aSurveyedView(
      { zk2: { host: aHost({ logHints }) } },
      { states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } },
    );

    expect(judge(heapPressure, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      conclusive: true,
      facts: { ended: true },
    });
  });

  it('warns a day ahead of a heap that fills steadily', () => {
    const fine = trendOf(80, (index) => ({ gauges: { [heapGauge]: 300 + index * 5 } }));
    const view = aSurveyedView(
      { zk2: { memory: memory(700) } },
      { trends: { zk2: { fine, coarse: [] } } },
    );

    expect(judge(heapPressure, view, 'zk2')).toMatchObject({ verdict: 'firing', severity: 'warn' });
  });
});

describe('connection-limit-hit', () => {
  const conf: ConfFacts = { atMs: nightMs, clientPort: 2181, maxClientCnxns: 60 };
  const clients = (connections: number): ClientFacts => ({
    atMs: nightMs,
    total: connections,
    byAddress: [{ address: '10.0.0.9', connections, received: 1 }],
  });
  const rejected = (count: number, agoMs: number): Reading =>
    aReading({ server: 'zk2', atMs: nightMs - agoMs, metrics: { connection_rejected: count } });

  it('fires while refusals are counted, and names who has the most', () => {
    const view = aSurveyedView(
      { zk2: { conf, clients: clients(60) } },
      {
        samples: withMetrics({ connection_rejected: 1189, num_alive_connections: 60 }),
        history: { zk2: [rejected(14, 60_000), rejected(600, 30_000)] },
      },
    );

    expect(judge(connectionLimitHit, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      facts: { kind: 'hit', address: '10.0.0.9', refused: 1175, max: 60 },
    });
  });

  it('leaves refusals to the descriptors where these are gone, and nobody has many connections', () => {
    const history = { zk2: [rejected(14, 60_000), rejected(600, 30_000)] };
    const full = { open_file_descriptor_count: 100, max_file_descriptor_count: 100 };
    const samples = (alive: number, more = {}) =>
      withMetrics({ connection_rejected: 1189, num_alive_connections: alive, ...more });
    const logHints = [{ kind: 'too-many-open-files', count: 4, line: 'x' }] as const;
    const few = aSurveyedView({ zk2: { conf } }, { samples: samples(4), history });
    const starved = aSurveyedView({ zk2: { conf } }, { samples: samples(60, full), history });
    const logged = aSurveyedView(
      { zk2: { conf, host: aHost({ logHints }) } },
      { samples: samples(60), history },
    );
    const limited = aSurveyedView({ zk2: { conf } }, { samples: samples(60), history });

    for (const view of [few, starved, logged])
      expect(judge(connectionLimitHit, view, 'zk2').verdict).toBe('clear');
    expect(judge(connectionLimitHit, limited, 'zk2').verdict).toBe('firing');
  });

  it('is clear of refusals that are over, and of a counter that began anew', () => {
    const over = aView({
      samples: withMetrics({ connection_rejected: 1189 }),
      history: { zk2: [rejected(1189, 30_000)] },
    });
    const anew = aView({
      samples: withMetrics({ connection_rejected: 2 }),
      history: { zk2: [rejected(1189, 30_000), rejected(2, 10_000)] },
    });

    for (const view of [over, anew])
      expect(judge(connectionLimitHit, view, 'zk2').verdict).toBe('clear');
  });

  it.each([
    [47, 60, 'clear'],
    [48, 60, 'firing'],
    [500, 0, 'clear'],
  ])('of %i connections with a limit of %i: %s', (count, maxClientCnxns, verdict) => {
    const view = aSurveyedView({
      zk2: { conf: { ...conf, maxClientCnxns }, clients: clients(count) },
    });

    expect(judge(connectionLimitHit, view, 'zk2').verdict).toBe(verdict);
  });

  it('does not take a server for dead that closes on the bot because its address has too many', () => {
    const reset = aFailure({ server: 'zk2', reason: 'reset', atMs: nightMs - 500 });
    const view = aSurveyedView(
      { zk2: { conf, clients: clients(60) } },
      {
        states: { zk1: 'leader', zk2: 'reset', zk3: 'follower' },
        history: { zk2: [reset] },
      },
    );

    expect(judge(connectionLimitHit, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { kind: 'hit' },
    });
    expect(connectionLimitHit.explains).toContainEqual({
      detector: 'member-down',
      scope: 'same-server',
    });
  });

  it('sees the refusals of a recorded server in the AdminServer, while even ruok is refused', () => {
    const folder = join(import.meta.dirname, '../../fixtures/zookeeper/3.8.0/max-client-cnxns');
    const text = readFileSync(join(folder, 's1.admin-monitor.json'), 'utf8');
    const answer = parseMonitor(text)!;

    const view = aView({
      samples: withMetrics({ connection_rejected: answer.metrics['connection_rejected']! }),
      history: { zk2: [rejected(0, 30_000)] },
    });

    expect(judge(connectionLimitHit, view, 'zk2')).toMatchObject({
      verdict: 'firing',
      facts: { refused: 14 },
    });
  });
});

describe('session-concentration', () => {
  const clients = (...counts: readonly (readonly [string, number])[]): ClientFacts => ({
    atMs: nightMs,
    total: counts.reduce((sum, [, connections]) => sum + connections, 0),
    byAddress: counts.map(([address, connections]) => ({ address, connections, received: 1 })),
  });

  it('adds up what one address has on all servers', () => {
    const view = aSurveyedView({
      zk1: { clients: clients(['10.0.0.9', 30], ['10.0.0.1', 10]) },
      zk2: { clients: clients(['10.0.0.9', 30], ['10.0.0.2', 15]) },
    });

    expect(judge(sessionConcentration, view)).toMatchObject({
      verdict: 'firing',
      facts: { address: '10.0.0.9', connections: 60, total: 85 },
    });
  });

  it('is clear of a small ensemble with one client', () => {
    const view = aSurveyedView({ zk1: { clients: clients(['10.0.0.9', 20]) } });

    expect(judge(sessionConcentration, view).verdict).toBe('clear');
    expect(judge(sessionConcentration, aView()).verdict).toBe('unknown');
  });
});

describe('unpurged-snapshots', () => {
  it.each([
    [11, {}, 'firing'],
    [10, {}, 'clear'],
    [11, { 'autopurge.purgeInterval': '24' }, 'clear'],
    [14, { 'autopurge.purgeInterval': '24' }, 'firing'],
    [14, { 'autopurge.purgeInterval': '24', 'autopurge.snapRetainCount': '5' }, 'clear'],
  ])('judges %i snapshots with %o', (count, settings, verdict) => {
    const view = aSurveyedView({ zk2: { host: aHost({ snapshots: { count }, settings }) } });

    expect(judge(unpurgedSnapshots, view, 'zk2').verdict).toBe(verdict);
  });
});

describe('snapshot-too-big-to-sync', () => {
  it.each([
    [200 * mib, 'clear'],
    [2 * gib, 'firing'],
  ])('judges %i bytes by initLimit', (newestBytes, verdict) => {
    const host = aHost({ snapshots: { count: 3, newestBytes } });
    const view = aSurveyedView({ zk2: { host } });

    expect(judge(snapshotTooBigToSync, view, 'zk2').verdict).toBe(verdict);
  });

  it('takes the data for the snapshot where the machine is not looked at', () => {
    const view = aView({ samples: withMetrics({ approximate_data_size: 2 * gib }) });

    expect(judge(snapshotTooBigToSync, view, 'zk2').verdict).toBe('firing');
    expect(judge(snapshotTooBigToSync, aView(), 'zk2').verdict).toBe('unknown');
  });
});

describe('quota-exceeded', () => {
  // What mntr of 3.8.0 printed after `setquota -n 2 /app`, with four nodes there.
  const printed = {
    app_quota_bytes_limit_per_namespace: -1,
    app_quota_count_usage_per_namespace: 4,
    app_quota_count_limit_per_namespace: 2,
    app_quota_bytes_usage_per_namespace: 4,
  };

  it.each([
    ['more than a soft quota', {}, 'firing'],
    ['just what is allowed', { app_quota_count_usage_per_namespace: 2 }, 'clear'],
    [
      'a hard quota that has refused writes',
      { app_quota_count_usage_per_namespace: 2, app_quota_exceeded_error_per_namespace: 3 },
      'firing',
    ],
    ['no limit', { app_quota_count_limit_per_namespace: -1 }, 'clear'],
  ])('judges %s', (_, change, verdict) => {
    const view = aView({ samples: withMetrics({ ...printed, ...change }) });

    const finding = judge(quotaExceeded, view);

    expect(finding.verdict).toBe(verdict);
    expect(finding.facts['paths'] ?? []).toEqual(verdict === 'firing' ? ['/app'] : []);
  });

  it('is clear where no quota is set', () => {
    expect(judge(quotaExceeded, aView()).verdict).toBe('clear');
  });
});

describe('node-too-big', () => {
  const hint = (line: string) => aHost({ logHints: [{ kind: 'len-error', count: 3, line }] });

  it('believes the log, and no HTTP probe', () => {
    const real = aSurveyedView({ zk2: { host: hint('Len error 1249000') } });
    const probe = aSurveyedView({ zk2: { host: hint('Len error 1195725856') } });
    const quiet = aSurveyedView({ zk2: { host: aHost() } });

    expect(judge(nodeTooBig, real, 'zk2').verdict).toBe('firing');
    expect(judge(nodeTooBig, probe, 'zk2').verdict).toBe('clear');
    expect(judge(nodeTooBig, quiet, 'zk2').verdict).toBe('clear');
  });

  it('knows nothing without the log', () => {
    const { logFile: _, ...host } = aHost();

    expect(judge(nodeTooBig, aSurveyedView({ zk2: { host } }), 'zk2').verdict).toBe('unknown');
  });
});
