import { describe, expect, it } from 'vitest';
import { memberDown } from '../../../src/rules/detect/member-down.ts';
import { memberHung } from '../../../src/rules/detect/member-hung.ts';
import { memberNotServing } from '../../../src/rules/detect/member-not-serving.ts';
import {
  aFailure,
  aNotice,
  anEnsemble,
  aReading,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';
import { earlier, judge } from './judge.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;
const oddStates: readonly State[] = [
  'unreachable',
  'unresolved',
  'not-allowed',
  'garbled',
  'tls',
  'cut',
  'read-only',
  'standalone',
];

describe('member-down', () => {
  it('fires beyond doubt when the connection is refused', () => {
    const finding = judge(memberDown, aView({ states: { ...well, zk2: 'refused' } }), 'zk2');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      facts: {
        voters: 3,
        serving: 2,
        quorum: 2,
        missing: ['zk2'],
        role: 'voter',
        reason: 'refused',
        led: false,
      },
      evidence: ['zk2: zk2 refused'],
    });
  });

  it('is clear only for a server that serves', () => {
    const view = aView({ states: well });

    expect(['zk1', 'zk2', 'zk3'].map((id) => judge(memberDown, view, id).verdict)).toEqual([
      'clear',
      'clear',
      'clear',
    ]);
  });

  it.each([...oddStates, 'not-serving', 'reset', 'timeout'] as const)(
    'does not know of a server that is %s',
    (state) => {
      const view = aView({ states: { ...well, zk2: state } });

      expect(judge(memberDown, view, 'zk2').verdict).toBe('unknown');
    },
  );

  it('takes a connection closed without an answer for a change of role once, and doubts the server the second time', () => {
    const states = { zk1: 'leader', zk2: 'reset', zk3: 'follower' } as const;
    const history = earlier('zk2', [-500, 'follower'], [-250, 'reset']);

    const finding = judge(memberDown, aView({ states, history }), 'zk2');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      facts: { reason: 'reset' },
    });
  });

  it('believes the leader that still counts a server in sync when it closes the connections of the bot', () => {
    const leader = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: 2 } });
    const samples = { ...samplesOf({ ...well, zk2: 'reset' }), zk1: leader };
    const history = earlier('zk2', [-500, 'reset'], [-250, 'reset']);

    expect(judge(memberDown, aView({ samples, history }), 'zk2').verdict).toBe('unknown');
  });

  it.each([
    ['three', 3, 'page'],
    ['five', 5, 'warn'],
  ] as const)('of one among %s voters is a %s matter of margin', (_, voters, severity) => {
    const ensemble = anEnsemble({ voters });
    const states = Object.fromEntries(
      ensemble.servers.map(({ id }) => [
        id,
        id === 'zk2' ? ('refused' as const) : ('follower' as const),
      ]),
    );

    expect(judge(memberDown, aView({ ensemble, states }), 'zk2').severity).toBe(severity);
  });

  it('stays a warning during an election that leaves enough voters', () => {
    const states = {
      zk1: 'refused',
      zk2: 'not-serving',
      zk3: 'not-serving',
      zk4: 'not-serving',
      zk5: 'not-serving',
    } as const;

    const view = aView({ ensemble: anEnsemble({ voters: 5 }), states });

    expect(judge(memberDown, view, 'zk1').severity).toBe('warn');
  });

  it('stays a warning for an observer', () => {
    const view = aView({
      ensemble: anEnsemble({ voters: 3, observers: 1 }),
      states: { ...well, zk3: 'refused', zk4: 'refused' },
    });

    expect(judge(memberDown, view, 'zk4')).toMatchObject({
      severity: 'warn',
      facts: { role: 'observer' },
    });
  });

  it.each([
    ['as the memory has it', { lastLeader: { server: 'zk2', atMs: nightMs } }],
    ['as it said itself', { history: earlier('zk2', [-250, 'leader']) }],
  ])('knows that the server led, %s', (_, what) => {
    const view = aView({ states: { ...well, zk2: 'refused' }, ...what });

    expect(judge(memberDown, view, 'zk2').facts['led']).toBe(true);
  });

  it('shows what the sensors noticed of the server', () => {
    const notices = [
      aNotice({ server: 'zk2', detail: 'closed' }),
      aNotice({ server: 'zk3' }),
      { kind: 'canary', atMs: nightMs, detail: 'failed' } as const,
    ];

    const view = aView({ states: { ...well, zk2: 'refused' }, notices });

    expect(judge(memberDown, view, 'zk2').evidence).toEqual([
      'zk2: zk2 refused',
      'zk2 broken: closed',
    ]);
  });

  it('pages after a minute, or after what a person wants', () => {
    expect(memberDown.holdMs(aView())).toBe(60_000);
    expect(memberDown.holdMs(aView({ thresholds: { 'member-down': { holdMs: 5 } } }))).toBe(5);
    expect(memberDown.holdMs(aView({ thresholds: { 'member-down': { other: 5 } } }))).toBe(60_000);
  });
});

describe('member-hung', () => {
  const silent = { ...well, zk2: 'timeout' } as const;
  const word = [aNotice({ kind: 'silent', server: 'zk2' })];

  it('fires when the sensor and the probe both go unanswered', () => {
    const finding = judge(memberHung, aView({ states: silent, notices: word }), 'zk2');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'page',
      facts: { role: 'voter', led: false, silentMs: 1, missing: ['zk2'] },
    });
  });

  it.each([
    ['one look', [], 'unknown'],
    ['two looks too close together', [[-999, 'timeout']], 'unknown'],
    ['two looks a second apart', [[-1000, 'timeout']], 'firing'],
    [
      'two looks with an answer between them',
      [
        [-2000, 'timeout'],
        [-1000, 'follower'],
      ],
      'unknown',
    ],
    ['a silence that began with a cut', [[-1000, 'cut']], 'unknown'],
  ] as const)('after %s without a sensor: %o is %s', (_, looks, verdict) => {
    const view = aView({ states: silent, history: earlier('zk2', ...looks) });

    expect(judge(memberHung, view, 'zk2').verdict).toBe(verdict);
  });

  it('is not fooled by the word of a sensor about another server', () => {
    const notices = [aNotice({ kind: 'silent', server: 'zk3' })];

    expect(judge(memberHung, aView({ states: silent, notices }), 'zk2').verdict).toBe('unknown');
  });

  it('is clear when the server answers after all', () => {
    expect(judge(memberHung, aView({ notices: word }), 'zk2').verdict).toBe('clear');
  });

  it.each([...oddStates, 'refused', 'reset', 'not-serving'] as const)(
    'does not know of a server that is %s',
    (state) => {
      const view = aView({ states: { ...well, zk2: state }, notices: word });

      expect(judge(memberHung, view, 'zk2').verdict).toBe('unknown');
    },
  );

  it('goes on when later connections time out as well: the backlog is full', () => {
    const history = earlier('zk2', [-3000, 'timeout'], [-1500, 'timeout']);

    const view = aView({ states: { ...well, zk2: 'cut' }, history });

    expect(judge(memberHung, view, 'zk2').verdict).toBe('firing');
  });

  it('is unknown when connections to all servers time out: that is the path of the bot', () => {
    const history = earlier('zk2', [-3000, 'timeout'], [-1500, 'timeout']);
    const states = { zk1: 'cut', zk2: 'cut', zk3: 'cut' } as const;

    expect(judge(memberHung, aView({ states, history }), 'zk2').verdict).toBe('unknown');
  });

  it('counts the silence from the first probe that went unanswered', () => {
    const first = aFailure({ server: 'zk2', reason: 'timeout', atMs: nightMs - 4000, tookMs: 500 });

    const view = aView({ states: silent, history: { zk2: [first] } });

    expect(judge(memberHung, view, 'zk2').facts['silentMs']).toBe(4500);
  });

  it('is a warning where voters are left to spare, and for an observer', () => {
    const five = aView({
      ensemble: anEnsemble({ voters: 5 }),
      states: { ...silent, zk4: 'follower', zk5: 'follower' },
      notices: word,
    });
    const observer = aView({
      ensemble: anEnsemble({ voters: 3, observers: 1 }),
      states: { ...well, zk3: 'refused', zk4: 'timeout' },
      notices: [aNotice({ kind: 'silent', server: 'zk4' })],
    });

    expect(judge(memberHung, five, 'zk2').severity).toBe('warn');
    expect(judge(memberHung, observer, 'zk4').severity).toBe('warn');
  });

  it('pages two polls after the leader drops a silent follower', () => {
    const quick = anEnsemble({ timing: { tickTimeMs: 500, initLimit: 10, syncLimit: 4 } });

    expect(memberHung.holdMs(aView())).toBe(20_000);
    expect(memberHung.holdMs(aView({ ensemble: quick }))).toBe(12_000);
    expect(memberHung.holdMs(aView({ thresholds: { 'member-hung': { holdMs: 0 } } }))).toBe(0);
  });
});

describe('member-not-serving', () => {
  const alone = { ...well, zk2: 'not-serving' } as const;

  it('fires, doubtfully, while others have a leader', () => {
    const finding = judge(memberNotServing, aView({ states: alone }), 'zk2');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      severity: 'page',
      facts: { role: 'voter', missing: ['zk2'] },
      evidence: ['zk2: zk2 not-serving', 'zk1: leader, synced_followers 1, zxid 0x100000005'],
    });
  });

  it('is unknown while nobody leads: that is an election, or worse', () => {
    const states = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;

    expect(judge(memberNotServing, aView({ states }), 'zk2').verdict).toBe('unknown');
  });

  it('is clear when the server serves', () => {
    expect(judge(memberNotServing, aView({ states: alone }), 'zk3').verdict).toBe('clear');
  });

  it('does not know of a leader without followers, which is about to step down', () => {
    const stale = aReading({ server: 'zk2', mode: 'leader', metrics: { synced_followers: 0 } });
    const view = aView({ samples: { ...samplesOf(well), zk2: stale } });

    expect(judge(memberNotServing, view, 'zk2').verdict).toBe('unknown');
  });

  it('is a warning where voters are left to spare, and for an observer', () => {
    const five = aView({
      ensemble: anEnsemble({ voters: 5 }),
      states: { ...alone, zk4: 'follower', zk5: 'follower' },
    });
    const observer = aView({
      ensemble: anEnsemble({ voters: 3, observers: 1 }),
      states: { ...well, zk4: 'not-serving' },
    });

    expect(judge(memberNotServing, five, 'zk2').severity).toBe('warn');
    expect(judge(memberNotServing, observer, 'zk4').severity).toBe('warn');
  });

  it('waits twice as long as a server may take to join', () => {
    const slow = anEnsemble({ timing: { tickTimeMs: 2000, initLimit: 5, syncLimit: 30 } });

    expect(memberNotServing.holdMs(aView())).toBe(40_000);
    expect(memberNotServing.holdMs(aView({ ensemble: slow }))).toBe(120_000);
  });
});
