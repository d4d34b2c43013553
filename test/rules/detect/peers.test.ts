import { describe, expect, it } from 'vitest';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { LeaderChange } from '../../../src/model/leadership.ts';
import type { Metrics, Reading } from '../../../src/model/sample.ts';
import { electionChurn } from '../../../src/rules/detect/election-churn.ts';
import { followerLag } from '../../../src/rules/detect/follower-lag.ts';
import { followerLinkSlow } from '../../../src/rules/detect/follower-link-slow.ts';
import { slowElection } from '../../../src/rules/detect/slow-election.ts';
import { staleLeader } from '../../../src/rules/detect/stale-leader.ts';
import { twoLeaders } from '../../../src/rules/detect/two-leaders.ts';
import { unsyncedFollower } from '../../../src/rules/detect/unsynced-follower.ts';
import {
  aFailure,
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

function leader(server: string, synced: number | undefined, zxid = '0x100000005'): Reading {
  const metrics: Metrics = synced === undefined ? { uptime: 1 } : { synced_followers: synced };
  return aReading({ server, mode: 'leader', metrics, zxid });
}

/** A look with these readings of leaders instead. */
function led(
  states: Readonly<Record<string, State>>,
  leaders: readonly Reading[],
  what: Partial<EnsembleView> = {},
): EnsembleView {
  const byServer = Object.fromEntries(leaders.map((reading) => [reading.server, reading]));
  return aView({ ...what, samples: { ...samplesOf(states), ...byServer } });
}

describe('stale-leader', () => {
  const next = leader('zk2', 1, '0x200000000');

  it('is beyond doubt where another leads with a quorum', () => {
    const finding = judge(staleLeader, led(well, [leader('zk1', 0), next]), 'zk1');

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      severity: 'warn',
      facts: { synced: 1, successor: 'zk2', led: true },
    });
  });

  it('is doubtful while nobody else leads: it may be about to step down', () => {
    const view = led({ ...well, zk2: 'not-serving', zk3: 'refused' }, [leader('zk1', 0)]);

    expect(judge(staleLeader, view, 'zk1')).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      facts: { successor: '' },
    });
  });

  it.each([
    ['leads with a quorum', led(well, [leader('zk1', 1)]), 'clear'],
    ['does not say how many follow it, alone', led(well, [leader('zk1', undefined)]), 'clear'],
    ['follows', led(well, [next]), 'clear'],
    ['does not answer', aView({ states: { ...well, zk1: 'timeout' } }), 'unknown'],
  ] as const)('of a server that %s', (what, view, verdict) => {
    expect(judge(staleLeader, view, what === 'follows' ? 'zk3' : 'zk1').verdict).toBe(verdict);
  });

  it('waits longer than an old leader takes to step down', () => {
    expect(staleLeader.holdMs(aView())).toBe(14_000);
  });
});

describe('two-leaders', () => {
  const both = { ...well, zk2: 'leader' } as const;

  it('doubts an old leader beside the new one: that passes within seconds', () => {
    const view = led(both, [leader('zk1', 0), leader('zk2', 1, '0x200000000')]);

    expect(judge(twoLeaders, view)).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      severity: 'page',
      facts: { leaders: ['zk1', 'zk2'], effective: ['zk2'] },
    });
    expect(twoLeaders.holdMs(view)).toBe(14_000);
  });

  it('is sure at once where both count a quorum', () => {
    const view = led(both, [leader('zk1', 1), leader('zk2', 1, '0x200000000')]);

    expect(judge(twoLeaders, view)).toMatchObject({
      conclusive: true,
      facts: { effective: ['zk1', 'zk2'] },
    });
    expect(twoLeaders.holdMs(view)).toBe(0);
  });

  it('is sure where both go on leading in the same epoch', () => {
    const view = led(both, [leader('zk1', 0), leader('zk2', 1)]);
    const history = {
      ...earlier('zk1', [-500, 'leader']),
      ...earlier('zk2', [-500, 'leader']),
    };

    expect(judge(twoLeaders, view).conclusive).toBe(false);
    expect(judge(twoLeaders, { ...view, history }).conclusive).toBe(true);
  });

  it('does not believe in two quorums where the version does not count them', () => {
    const view = led(both, [leader('zk1', undefined), leader('zk2', undefined, '0x200000000')]);

    expect(judge(twoLeaders, view)).toMatchObject({ verdict: 'firing', conclusive: false });
  });

  it.each([
    ['all tell what they are', well, 'clear'],
    ['one is down and one looks', { zk1: 'leader', zk2: 'refused', zk3: 'not-serving' }, 'clear'],
    ['one tells nothing: it may lead', { ...well, zk3: 'cut' }, 'unknown'],
    ['one hangs', { ...well, zk3: 'timeout' }, 'unknown'],
  ] as const)('when %s', (_, states, verdict) => {
    expect(judge(twoLeaders, aView({ states })).verdict).toBe(verdict);
  });
});

describe('election-churn', () => {
  const lastLeader = { server: 'zk1', atMs: nightMs - 1000 };

  function changed(agoMs: number, what: Partial<LeaderChange> = {}): LeaderChange {
    const atMs = nightMs - agoMs;
    return { atMs, from: 'zk2', to: 'zk1', fate: 'alive', backMs: atMs + 1000, ...what };
  }

  it.each([
    [0, 'clear', 'warn'],
    [1, 'clear', 'warn'],
    [2, 'firing', 'warn'],
    [3, 'firing', 'warn'],
    [4, 'firing', 'page'],
  ] as const)('after %i changes in a quarter of an hour: %s, %s', (count, verdict, severity) => {
    const leaderChanges = Array.from({ length: count }, (_, index) => changed(index * 1000));

    const finding = judge(electionChurn, aView({ lastLeader, leaderChanges }));

    expect(finding).toMatchObject({ verdict, severity, facts: { changes: count } });
  });

  it.each<[string, Partial<LeaderChange>]>([
    ['was down', { fate: 'down' }],
    ['hung', { fate: 'hung' }],
    ['was restarted', { fate: 'restarted' }],
    ['was cut off', { fate: 'unreachable' }],
    ['took long to come back', { backMs: nightMs + 60_000 }],
  ])('does not count a leader that %s: it has a card of its own', (_, change) => {
    const leaderChanges = [changed(9000), changed(5000, change)];

    expect(judge(electionChurn, aView({ lastLeader, leaderChanges })).verdict).toBe('clear');
  });

  it('does not count a leader that has not come back yet', () => {
    const { backMs: _, ...gone } = changed(5000);
    const states = { ...well, zk2: 'not-serving' } as const;

    const view = aView({ states, lastLeader, leaderChanges: [changed(9000), gone] });

    expect(judge(electionChurn, view).verdict).toBe('clear');
  });

  it('forgets what is older than its window', () => {
    const leaderChanges = [changed(900_000), changed(5000)];

    expect(judge(electionChurn, aView({ lastLeader, leaderChanges })).verdict).toBe('clear');
  });

  it('counts the change that it sees itself, and names who lost the lead', () => {
    const states = { zk1: 'follower', zk2: 'leader', zk3: 'follower' } as const;
    const history = earlier('zk1', [-1000, 'leader']);

    const view = aView({ states, history, lastLeader, leaderChanges: [changed(60_000)] });

    expect(judge(electionChurn, view)).toMatchObject({
      verdict: 'firing',
      conclusive: true,
      facts: { changes: 2, leaders: ['zk2', 'zk1'] },
      evidence: [
        '60 s ago: zk2 lost the lead to zk1, its process went on',
        '0 s ago: zk1 lost the lead to zk2, its process went on',
      ],
    });
  });

  it('knows nothing before it has seen a leader', () => {
    const states = { zk1: 'not-serving', zk2: 'not-serving', zk3: 'cut' } as const;

    expect(judge(electionChurn, aView({ states })).verdict).toBe('unknown');
  });
});

describe('slow-election', () => {
  const looking = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;
  const since = (zk2Ms: number, zk3Ms: number) => ({
    ...earlier('zk2', [-30_000, 'follower'], [zk2Ms, 'not-serving']),
    ...earlier('zk3', [-30_000, 'follower'], [zk3Ms, 'not-serving']),
  });

  it.each([
    [-10_001, 'firing'],
    [-10_000, 'unknown'],
  ] as const)('when both have looked for a leader since %i ms: %s', (ms, verdict) => {
    const finding = judge(slowElection, aView({ states: looking, history: since(ms, -20_000) }));

    expect(finding).toMatchObject({ verdict, severity: 'warn', facts: { electionMs: -ms } });
  });

  it('does not time how long one alone looked in vain', () => {
    const view = aView({ states: looking, history: since(-25_000, -1000) });

    expect(judge(slowElection, view).facts['electionMs']).toBe(1000);
  });

  it('is none where too few run to elect, and over with a leader', () => {
    const history = since(-25_000, -25_000);
    const few = aView({ states: { ...looking, zk3: 'refused' }, history });

    expect(judge(slowElection, few).verdict).toBe('unknown');
    expect(judge(slowElection, aView({ history })).verdict).toBe('clear');
  });

  it('follows the timing of the ensemble', () => {
    const ensemble = anEnsemble({ timing: { tickTimeMs: 500, initLimit: 10, syncLimit: 2 } });

    const view = aView({ ensemble, states: looking, history: since(-1001, -1001) });

    expect(judge(slowElection, view).verdict).toBe('firing');
  });
});

describe('unsynced-follower', () => {
  const syncing = aReading({ server: 'zk3', peerState: 'following - synchronization' });

  it('fires about the follower that says it is being brought up to date', () => {
    const view = led(well, [leader('zk1', 1)]);

    const finding = judge(
      unsyncedFollower,
      { ...view, samples: { ...view.samples, zk3: syncing } },
      'zk3',
    );

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      severity: 'warn',
      facts: { synced: 2, peerState: 'following - synchronization' },
    });
    expect(
      judge(unsyncedFollower, { ...view, samples: { ...view.samples, zk3: syncing } }, 'zk2')
        .verdict,
    ).toBe('clear');
  });

  it('knows it by the packets that are not sent to it any more', () => {
    const sent = (zk2: number, zk3: number): Metrics => ({
      synced_followers: 1,
      cnt_2_learner_handler_qp_size: zk2,
      cnt_3_learner_handler_qp_size: zk3,
    });
    const now = aReading({ server: 'zk1', mode: 'leader', metrics: sent(95, 68) });
    const before = { ...now, atMs: nightMs - 3000, metrics: sent(88, 68) };

    const view = led(well, [now], { history: { zk1: [before] } });

    expect(['zk2', 'zk3'].map((id) => judge(unsyncedFollower, view, id).verdict)).toEqual([
      'clear',
      'firing',
    ]);
  });

  it('does not guess which of two it is', () => {
    const view = led(well, [leader('zk1', 1)]);

    expect(['zk2', 'zk3'].map((id) => judge(unsyncedFollower, view, id).verdict)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  it('names all where none is counted', () => {
    const view = led(well, [leader('zk1', 0)], { ensemble: anEnsemble({ voters: 3 }) });

    // A leader that counts none has no quorum: nobody's account is to be believed.
    expect(judge(unsyncedFollower, view, 'zk2').verdict).toBe('unknown');
    const most = led(five, [leader('zk1', 2)], { ensemble: anEnsemble({ voters: 5 }) });
    expect(judge(unsyncedFollower, most, 'zk2').verdict).toBe('unknown');
  });

  it('leaves a voter that is down to its own fault', () => {
    const view = aView({ states: { ...well, zk3: 'refused' } });

    expect(judge(unsyncedFollower, view, 'zk2').verdict).toBe('clear');
    expect(judge(unsyncedFollower, view, 'zk3').verdict).toBe('unknown');
  });

  it('knows a voter that joins by the learner the leader has more than are in sync', () => {
    const joining = aReading({
      server: 'zk1',
      mode: 'leader',
      metrics: { synced_followers: 1, learners: 2, synced_observers: 0 },
    });

    const view = led({ ...well, zk3: 'not-serving' }, [joining]);

    expect(judge(unsyncedFollower, view, 'zk3').verdict).toBe('firing');
  });

  it('is clear when all are in sync, unknown where the version does not tell, and waits for initLimit', () => {
    expect(judge(unsyncedFollower, led(well, [leader('zk1', 2)]), 'zk3').verdict).toBe('clear');
    expect(judge(unsyncedFollower, led(well, [leader('zk1', undefined)]), 'zk3').verdict).toBe(
      'unknown',
    );
    expect(unsyncedFollower.holdMs(aView())).toBe(30_000);
  });
});

describe('follower-link-slow', () => {
  /** What the leader told of its learners 2 and 3: packets and the time they waited in total, acknowledgements likewise, longest queue. */
  type Link = readonly [packets: number, waited: number, acks: number, took: number, max: number];

  function figures(links: Readonly<Record<number, Link>>): Metrics {
    return Object.fromEntries(
      Object.entries(links).flatMap(([sid, [packets, waited, acks, took, max]]) => [
        [`cnt_${sid}_learner_handler_qp_time_ms`, packets],
        [`sum_${sid}_learner_handler_qp_time_ms`, waited],
        [`cnt_${sid}_ack_latency`, acks],
        [`sum_${sid}_ack_latency`, took],
        [`max_${sid}_learner_handler_qp_size`, max],
      ]),
    );
  }

  const before = figures({ 2: [100, 100, 100, 500, 4], 3: [100, 100, 100, 500, 4] });

  function verdicts(now: Readonly<Record<number, Link>>, what: Partial<Reading> = {}) {
    const reading = (metrics: Metrics, atMs: number): Reading =>
      aReading({
        server: 'zk1',
        mode: 'leader',
        atMs,
        metrics: { synced_followers: 2, ...metrics },
        ...what,
      });
    const view = led(well, [reading(figures(now), nightMs)], {
      history: { zk1: [reading(before, nightMs - 30_000)] },
    });
    return Object.fromEntries(
      ['zk1', 'zk2', 'zk3'].map((id) => [id, judge(followerLinkSlow, view, id)] as const),
    );
  }

  const fine: Link = [120, 120, 120, 600, 4];

  it.each<[string, Link, string]>([
    ['packets wait for more than half a second', [102, 100 + 1002, 100, 500, 4], 'firing'],
    ['packets wait for half a second', [102, 100 + 1000, 100, 500, 4], 'clear'],
    ['a thousand packets queue up and more', [100, 100, 100, 500, 1001], 'firing'],
    ['a thousand packets queue up', [100, 100, 100, 500, 1000], 'clear'],
    ['five acknowledgements take a quarter of a second each', [100, 100, 105, 1755, 4], 'firing'],
    ['four do', [100, 100, 104, 5000, 4], 'clear'],
  ])('when %s', (_, link, verdict) => {
    const of = verdicts({ 2: fine, 3: link });

    expect([of['zk1'], of['zk2'], of['zk3']].map((finding) => finding?.verdict)).toEqual([
      'clear',
      'clear',
      verdict,
    ]);
  });

  it('does not count a queue that was long once', () => {
    const long = figures({ 3: [100, 100, 100, 500, 5000] });
    const reading = (atMs: number) =>
      aReading({ server: 'zk1', mode: 'leader', atMs, metrics: { synced_followers: 2, ...long } });
    const view = led(well, [reading(nightMs)], { history: { zk1: [reading(nightMs - 5000)] } });

    expect(judge(followerLinkSlow, view, 'zk3').verdict).toBe('clear');
  });

  it('blames the link of the leader where it is slow to all', () => {
    const slow: Link = [100, 100, 110, 5500, 4];

    const of = verdicts({ 2: slow, 3: slow });

    expect([of['zk1'], of['zk2'], of['zk3']].map((finding) => finding?.verdict)).toEqual([
      'firing',
      'clear',
      'clear',
    ]);
    expect(of['zk1']).toMatchObject({ facts: { ofAll: true, ackMs: 500 } });
  });

  it('says what it measured', () => {
    const finding = verdicts({ 2: fine, 3: [110, 100 + 26_200, 100, 500, 17_965] })['zk3'];

    expect(finding).toMatchObject({
      conclusive: false,
      severity: 'warn',
      facts: { ofAll: false, leader: 'zk1', queueMs: 2620, ackMs: 0, queued: 17_965 },
    });
    expect(finding?.evidence[0]).toBe(
      'zk1: packets to zk3 waited 2620 ms, acknowledgements took 0 ms, at most 17965 queued',
    );
  });

  it('goes on with the card of the slow requests that a slow link begins with', () => {
    expect(followerLinkSlow).toMatchObject({ continues: ['latency-high'], continuesMs: 120_000 });
  });

  it('is unknown where the leader tells nothing of learners, or the number of the server is not known', () => {
    const { sid: _, ...nameless } = anEnsemble().servers[2] ?? anEnsemble().servers[0]!;
    const ensemble = { ...anEnsemble(), servers: [...anEnsemble().servers.slice(0, 2), nameless] };
    const now = aReading({
      server: 'zk1',
      mode: 'leader',
      metrics: { ...before, synced_followers: 2 },
    });

    expect(judge(followerLinkSlow, aView(), 'zk3').verdict).toBe('unknown');
    expect(judge(followerLinkSlow, led(well, [now], { ensemble }), 'zk3').verdict).toBe('unknown');
    expect(
      judge(followerLinkSlow, aView({ states: { ...well, zk1: 'refused' } }), 'zk1').verdict,
    ).toBe('unknown');
    expect(followerLinkSlow.holdMs(aView())).toBe(60_000);
  });
});

describe('follower-lag', () => {
  function lag(
    head: string,
    own: string,
    what: { readonly apartMs?: number; readonly before?: string } = {},
  ) {
    const { apartMs = 0, before } = what;
    const history =
      before === undefined
        ? {}
        : { zk1: [{ ...leader('zk1', 2, before), atMs: nightMs - 10_000 }] };
    const view = led(well, [leader('zk1', 2, head)], { history });
    const zk3 = aReading({ server: 'zk3', atMs: nightMs + apartMs, zxid: own });
    return judge(followerLag, { ...view, samples: { ...view.samples, zk3 } }, 'zk3');
  }

  it.each([
    ['0x1000003e9', '0x100000001', 'clear', 1000],
    ['0x1000003ea', '0x100000001', 'firing', 1001],
    ['0x100000001', '0x1000003ea', 'clear', -1001],
    ['0x7fffffff000003ea', '0x7fffffff00000001', 'firing', 1001],
  ] as const)('of %s and %s: %s', (head, own, verdict, behind) => {
    expect(lag(head, own)).toMatchObject({ verdict, facts: { lag: behind, lagLimit: 1000 } });
  });

  it('counts what five seconds of writing bring where that is more', () => {
    const fast = lag('0x100004e21', '0x100003e81', { before: '0x100000001' });

    expect(fast).toMatchObject({ verdict: 'clear', facts: { lag: 4000, lagLimit: 10_000 } });
  });

  it.each([
    ['of another epoch', '0x200000000', '0x1000003ea', {}],
    ['read at another time', '0x1000fffff', '0x100000001', { apartMs: 201 }],
  ] as const)('compares nothing %s', (_, head, own, what) => {
    expect(lag(head, own, what).verdict).toBe('unknown');
  });

  it('is unknown without a zxid on either side', () => {
    const down = aView({ samples: { ...samplesOf(well), zk3: aFailure({ server: 'zk3' }) } });

    expect(judge(followerLag, down, 'zk3').verdict).toBe('unknown');
    expect(judge(followerLag, aView({ states: { ...well, zk1: 'refused' } }), 'zk3').verdict).toBe(
      'unknown',
    );
    expect(followerLag.holdMs(aView())).toBe(30_000);
  });
});
