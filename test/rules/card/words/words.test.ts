import { describe, expect, it } from 'vitest';

import type { Facts } from '../../../../src/model/finding.ts';
import type { Language } from '../../../../src/model/person.ts';
import type { FaultName } from '../../../../src/rules/card/words/detectors/en.ts';
import { faultWords } from '../../../../src/rules/card/words/faults.ts';
import { words } from '../../../../src/rules/card/words/words.ts';

const languages: readonly Language[] = ['en', 'zh-CN'];
const subject = { ensemble: 'orders', server: 'zk2' };
const counts = { voters: 3, serving: 2, quorum: 2, missing: ['zk2'] };

/** Facts as the detectors write them, one set per fault. */
const facts: Readonly<Record<FaultName, Facts>> = {
  'member-down': { ...counts, role: 'voter', reason: 'refused', led: true },
  'member-hung': { ...counts, role: 'voter', led: false, silentMs: 12_000 },
  'member-not-serving': { ...counts, role: 'voter', others: [] },
  'member-restarted': { ...counts, serving: 3, role: 'voter', uptimeMs: 800, blinkMs: 600 },
  'quorum-lost': {
    ...counts,
    serving: 1,
    need: 1,
    down: ['zk2'],
    hung: ['zk3'],
    notServing: [],
    unreachable: [],
  },
  electing: { ...counts, serving: 0, lastLeader: 'zk3', lastLeaderState: 'refused' },
  'quorum-at-risk': { ...counts, synced: 2 },
  'latency-high': { ...counts, kind: 'write', latencyMs: 240, limitMs: 100 },
  'probe-degraded': {
    ...counts,
    servers: ['zk1', 'zk2'],
    words: ['mntr', 'conf'],
    source: 'admin',
    line: '4lw.commands.whitelist=mntr,srvr,conf',
  },
  'digest-mismatch': { ...counts, count: 546, zxid: '', undecided: false },
  'zxid-regression': {
    ...counts,
    leader: 'zk1',
    zxid: '0x100000002',
    before: '0x100000005',
    seenOn: 'zk3',
    restarted: ['zk1', 'zk2'],
  },
  'znode-count-divergence': {
    ...counts,
    nodes: 11,
    othersNodes: 10,
    bytes: 900,
    othersBytes: 800,
    zxid: '0x5',
  },
  'epoch-mismatch': { ...counts, epoch: 3, leaderEpoch: 4, leader: 'zk1' },
  'membership-drift': {
    ...counts,
    listed: 5,
    expected: 3,
    otherSet: true,
    source: 'file',
    differences: ['server.4 is too much'],
  },
  'myid-mismatch': { ...counts, number: 3, expected: 2, twin: 'zk3', source: 'myid' },
  'config-param-drift': { ...counts, settings: ['tickTime', '-Xmx'] },
  'version-skew': { ...counts, versions: ['3.8.0', '3.9.3'], youngestMs: 90_000_000 },
  'clock-skew': { ...counts, skewMs: -3_600_000, errorMs: 12, limitMs: 30_000 },
  'tls-cert-expiry': { ...counts, port: 2281, leftMs: 86_400_000, notAfterMs: 0, subject: 'CN=zk' },
  'tls-handshake-failures': { ...counts, failures: 31, address: '10.0.0.9' },
  'auth-failures': { ...counts, perMinute: 40, address: '10.0.0.9' },
  'admin-surface-exposed': { ...counts, doors: ['snapshot', 'words'], port: 8080 },
  'disk-full-now': {
    ...counts,
    disk: 'dataLogDir',
    path: '/log',
    mount: '/log',
    freeBytes: 1_048_576,
    totalBytes: 1_073_741_824,
    limitBytes: 53_687_091,
    snapshotBytes: 50_000_000,
    logBytes: 900_000_000,
    cause: 'bytes',
    server: 'zk2',
  },
  'disk-full-eta': {
    ...counts,
    disk: 'dataDir',
    path: '/data',
    mount: '/',
    freeBytes: 5_000_000_000,
    totalBytes: 50_000_000_000,
    etaMs: 18_000_000,
    confidence: 'likely',
    bytesPerHour: 1_000_000_000,
  },
  'fd-exhaustion': {
    ...counts,
    open: 3900,
    max: 4096,
    percent: 95,
    etaMs: 600_000,
    address: '10.0.0.9',
    connections: 3800,
  },
  'heap-pressure': {
    ...counts,
    liveBytes: 900_000_000,
    maxBytes: 1_000_000_000,
    percent: 90,
    etaMs: 7_200_000,
    ended: false,
  },
  'connection-limit-hit': {
    ...counts,
    kind: 'hit',
    address: '10.0.0.9',
    connections: 60,
    max: 60,
    refused: 14,
  },
  'session-concentration': {
    ...counts,
    address: '10.0.0.9',
    connections: 90,
    total: 120,
    percent: 75,
  },
  'unpurged-snapshots': {
    ...counts,
    count: 25,
    logs: 25,
    bytes: 2_000_000_000,
    isOff: true,
    retain: 3,
  },
  'snapshot-too-big-to-sync': {
    ...counts,
    bytes: 4_000_000_000,
    needMs: 40_000,
    initMs: 20_000,
    initLimit: 10,
  },
  'quota-exceeded': { ...counts, paths: ['/app'] },
  'node-too-big': { ...counts, count: 4, address: '10.0.0.9' },
  'ephemeral-flapping': {
    ...counts,
    paths: ['/services/pay/a'],
    count: 1,
    times: 4,
    owner: '0x1000a',
    addresses: ['10.0.0.9'],
    at: 'zk1',
    windowMs: 600_000,
  },
  'jvm-pause': { ...counts, percent: 12, longestMs: 1800, limitMs: 1333, led: true },
  'fsync-slow': { ...counts, syncMs: 800, limitMs: 100, warned: 0, stalls: false },
  'latency-degraded': {
    ...counts,
    servers: ['zk2'],
    kind: 'write',
    latencyMs: 60,
    usualMs: 12.5,
    stage: 'quorum_ack_latency',
  },
  overload: {
    ...counts,
    servers: ['zk1', 'zk2'],
    worst: 'zk1',
    waiting: 503,
    limit: 450,
    throttled: true,
    address: '10.0.0.9',
  },
  'pending-syncs': { ...counts, server: 'zk1', waiting: 14, limit: 10 },
  'session-expiry-storm': {
    ...counts,
    expired: 25,
    sessions: 40,
    sessionsNow: 15,
    ephemerals: 50,
    server: 'zk2',
    address: '10.0.0.7',
  },
  'write-rate-anomaly': { ...counts, perSecond: 900, usual: 110, days: 9 },
  'connection-imbalance': {
    ...counts,
    server: 'zk1',
    connections: 240,
    total: 300,
    mean: 100,
    emptiest: 'zk3',
  },
  'watch-leak': {
    ...counts,
    server: 'zk1',
    servers: ['zk1'],
    watches: 20_000,
    total: 31_000,
    limit: 10_000,
    percentPerDay: 0,
    session: '0x100a',
    address: '10.0.0.7',
  },
  'znode-growth': {
    ...counts,
    znodes: 812_000,
    limit: 1_000_000,
    etaMs: 400_000_000,
    confidence: 'likely',
    perDay: 40_000,
  },
  'data-size': { ...counts, bytes: 1_300_000_000, limitBytes: 1_073_741_824, znodes: 90_000 },
  'zxid-rollover-eta': {
    ...counts,
    etaMs: 500_000_000,
    left: 500_000_000,
    perSecond: 1000,
    server: 'zk1',
  },
  'snapshot-sync-storm': { ...counts, snapshots: 4, server: 'zk1', servers: ['zk3'] },
  'rolling-restart': { ...counts, servers: 4, done: ['zk1', 'zk3'], now: 'zk2' },
  'leader-unresponsive': { ...counts, role: 'voter', led: true, silentMs: 1200, successor: '' },
  'member-unreachable': { ...counts, role: 'voter', others: [], reason: 'timeout', led: false },
  'member-accept-starved': {
    ...counts,
    role: 'voter',
    led: false,
    silentMs: 14_000,
    openFiles: 64,
    maxFiles: 65,
  },
  'member-rejoin-loop': { ...counts, role: 'voter', led: true },
  'member-crash-loop': {
    ...counts,
    role: 'voter',
    led: false,
    starts: 3,
    windowMs: 600_000,
    exitCode: 10,
  },
  'read-only-mode': { ...counts, role: 'voter', led: false },
  'standalone-in-ensemble': { ...counts, role: 'voter', others: 2 },
  'observer-down': { ...counts, role: 'observer', lost: 1 },
  'stale-leader': { ...counts, role: 'voter', led: true, synced: 1, successor: 'zk3' },
  'two-leaders': { ...counts, leaders: ['zk1', 'zk2'], effective: ['zk1'] },
  'election-churn': { ...counts, changes: 3, windowMs: 900_000, leaders: ['zk1', 'zk2'] },
  'slow-election': { ...counts, looking: ['zk1', 'zk2'], electionMs: 12_000, lastLeader: 'zk3' },
  'unsynced-follower': {
    ...counts,
    role: 'voter',
    synced: 2,
    peerState: 'following - synchronization',
  },
  'follower-link-slow': {
    ...counts,
    role: 'voter',
    ofAll: false,
    leader: 'zk1',
    queueMs: 2620,
    ackMs: 4,
    queued: 17_965,
    lateMs: 0,
  },
  'follower-lag': { ...counts, role: 'voter', lag: 4000, lagLimit: 1000 },
  'bot-partitioned': { ...counts, servers: ['zk2'], all: false },
  'canary-failed': { ...counts, leader: 'zk1' },
  'peer-mesh-broken': { ...counts, pairs: ['zk1 – zk2'] },
  'detector-failed': { detector: 'latency-high' },
  'config-broken': { file: 'nightkeeper.yaml', count: 3 },
  'self-test': { day: '2026-09-20', ensembles: 3, servers: 9 },
  recovery: { recovery: 'r-12', action: 'restart-server', name: 'Ann', reason: 'new heap' },
  silence: {
    silence: 3,
    scope: 'orders/zk2',
    untilMs: 1,
    name: 'Ann',
    reason: 'new disk',
    window: '',
  },
  'redis-at-risk': { count: 2, codes: ['redis-append-only', 'redis-eviction'] },
  'quota-short': { channel: 'dingtalk', what: 'calls', percent: 80, max: 5000, month: '2026-11' },
  'channel-broken': { destination: 'ops', channel: 'slack', refused: true, limited: false },
  'chat-down': { chat: 'slack', reason: 'token_revoked', refused: true },
  'backup-overdue': { ensemble: 'orders', lastMs: 1_794_000_000_000, why: 'no space left' },
  'calendar-broken': { schedules: ['orders'], readMs: 1_794_000_000_000 },
};

/** Every text of a value, functions called with `args`. */
function textsOf(value: unknown, args: readonly unknown[]): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return textsOf(value(...args), args);
  if (typeof value === 'object' && value !== null)
    return Object.values(value).flatMap((each) => textsOf(each, args));
  return [];
}

describe.each(languages)('the words in %s', (language) => {
  it.each(Object.keys(facts) as FaultName[])('say every line of %s', (name) => {
    const fault = faultWords(words(language), name);

    const lines = [
      fault.title(subject, facts[name]),
      fault.meaning(facts[name]),
      fault.advice(facts[name], subject),
      fault.symptom(subject, facts[name]),
      fault.over(subject, facts[name], 12_000),
    ];

    for (const line of lines) {
      expect(line.length).toBeGreaterThan(3);
      expect(line).not.toMatch(/undefined|NaN|\[object|-1/u);
    }
  });

  it.each<[FaultName, Facts]>([
    ['member-down', { role: 'observer', reason: 'reset' }],
    ['member-down', { serving: 1, led: true }],
    ['member-restarted', { blinkMs: -1, uptimeMs: 4000 }],
    ['quorum-lost', { need: 0, notServing: ['zk1'], unreachable: ['zk3'] }],
    ['quorum-lost', { need: 2 }],
    ['electing', { lastLeader: '' }],
    ['electing', { lastLeaderState: 'odd' }],
    ['quorum-at-risk', { voters: 4, missing: [] }],
    ['latency-high', { kind: 'odd' }],
    ['leader-unresponsive', { successor: 'zk3' }],
    ['leader-unresponsive', { successor: 'zk3', serving: 3 }],
    ['member-unreachable', { reason: 'unresolved' }],
    ['member-unreachable', { reason: 'unreachable' }],
    ['member-unreachable', { others: ['zk3'] }],
    ['member-not-serving', { others: ['zk3'] }],
    ['member-accept-starved', { openFiles: -1, maxFiles: -1 }],
    ['member-crash-loop', { exitCode: -1 }],
    ['stale-leader', { successor: '' }],
    ['two-leaders', { effective: ['zk1', 'zk2'] }],
    ['slow-election', { looking: [] }],
    ['unsynced-follower', { peerState: '' }],
    ['follower-link-slow', { ofAll: true }],
    ['follower-link-slow', { ackMs: 4000 }],
    ['follower-link-slow', { lateMs: 4000 }],
    ['bot-partitioned', { all: true }],
    ['canary-failed', { leader: '' }],
    ['probe-degraded', { source: 'none', words: [], line: '' }],
    ['probe-degraded', { source: 'srvr', words: [] }],
    ['probe-degraded', { source: 'mntr', words: ['conf'] }],
    ['probe-degraded', { servers: ['zk2'] }],
    ['detector-failed', { detector: '' }],
    ['config-broken', { file: '', count: 0 }],
    ['config-broken', { count: 1 }],
    ['redis-at-risk', { count: 1, codes: ['redis-eviction'] }],
    ['node-too-big', { path: '/a', bytes: 700_000, limitBytes: 1_048_575, percent: 67 }],
    ['node-too-big', { address: '', suspect: '/a' }],
    ['ephemeral-flapping', { addresses: [] }],
    ['ephemeral-flapping', { count: 4 }],
    ['znode-growth', { path: '/a/b', pathZnodes: 900, pathPerDay: 10 }],
    ['znode-growth', { path: '/a/b', pathZnodes: 900, pathPerDay: 0 }],
    ['data-size', { path: '/a/b', pathBytes: 9_000_000, largest: '/a/b/c' }],
    ['tls-cert-expiry', { use: 'servers' }],
    ['tls-cert-expiry', { use: 'admins' }],
    ['quota-short', { percent: 100 }],
    ['quota-short', { what: 'messages' }],
    ['channel-broken', { refused: false }],
    ['channel-broken', { refused: false, limited: true }],
    ['channel-broken', { channel: '' }],
    ['chat-down', { refused: false }],
    ['chat-down', { chat: 'dingtalk' }],
  ])('say something else of %s with %j', (name, change) => {
    const fault = faultWords(words(language), name);
    const say = (these: Facts): string =>
      [
        fault.title(subject, these),
        fault.meaning(these),
        fault.advice(these, subject),
        fault.symptom(subject, these),
      ].join('\n');

    const other = say({ ...facts[name], ...change });

    expect(other).not.toBe(say(facts[name]));
    expect(other).not.toMatch(/undefined|NaN|\[object|-1/u);
  });

  it('gives every refusal a text and a next step, with facts and without', () => {
    const { codes } = words(language).refusals;
    const full: Facts = { ...counts, ensemble: 'orders', server: 'zk2', incident: 12, atMs: 1 };

    for (const text of Object.values(codes)) {
      for (const line of [...textsOf(text({}), []), ...textsOf(text(full), [])]) {
        expect(line.length).toBeGreaterThan(3);
        expect(line).not.toMatch(/undefined|NaN|\[object/u);
      }
    }
  });
});

describe('the English words', () => {
  const all = words('en');
  const title = (name: FaultName, change: Facts = {}): string =>
    faultWords(all, name).title(subject, { ...facts[name], ...change });

  it('say in the title of a fault what still serves and how much is left', () => {
    expect(title('quorum-lost')).toBe('orders: quorum lost — 1 of 3 voters serving');
    expect(title('member-down')).toBe(
      'orders/zk2: down — connection refused, 2 of 3 voters serving, one more failure stops writes',
    );
    expect(title('member-down', { voters: 5, serving: 4, quorum: 3 })).toBe(
      'orders/zk2: down — connection refused, 4 of 5 voters serving',
    );
    expect(title('member-down', { serving: 1 })).toContain('writes are stopped');
    expect(title('member-down', { voters: 1, serving: 1, quorum: 1 })).toMatch(/1 voter serving$/u);
    expect(title('member-restarted')).toBe('orders/zk2: restarted, was away 0.6 s');
    expect(title('member-restarted', { blinkMs: -1, uptimeMs: -1 })).toBe('orders/zk2: restarted');
  });

  it('do not promise writes while a lost leader has no successor', () => {
    const meaning = (led: boolean): string =>
      faultWords(all, 'member-hung').meaning({ ...facts['member-hung'], led });

    expect(meaning(true)).toContain('writes pause until the others have elected another');
    expect(meaning(true)).not.toContain('Writes go on');
    expect(meaning(false)).toContain('Writes go on');
  });

  it('name an election under way as what it is, and none where nobody is left to elect', () => {
    const meaning = (change: Facts): string =>
      faultWords(all, 'member-down').meaning({ ...facts['member-down'], serving: 0, ...change });

    expect(meaning({ led: true })).toContain('It was the leader: writes pause until the others');
    expect(meaning({ led: false })).toContain('Fewer than 2 voters serve');
    expect(meaning({ led: true, voters: 1, quorum: 1 })).toContain('writes are stopped');
  });

  it('write a latency to the millisecond, and seconds as seconds', () => {
    expect(title('latency-high')).toContain('writes slow — 240 ms on average, limit 100 ms');
    expect(title('latency-high', { latencyMs: 1540 })).toContain('1.5 s on average');
  });

  it('name a fault of a newer version by its name, also one called like a property of every object', () => {
    expect(faultWords(all, 'disk-full').title(subject, {})).toBe('orders/zk2: disk-full');
    expect(faultWords(all, 'constructor').title(subject, {})).toBe('orders/zk2: constructor');
  });

  it.each([
    [0, '0 ms'],
    [13, '13 ms'],
    [600, '0.6 s'],
    [3000, '3 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [180_000, '3 min'],
    [3_599_900, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-5, '0 ms'],
  ])('write %i ms as %s', (ms, text) => {
    expect(all.common.duration(ms)).toBe(text);
  });

  it('write a moment in UTC', () => {
    expect(all.common.time(Date.UTC(2026, 10, 21, 3, 12))).toBe('21 Nov 03:12 UTC');
    expect(words('zh-CN').common.time(Date.UTC(2026, 10, 21, 0, 5))).toBe('11月21日 00:05 UTC');
  });

  it('cut a long list and count what is left out', () => {
    const names = Array.from({ length: 10 }, (_, index) => `zk${index + 1}`);

    expect(all.common.list(names)).toBe('zk1, zk2, zk3, zk4, zk5, zk6, zk7, … 3 more');
    expect(words('zh-CN').common.list(names)).toContain('… 还有 3 项');
  });
});

describe('the Chinese words', () => {
  it('keep full-width punctuation between Chinese characters', () => {
    const all = words('zh-CN');
    const lines = [
      ...Object.values(all.refusals.codes).flatMap((code) => textsOf(code({}), [])),
      ...(Object.keys(facts) as FaultName[]).flatMap((name) => [
        all.detectors.faults[name].title(subject, facts[name]),
        all.detectors.faults[name].meaning(facts[name]),
        all.detectors.faults[name].advice(facts[name], subject),
      ]),
      ...textsOf(all.common.states, []),
    ];

    for (const line of lines) expect(line).not.toMatch(/[\u4e00-\u9fff][,:;?][\u4e00-\u9fff]/u);
  });
});
