import { describe, expect, it } from 'vitest';
import type { Alarm, GuardView, RecoveryAction } from '../../../src/model/recovery-action.ts';
import { refuse } from '../../../src/model/refusal.ts';
import { refusalText } from '../../../src/rules/card/words/refusal-text.ts';
import { words } from '../../../src/rules/card/words/words.ts';
import { moveLeader } from '../../../src/rules/guard/move-leader.ts';
import { restartServer } from '../../../src/rules/guard/restart-server.ts';
import { restartInTurn } from '../../../src/rules/guard/rolling-restart.ts';
import {
  anEnsemble,
  anEnsembleSettings,
  aServer,
  aView,
  nightMs,
  type State,
} from '../../support/builders.ts';

const serving = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function ask(
  alarms: readonly Alarm[],
  states: Readonly<Record<string, State>> = serving,
  action: RecoveryAction = restartServer,
  change: Partial<GuardView> = {},
) {
  const ensemble = anEnsemble({ voters: 3 });
  return action.guard(
    {
      ensemble,
      view: aView({ ensemble, states }),
      server: aServer({ id: 'zk2' }),
      settings: anEnsembleSettings(),
      running: undefined,
      recent: [],
      alarms,
      ...change,
    },
    nightMs,
  );
}

const hung = { ...serving, zk2: 'timeout' } as const;
const down = { ...serving, zk2: 'refused' } as const;
const about = (detector: string, change: Partial<Alarm> = {}): Alarm => ({
  detector,
  server: 'zk2',
  ...change,
});

/** Causes that a restart of zk2 does not take away: the alarm, how zk2 looks, and the same where it would help after all. */
const causes: readonly (readonly [
  why: string,
  alarm: Alarm,
  states: Readonly<Record<string, State>>,
  otherwise: readonly [Alarm, Readonly<Record<string, State>>],
])[] = [
  [
    'disk-full',
    about('disk-full-now', { facts: { path: '/data' } }),
    down,
    [about('disk-full-eta'), down],
  ],
  [
    'bot-cut-off',
    about('bot-partitioned', { facts: { servers: ['zk2'] } }),
    { ...serving, zk2: 'cut' },
    [about('bot-partitioned', { facts: { servers: ['zk3'] } }), hung],
  ],
  [
    'unreachable',
    about('member-unreachable'),
    { ...serving, zk2: 'unreachable' },
    [about('member-unreachable', { server: 'zk3' }), hung],
  ],
  [
    'network-split',
    { detector: 'peer-mesh-broken', facts: { pairs: ['zk2 – zk3'] } },
    serving,
    [{ detector: 'peer-mesh-broken', facts: { pairs: ['zk1 – zk3'] } }, serving],
  ],
  [
    'certificate',
    about('tls-cert-expiry', { facts: { port: 2281, notAfterMs: nightMs - 1 } }),
    hung,
    [about('tls-cert-expiry', { facts: { port: 2281, notAfterMs: nightMs + 1 } }), hung],
  ],
  [
    'out-of-memory',
    about('heap-pressure', { severity: 'page', facts: { percent: 97 } }),
    hung,
    [about('heap-pressure', { severity: 'warn', facts: { percent: 85 } }), hung],
  ],
  [
    'overload',
    { detector: 'overload', facts: { servers: ['zk1', 'zk2'], address: '10.0.0.9' } },
    serving,
    [{ detector: 'overload', facts: { servers: ['zk1'] } }, serving],
  ],
  ['wrong-data', about('digest-mismatch'), serving, [about('latency-high'), serving]],
];

describe('a restart', () => {
  it.each(causes)('is refused where it would not help: %s', (why, alarm, states, otherwise) => {
    expect(ask([alarm], states)).toMatchObject({
      kind: 'deny',
      code: 'would-not-help',
      facts: { why, server: 'zk2', voters: 3 },
    });
    expect(ask([otherwise[0]], otherwise[1]).kind).toBe('allow');
  });

  it.each(causes)(
    'is refused with what would help, in both languages: %s',
    (why, alarm, states) => {
      const verdict = ask([alarm], states);
      if (verdict.kind !== 'deny') throw new Error('not denied');
      const [en, zh] = (['en', 'zh-CN'] as const).map((language) =>
        refusalText(words(language), refuse(verdict.code, verdict.facts)),
      );

      expect(en?.text).toContain('zk2');
      expect(en?.text).not.toContain('quorum');
      expect(en?.next).not.toBe('Look at the network between the servers and at their logs.');
      expect(zh?.next).toMatch(/^请/u);
      expect([why, en?.text, en?.next, zh?.text].join(' ')).not.toMatch(/undefined|NaN/u);
    },
  );

  it.each([
    about('tls-cert-expiry', { facts: { notAfterMs: 1 } }),
    about('heap-pressure', { severity: 'page' }),
    about('digest-mismatch'),
    { detector: 'two-leaders' },
    about('disk-full-now', { server: 'zk3' }),
  ])(
    'of a server that is gone is a start, which nothing but its own full disk forbids: %o',
    (alarm) => {
      expect(ask([alarm], down).kind).toBe('allow');
    },
  );

  it('says that another recovery runs before anything else', () => {
    const verdict = ask([about('disk-full-now')], down, restartServer, { running: 'r-4' });

    expect(verdict).toMatchObject({ code: 'recovery-running' });
  });
});

describe('a doubt about data', () => {
  const alarms: readonly (readonly [Alarm, string])[] = [
    [about('digest-mismatch', { server: 'zk3' }), 'digest-mismatch (zk3)'],
    [{ detector: 'zxid-regression' }, 'zxid-regression'],
    [{ detector: 'two-leaders' }, 'two-leaders'],
    [about('membership-drift', { server: 'zk3' }), 'membership-drift (zk3)'],
    [about('disk-full-now', { server: 'zk3' }), 'disk-full-now (zk3)'],
  ];

  it.each(
    alarms.flatMap(([alarm, name]) =>
      [restartServer, restartInTurn, moveLeader].map((action) => [name, action, alarm] as const),
    ),
  )('%s keeps servers from being taken down', (name, action, alarm) => {
    expect(ask([alarm], serving, action)).toMatchObject({
      kind: 'deny',
      code: 'data-alarm',
      facts: { alarms: [name], server: 'zk2' },
    });
  });

  it('does not keep the server from its restart whose list of members was corrected', () => {
    expect(ask([about('membership-drift')]).kind).toBe('allow');
  });

  it('is not what other faults are', () => {
    expect(ask([{ detector: 'latency-high' }, about('version-skew', { server: 'zk3' })]).kind).toBe(
      'allow',
    );
  });

  it('lets a changed configuration be taken in by a rolling restart', () => {
    const heap = about('heap-pressure', { severity: 'page' });

    expect(ask([heap], serving, restartInTurn).kind).toBe('allow');
  });
});
