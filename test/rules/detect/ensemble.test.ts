import { describe, expect, it } from 'vitest';
import { electing } from '../../../src/rules/detect/electing.ts';
import { quorumAtRisk } from '../../../src/rules/detect/quorum-at-risk.ts';
import { quorumLost } from '../../../src/rules/detect/quorum-lost.ts';
import {
  aNotice,
  anEnsemble,
  aReading,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';
import { earlier, judge } from './judge.ts';

type States = Readonly<Record<string, State>>;

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;
const falls = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;

function leader(synced: number, id = 'zk1'): ReturnType<typeof aReading> {
  return aReading({ server: id, mode: 'leader', metrics: { synced_followers: synced } });
}

describe('quorum-lost', () => {
  const table: readonly (readonly [
    what: string,
    states: States,
    verdict: string,
    conclusive: boolean,
  ])[] = [
    ['all serve', well, 'clear', false],
    ['one is down and two serve', { ...well, zk3: 'refused' }, 'clear', false],
    ['two of three are down', { ...well, zk2: 'refused', zk3: 'refused' }, 'firing', true],
    ['all are down', { zk1: 'refused', zk2: 'refused', zk3: 'refused' }, 'firing', true],
    ['the leader is down and the others look for one', falls, 'firing', false],
    [
      'none of three serves though all run',
      { zk1: 'not-serving', zk2: 'not-serving', zk3: 'not-serving' },
      'firing',
      false,
    ],
    [
      'the leader is out of sight and two follow it',
      { zk1: 'cut', zk2: 'follower', zk3: 'follower' },
      'unknown',
      false,
    ],
    [
      'one follows and the others are out of sight',
      { zk1: 'cut', zk2: 'follower', zk3: 'tls' },
      'unknown',
      false,
    ],
    [
      'one serves nobody and the others are out of sight',
      { zk1: 'not-serving', zk2: 'cut', zk3: 'unreachable' },
      'firing',
      false,
    ],
    [
      'one still follows, and too few are left that might lead',
      { zk1: 'not-serving', zk2: 'follower', zk3: 'not-serving' },
      'firing',
      false,
    ],
    ['nothing answers', { zk1: 'cut', zk2: 'unreachable', zk3: 'unresolved' }, 'unknown', false],
    ['nothing was looked at', {}, 'unknown', false],
  ];

  it.each(table)('when %s', (_, states, verdict, conclusive) => {
    expect(judge(quorumLost, aView({ states }))).toMatchObject({ verdict, conclusive });
  });

  it('says who is missing, how, and how many must come back', () => {
    const states = {
      zk1: 'not-serving',
      zk2: 'refused',
      zk3: 'timeout',
      zk4: 'cut',
      zk5: 'refused',
    } as const;
    const notices = [aNotice({ kind: 'silent', server: 'zk3' })];

    const finding = judge(
      quorumLost,
      aView({ ensemble: anEnsemble({ voters: 5 }), states, notices }),
    );

    expect(finding).toMatchObject({
      severity: 'page',
      conclusive: true,
      facts: {
        voters: 5,
        serving: 0,
        quorum: 3,
        need: 2,
        down: ['zk2', 'zk5'],
        hung: ['zk3'],
        notServing: ['zk1'],
        unreachable: ['zk4'],
      },
    });
    expect(finding.evidence).toHaveLength(6);
  });

  it('needs nobody back where enough run: they cannot reach each other', () => {
    const states = { zk1: 'not-serving', zk2: 'not-serving', zk3: 'not-serving' } as const;

    expect(judge(quorumLost, aView({ states })).facts['need']).toBe(0);
  });

  it('does not count a leader without followers', () => {
    const samples = { ...samplesOf(falls), zk1: leader(0) };

    expect(judge(quorumLost, aView({ samples }))).toMatchObject({
      verdict: 'firing',
      facts: { serving: 0, notServing: ['zk1', 'zk2', 'zk3'] },
    });
  });

  it.each([
    ['a moment ago', -1900, 'refused', 'firing'],
    ['longer ago than a leader needs to see a closed connection', -2100, 'refused', 'clear'],
    ['while a leader still waits for it', -11_900, 'timeout', 'firing'],
    ['longer ago than a leader waits for a silent one', -12_100, 'timeout', 'clear'],
  ] as const)(
    'believes a leader that counts a quorum unless one answered %s',
    (_, heardMs, state, verdict) => {
      const samples = { ...samplesOf({ zk2: state, zk3: state }), zk1: leader(2) };
      const history = {
        ...earlier('zk2', [-60_000, 'follower'], [-1500, state]),
        ...earlier('zk3', [heardMs, 'follower'], [-1500, state]),
      };
      const notices = ['zk2', 'zk3'].map((server) => aNotice({ kind: 'silent', server }));

      expect(judge(quorumLost, aView({ samples, history, notices })).verdict).toBe(verdict);
    },
  );

  it('is sure where a leader does not say how many are in sync', () => {
    const samples = {
      ...samplesOf({ zk2: 'refused', zk3: 'refused' }),
      zk1: aReading({ server: 'zk1', mode: 'leader', metrics: {} }),
    };

    expect(judge(quorumLost, aView({ samples }))).toMatchObject({
      verdict: 'firing',
      conclusive: true,
    });
  });

  it('counts a server on its own as its quorum', () => {
    const ensemble = anEnsemble({ voters: 1 });

    expect(judge(quorumLost, aView({ ensemble, states: { zk1: 'standalone' } })).verdict).toBe(
      'clear',
    );
    expect(judge(quorumLost, aView({ ensemble, states: { zk1: 'refused' } }))).toMatchObject({
      verdict: 'firing',
      conclusive: true,
    });
  });

  it('waits three seconds, which no election takes', () => {
    expect(quorumLost.holdMs(aView())).toBe(3000);
  });
});

describe('electing', () => {
  const table: readonly (readonly [what: string, states: States, verdict: string])[] = [
    ['all serve', well, 'clear'],
    ['the leader is down and the others look for one', falls, 'firing'],
    [
      'one looks for a leader and the other still follows',
      { ...falls, zk3: 'follower' },
      'unknown',
    ],
    ['too few are left to elect', { ...falls, zk3: 'refused' }, 'unknown'],
    ['nothing was looked at', {}, 'unknown'],
  ];

  it.each(table)('when %s', (_, states, verdict) => {
    expect(judge(electing, aView({ states }))).toMatchObject({ verdict, conclusive: false });
  });

  it.each([
    [-10_000, 'info'],
    [-10_001, 'warn'],
  ])('with the last leader seen %i ms ago is %s', (ms, severity) => {
    const lastLeader = { server: 'zk1', atMs: nightMs + ms };

    expect(judge(electing, aView({ states: falls, lastLeader })).severity).toBe(severity);
  });

  it.each([
    ['refused', 'refused'],
    ['follower', 'follower'],
  ] as const)('says what the last leader is now: %s', (state, said) => {
    const lastLeader = { server: 'zk1', atMs: nightMs };

    const view = aView({ states: { ...falls, zk1: state }, lastLeader });

    expect(judge(electing, view).facts).toMatchObject({
      lastLeader: 'zk1',
      lastLeaderState: said,
    });
  });

  it('says so when nobody was ever seen to lead', () => {
    expect(judge(electing, aView({ states: falls }))).toMatchObject({
      severity: 'info',
      facts: { lastLeader: '', lastLeaderState: 'unknown' },
    });
  });

  it('waits three seconds', () => {
    expect(electing.holdMs(aView())).toBe(3000);
  });
});

describe('quorum-at-risk', () => {
  it.each([
    ['all three are in sync', 3, 2, 'clear'],
    ['two of three are', 3, 1, 'firing'],
    ['three of five are', 5, 2, 'firing'],
    ['four of five are', 5, 3, 'clear'],
    ['three of four are', 4, 2, 'firing'],
    ['both of two are, which never is more', 2, 1, 'clear'],
  ])('when %s', (_, voters, synced, verdict) => {
    const samples = { zk1: leader(synced) };

    const finding = judge(quorumAtRisk, aView({ ensemble: anEnsemble({ voters }), samples }));

    expect(finding).toMatchObject({
      verdict,
      severity: 'page',
      conclusive: false,
      facts: { synced: synced + 1 },
    });
  });

  it('counts those that serve where the leader does not say who is in sync', () => {
    const samples = {
      ...samplesOf({ zk2: 'follower', zk3: 'cut' }),
      zk1: aReading({ server: 'zk1', mode: 'leader', metrics: {} }),
    };

    expect(judge(quorumAtRisk, aView({ samples }))).toMatchObject({
      verdict: 'firing',
      facts: { synced: 2 },
    });
  });

  it('shows what the leader says of itself, as far as its version does', () => {
    const old = aReading({ server: 'zk2', mode: 'follower', metrics: {} });
    const { zxid: _, ...silent } = old;
    const samples = { zk1: { ...leader(1), peerState: 'leading - broadcast' }, zk2: silent };

    expect(judge(quorumAtRisk, aView({ samples })).evidence).toEqual([
      'zk1: leader, peer_state leading - broadcast, synced_followers 1, zxid 0x100000005',
      'zk2: follower',
    ]);
  });

  it('is unknown while nobody leads', () => {
    expect(judge(quorumAtRisk, aView({ states: falls })).verdict).toBe('unknown');
  });

  it('pages after a minute', () => {
    expect(quorumAtRisk.holdMs(aView())).toBe(60_000);
  });
});
