import { describe, expect, it } from 'vitest';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { Life } from '../../../src/model/lives.ts';
import type { Metrics, Sample } from '../../../src/model/sample.ts';
import { leaderUnresponsive } from '../../../src/rules/detect/leader-unresponsive.ts';
import { memberAcceptStarved } from '../../../src/rules/detect/member-accept-starved.ts';
import { memberCrashLoop } from '../../../src/rules/detect/member-crash-loop.ts';
import { memberHung } from '../../../src/rules/detect/member-hung.ts';
import { memberRejoinLoop } from '../../../src/rules/detect/member-rejoin-loop.ts';
import { memberUnreachable } from '../../../src/rules/detect/member-unreachable.ts';
import { observerDown } from '../../../src/rules/detect/observer-down.ts';
import { readOnlyMode } from '../../../src/rules/detect/read-only-mode.ts';
import { standaloneInEnsemble } from '../../../src/rules/detect/standalone-in-ensemble.ts';
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
const five = { ...well, zk4: 'follower', zk5: 'follower' } as const;
const zk1Led = { server: 'zk1', atMs: nightMs - 1000 };

/** A look at which the leader zk1 counts so many followers. */
function counting(
  states: Readonly<Record<string, State>>,
  metrics: Metrics,
  what: Partial<EnsembleView> = {},
): EnsembleView {
  const zk1 = aReading({ server: 'zk1', mode: 'leader', metrics });
  return aView({ ...what, samples: { ...samplesOf(states), zk1 } });
}

describe('leader-unresponsive', () => {
  const silent = { zk1: 'timeout', zk2: 'follower', zk3: 'follower' } as const;
  const notices = [aNotice({ kind: 'silent', server: 'zk1' })];

  it('fires beyond doubt when the server that led takes connections and answers nothing', () => {
    const finding = judge(
      leaderUnresponsive,
      aView({ states: silent, notices, lastLeader: zk1Led }),
      'zk1',
    );

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'page',
      facts: { led: true, successor: '', silentMs: 1 },
    });
    expect(finding.evidence).toContain('zk1: zk1 timeout');
    expect(finding.evidence).toContain('zk2: follower, zxid 0x100000005');
  });

  it('does not know of a server that hangs and did not lead', () => {
    const view = aView({
      states: { ...well, zk2: 'timeout' },
      notices: [aNotice({ kind: 'silent', server: 'zk2' })],
    });

    expect(judge(leaderUnresponsive, view, 'zk2').verdict).toBe('unknown');
    expect(judge(leaderUnresponsive, view, 'zk1').verdict).toBe('clear');
  });

  it.each(['refused', 'cut', 'not-serving', 'reset'] as const)(
    'does not know of a leader that is %s',
    (state) => {
      const view = aView({ states: { ...silent, zk1: state }, notices, lastLeader: zk1Led });

      expect(judge(leaderUnresponsive, view, 'zk1').verdict).toBe('unknown');
    },
  );

  it('goes on under its name once another leads, as a warning where voters are left to spare', () => {
    const states = { ...five, zk1: 'timeout', zk2: 'leader' } as const;
    const history = earlier('zk1', [-9000, 'leader'], [-8000, 'timeout']);

    const finding = judge(
      leaderUnresponsive,
      aView({ ensemble: anEnsemble({ voters: 5 }), states, history }),
      'zk1',
    );

    expect(finding).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
      facts: { successor: 'zk2' },
    });
  });

  it('is none of a server on its own, and pages after two read timeouts', () => {
    const alone = aView({
      ensemble: anEnsemble({ voters: 1 }),
      states: { zk1: 'timeout' },
      notices,
      lastLeader: zk1Led,
    });

    expect(judge(leaderUnresponsive, alone, 'zk1').verdict).toBe('unknown');
    expect(leaderUnresponsive.holdMs(alone)).toBe(3000);
  });
});

describe('member-unreachable', () => {
  it.each([
    ['cut', 'timeout'],
    ['unreachable', 'unreachable'],
    ['unresolved', 'unresolved'],
  ] as const)('fires where it is %s and the leader has lost it', (state, reason) => {
    const finding = judge(memberUnreachable, aView({ states: { ...well, zk3: state } }), 'zk3');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'page',
      facts: { reason, role: 'voter', led: false, missing: ['zk3'] },
      evidence: [`zk3: zk3 ${reason}`, 'zk1: leader, synced_followers 1, zxid 0x100000005'],
    });
  });

  it('does not know of a server that the leader still counts', () => {
    const view = counting({ ...well, zk3: 'cut' }, { synced_followers: 2 });

    expect(judge(memberUnreachable, view, 'zk3').verdict).toBe('unknown');
  });

  it('does not know which of two is lost when the leader misses one', () => {
    const view = counting(
      { ...five, zk4: 'cut', zk5: 'cut' },
      { synced_followers: 3 },
      { ensemble: anEnsemble({ voters: 5 }) },
    );

    expect(judge(memberUnreachable, view, 'zk4').verdict).toBe('unknown');
    expect(judge(memberUnreachable, view, 'zk5').verdict).toBe('unknown');
  });

  it('does not take one that is seen down for the one that is lost', () => {
    const view = counting(
      { ...five, zk4: 'refused', zk5: 'cut' },
      { synced_followers: 3 },
      { ensemble: anEnsemble({ voters: 5 }) },
    );

    expect(judge(memberUnreachable, view, 'zk5').verdict).toBe('unknown');
  });

  it.each([
    ['the leader does not say how many are in sync', { uptime: 1 }],
    ['no leader is seen', undefined],
  ])('does not know while %s', (_, metrics) => {
    const states = { ...well, zk3: 'cut' } as const;
    const view =
      metrics === undefined
        ? aView({ states: { ...states, zk1: 'not-serving' } })
        : counting(states, metrics);

    expect(judge(memberUnreachable, view, 'zk3').verdict).toBe('unknown');
  });

  it('knows an observer by the count of observers', () => {
    const ensemble = anEnsemble({ voters: 3, observers: 1 });
    const lost = counting(
      { ...well, zk4: 'cut' },
      { synced_followers: 2, synced_observers: 0 },
      { ensemble },
    );
    const counted = counting(
      { ...well, zk4: 'cut' },
      { synced_followers: 2, synced_observers: 1 },
      { ensemble },
    );

    expect(judge(memberUnreachable, lost, 'zk4')).toMatchObject({
      verdict: 'firing',
      severity: 'warn',
      facts: { role: 'observer' },
    });
    expect(judge(memberUnreachable, counted, 'zk4').verdict).toBe('unknown');
  });

  it('is clear only of a server that serves, and pages after a minute', () => {
    expect(judge(memberUnreachable, aView(), 'zk3').verdict).toBe('clear');
    expect(
      judge(memberUnreachable, aView({ states: { ...well, zk3: 'garbled' } }), 'zk3').verdict,
    ).toBe('unknown');
    expect(memberUnreachable.holdMs(aView())).toBe(60_000);
  });
});

describe('member-accept-starved', () => {
  const looks = (ms: number) => earlier('zk3', [ms, 'timeout'], [-1000, 'timeout']);
  const silent = { ...well, zk3: 'timeout' } as const;

  it.each([
    ['for as long as it would count a hung server', -12_000, 2, 'unknown'],
    ['for longer than that', -12_001, 2, 'firing'],
    ['no more', -12_001, 1, 'unknown'],
  ] as const)('while the leader counts the silent server %s', (_, ms, synced, verdict) => {
    const view = counting(silent, { synced_followers: synced }, { history: looks(ms) });

    expect(judge(memberAcceptStarved, view, 'zk3').verdict).toBe(verdict);
    expect(judge(memberHung, view, 'zk3').verdict).toBe(
      verdict === 'firing' ? 'unknown' : 'firing',
    );
  });

  it('says how many files were open when it last answered', () => {
    const answered = aReading({
      server: 'zk3',
      atMs: nightMs - 20_000,
      metrics: { open_file_descriptor_count: 64, max_file_descriptor_count: 65 },
    });
    const history = { zk3: [answered, ...(looks(-13_000)['zk3'] ?? [])] };

    const finding = judge(
      memberAcceptStarved,
      counting(silent, { synced_followers: 2 }, { history }),
      'zk3',
    );

    expect(finding).toMatchObject({
      conclusive: true,
      severity: 'page',
      facts: { openFiles: 64, maxFiles: 65 },
    });
    expect(finding.evidence).toContain('zk3: 64 of 65 files were open when it last answered');
  });

  it('knows a leader by its followers, which would have left it by then', () => {
    const history = earlier('zk1', [-20_000, 'leader'], [-13_000, 'timeout'], [-1000, 'timeout']);
    const view = (states: Readonly<Record<string, State>>) =>
      aView({ states, history, lastLeader: zk1Led });

    expect(judge(memberAcceptStarved, view({ ...well, zk1: 'timeout' }), 'zk1').verdict).toBe(
      'firing',
    );
    expect(
      judge(
        memberAcceptStarved,
        view({ zk1: 'timeout', zk2: 'not-serving', zk3: 'not-serving' }),
        'zk1',
      ).verdict,
    ).toBe('unknown');
  });

  it('is clear when the server answers, and pages after a minute', () => {
    expect(judge(memberAcceptStarved, aView(), 'zk3').verdict).toBe('clear');
    expect(memberAcceptStarved.holdMs(aView())).toBe(60_000);
  });
});

describe('member-rejoin-loop', () => {
  const outside = { ...well, zk3: 'not-serving' } as const;

  function alternating(count: number, everyMs: number): Record<string, readonly Sample[]> {
    return earlier(
      'zk3',
      ...Array.from({ length: count }, (_, index) => {
        const state: State = index % 2 === 0 ? 'not-serving' : 'reset';
        return [-(count - index) * everyMs, state] as const;
      }),
    );
  }

  it.each([
    [4, 1000, 'firing'],
    [3, 1000, 'unknown'],
    [4, 10_000, 'unknown'],
  ] as const)('after %i changes, one every %i ms: %s', (count, everyMs, verdict) => {
    const history = alternating(count, everyMs);

    expect(judge(memberRejoinLoop, aView({ states: outside, history }), 'zk3').verdict).toBe(
      verdict,
    );
  });

  it('does not count what lies between: an election makes all of them serve nobody', () => {
    const history = earlier(
      'zk3',
      [-6000, 'follower'],
      [-5000, 'not-serving'],
      [-4000, 'follower'],
      [-3000, 'not-serving'],
      [-2000, 'follower'],
    );

    expect(judge(memberRejoinLoop, aView({ states: outside, history }), 'zk3').verdict).toBe(
      'unknown',
    );
  });

  function leaderWith(learners: readonly number[], synced = 1): readonly Sample[] {
    return learners.map((count, index) =>
      aReading({
        server: 'zk1',
        mode: 'leader',
        atMs: nightMs - (learners.length - index) * 1000,
        metrics: { learners: count, synced_followers: synced },
      }),
    );
  }

  it('sees a learner come and go on the leader, while as many are in sync', () => {
    const history = { zk1: leaderWith([1, 2, 1, 2]) };
    const view = counting(outside, { learners: 1, synced_followers: 1 }, { history });

    const finding = judge(memberRejoinLoop, view, 'zk3');

    expect(finding).toMatchObject({ verdict: 'firing', conclusive: true, severity: 'page' });
    expect(finding.evidence).toContain('zk1: took up and lost a learner 4 times in 30 s');
    expect(judge(memberRejoinLoop, view, 'zk2').verdict).toBe('clear');
  });

  it('does not guess who it is where two run outside', () => {
    const history = { zk1: leaderWith([2, 3, 2, 3], 2) };
    const view = counting(
      { ...five, zk4: 'not-serving', zk5: 'not-serving' },
      { learners: 2, synced_followers: 2 },
      { history, ensemble: anEnsemble({ voters: 5 }) },
    );

    expect(judge(memberRejoinLoop, view, 'zk4').verdict).toBe('unknown');
  });

  it.each([
    ['without an election', [], 'firing'],
    ['for an election of all', [nightMs - 5000], 'clear'],
  ] as const)('counts how often it looked for a leader %s: %s', (_, changes, verdict) => {
    const looked = (count: number, ms: number) =>
      aReading({ server: 'zk3', atMs: nightMs + ms, metrics: { looking_count: count } });
    const view = aView({
      samples: { ...samplesOf(well), zk3: looked(8, 0) },
      history: { zk3: [looked(1, -90_000), looked(5, -50_000)] },
      leaderChanges: changes.map((atMs) => ({ atMs, from: 'zk2', to: 'zk1', fate: 'down' })),
    });

    expect(judge(memberRejoinLoop, view, 'zk3').verdict).toBe(verdict);
  });

  it.each([
    ['led them', 'leader', 'firing'],
    ['led nobody either', 'follower', 'clear'],
  ] as const)('counts what it looked for while another %s', (_, mode, verdict) => {
    const looked = (count: number, ms: number) =>
      aReading({ server: 'zk3', atMs: nightMs + ms, metrics: { looking_count: count } });
    const others = [-40_000, -20_000].map((ms) =>
      aReading({ server: 'zk1', mode, atMs: nightMs + ms }),
    );
    const out = [-40_000, -20_500].map((ms) => aFailure({ server: 'zk3', atMs: nightMs + ms }));
    const view = aView({
      samples: { ...samplesOf(well), zk3: looked(8, 0) },
      history: { zk1: others, zk3: [looked(5, -50_000), ...out] },
    });

    expect(judge(memberRejoinLoop, view, 'zk3').verdict).toBe(verdict);
  });
});

describe('member-crash-loop', () => {
  const ended = (fromMs: number, served: number | undefined, toMs: number): Life => ({
    fromMs: nightMs + fromMs,
    toMs: nightMs + toMs,
    ...(served === undefined ? {} : { servedMs: nightMs + served }),
  });
  const crashed = [ended(-20_000, undefined, -15_000), ended(-10_000, -9000, -5000)];
  const begun: Life = { fromMs: nightMs - 1000 };
  const starting = { ...well, zk3: 'not-serving' } as const;

  function loop(lives: readonly Life[], states: Readonly<Record<string, State>> = starting) {
    return judge(memberCrashLoop, aView({ states, lives: { zk3: lives } }), 'zk3');
  }

  it('fires at the third start in ten minutes, each of which came to little service', () => {
    const finding = loop([...crashed, begun]);

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'page',
      facts: { starts: 3, windowMs: 600_000, exitCode: -1 },
    });
    expect(finding.evidence.slice(0, 3)).toEqual([
      'zk3: started 20 s ago, served 0 s, was gone after 5 s',
      'zk3: started 10 s ago, served 4 s, was gone after 5 s',
      'zk3: started 1 s ago, runs',
    ]);
  });

  it.each<[string, readonly Life[]]>([
    ['the second start', crashed],
    [
      'starts of which one served long',
      [ended(-60_000, -59_000, -49_000), ...crashed.slice(1), begun],
    ],
    [
      'a start after a long life that ended the row before',
      [...crashed, ended(-4000, -60_000 + 4000, -3000), begun],
    ],
    ['starts long ago', [ended(-600_000, undefined, -599_000), ...crashed.slice(1), begun]],
  ])('does not know at %s', (_, lives) => {
    expect(loop(lives).verdict).toBe('unknown');
    expect(loop(lives, well).verdict).toBe('clear');
  });

  it('stands while the server serves, until it has for a minute', () => {
    const since = (ms: number, states: Readonly<Record<string, State>> = well) =>
      loop([...crashed, { fromMs: nightMs - ms - 500, servedMs: nightMs - ms }], states).verdict;

    expect(since(59_999)).toBe('firing');
    expect(since(60_000)).toBe('clear');
    // An election makes it serve nobody for a moment; its process goes on.
    expect(since(60_000, starting)).toBe('unknown');
  });

  it('counts the start that it sees itself, and tells the exit code where the machine was asked', () => {
    const view = aView({
      states: starting,
      history: earlier('zk3', [-500, 'refused']),
      lives: { zk3: crashed },
      surveys: {
        zk3: {
          server: 'zk3',
          atMs: nightMs,
          asked: {},
          host: { atMs: nightMs, disks: [], process: { pid: 7, exitCode: 10 } },
        },
      },
    });

    expect(judge(memberCrashLoop, view, 'zk3')).toMatchObject({
      verdict: 'firing',
      facts: { starts: 3, exitCode: 10 },
    });
  });
});

describe('read-only-mode', () => {
  it.each([
    ['read-only', 'firing'],
    ['follower', 'clear'],
    ['not-serving', 'unknown'],
    ['refused', 'unknown'],
  ] as const)('of a server that is %s: %s', (state, verdict) => {
    const finding = judge(readOnlyMode, aView({ states: { ...well, zk2: state } }), 'zk2');

    expect(finding).toMatchObject({ verdict, conclusive: false, severity: 'page' });
  });

  it('waits for half a minute: an observer stays read-only for a while after the quorum is back', () => {
    expect(readOnlyMode.holdMs(aView())).toBe(30_000);
  });
});

describe('standalone-in-ensemble', () => {
  it('fires at once, beyond doubt', () => {
    const finding = judge(
      standaloneInEnsemble,
      aView({ states: { ...well, zk2: 'standalone' } }),
      'zk2',
    );

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'page',
      facts: { others: 2 },
    });
    expect(standaloneInEnsemble.holdMs(aView())).toBe(0);
  });

  it('is none of a server that is meant to be alone', () => {
    const view = aView({ ensemble: anEnsemble({ voters: 1 }), states: { zk1: 'standalone' } });

    expect(judge(standaloneInEnsemble, view, 'zk1').verdict).toBe('clear');
  });

  it('does not know of one that says nothing', () => {
    const view = aView({ states: { ...well, zk2: 'refused' } });

    expect(judge(standaloneInEnsemble, view, 'zk2').verdict).toBe('unknown');
  });
});

describe('observer-down', () => {
  const ensemble = anEnsemble({ voters: 3, observers: 2 });
  const all = { ...well, zk4: 'observer', zk5: 'observer' } as const;
  const counts = (synced_observers: number, more: Metrics = {}) => ({
    synced_followers: 2,
    synced_observers,
    ...more,
  });

  it.each([
    ['counts all', all, counts(2), ['clear', 'clear']],
    ['misses the one that is down', { ...all, zk5: 'refused' }, counts(1), ['clear', 'firing']],
    ['misses both', all, counts(0), ['firing', 'firing']],
    ['misses one of two that answer', all, counts(1), ['unknown', 'unknown']],
    ['does not say', all, { synced_followers: 2 }, ['unknown', 'unknown']],
    ['counts more than there are', all, counts(3), ['clear', 'clear']],
  ] as const)('when the leader %s', (_, states, metrics, verdicts) => {
    const view = counting(states, metrics, { ensemble });

    expect(['zk4', 'zk5'].map((id) => judge(observerDown, view, id).verdict)).toEqual(verdicts);
  });

  it('knows the lost one by the packets that are not sent to it any more', () => {
    const before = aReading({
      server: 'zk1',
      mode: 'leader',
      atMs: nightMs - 3000,
      metrics: { cnt_4_learner_handler_qp_size: 68, cnt_5_learner_handler_qp_size: 88 },
    });
    const now = counts(1, { cnt_4_learner_handler_qp_size: 68, cnt_5_learner_handler_qp_size: 95 });

    const view = counting(all, now, { ensemble, history: { zk1: [before] } });

    expect(['zk4', 'zk5'].map((id) => judge(observerDown, view, id).verdict)).toEqual([
      'firing',
      'clear',
    ]);
  });

  it('says nothing of voters, nothing without a leader, and waits for two minutes', () => {
    const view = aView({ ensemble, states: { ...all, zk1: 'not-serving' } });

    expect(observerDown.detect(view, nightMs).map(({ subject }) => subject.server)).toEqual([
      'zk4',
      'zk5',
    ]);
    expect(judge(observerDown, view, 'zk4').verdict).toBe('unknown');
    expect(observerDown.detect(aView(), nightMs)).toEqual([]);
    expect(observerDown.holdMs(view)).toBe(120_000);
  });
});
