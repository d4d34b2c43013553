import { describe, expect, it } from 'vitest';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { CanaryResult } from '../../../src/model/sample.ts';
import type { PeerFacts, Survey } from '../../../src/model/survey.ts';
import { botPartitioned } from '../../../src/rules/detect/bot-partitioned.ts';
import { canaryFailed } from '../../../src/rules/detect/canary-failed.ts';
import { peerMeshBroken } from '../../../src/rules/detect/peer-mesh-broken.ts';
import {
  anEnsemble,
  aReading,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';
import { earlier, judge } from './judge.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

function counting(
  states: Readonly<Record<string, State>>,
  synced: number,
  what: Partial<EnsembleView> = {},
): EnsembleView {
  const zk1 = aReading({ server: 'zk1', mode: 'leader', metrics: { synced_followers: synced } });
  return aView({ ...what, samples: { ...samplesOf(states), zk1 } });
}

describe('bot-partitioned', () => {
  it.each(['cut', 'unreachable', 'unresolved'] as const)(
    'fires about a server that is %s while the leader counts it',
    (state) => {
      const finding = judge(botPartitioned, counting({ ...well, zk3: state }, 2));

      expect(finding).toMatchObject({
        verdict: 'firing',
        conclusive: false,
        severity: 'warn',
        facts: { servers: ['zk3'], all: false },
      });
    },
  );

  it.each([
    ['the leader has lost it as well', counting({ ...well, zk3: 'cut' }, 1), 'clear'],
    ['nothing is cut', aView(), 'clear'],
    ['a server is down', aView({ states: { ...well, zk3: 'refused' } }), 'clear'],
    ['a server hangs', counting({ ...well, zk3: 'timeout' }, 2), 'clear'],
    [
      'the leader does not say',
      aView({ states: { ...well, zk1: 'not-serving', zk3: 'cut' } }),
      'unknown',
    ],
    ['nothing was looked at', aView({ samples: {} }), 'unknown'],
  ] as const)('when %s', (_, view, verdict) => {
    expect(judge(botPartitioned, view).verdict).toBe(verdict);
  });

  it('knows a leader that only the bot cannot reach by those that follow it', () => {
    const states = { ...well, zk1: 'cut' } as const;
    const lastLeader = { server: 'zk1', atMs: nightMs - 5000 };

    expect(judge(botPartitioned, aView({ states, lastLeader }))).toMatchObject({
      verdict: 'firing',
      facts: { servers: ['zk1'] },
    });
    expect(
      judge(
        botPartitioned,
        aView({ states: { ...states, zk2: 'not-serving', zk3: 'not-serving' }, lastLeader }),
      ).verdict,
    ).toBe('unknown');
  });

  it('pages where no server at all can be reached: nobody watches', () => {
    const states = { zk1: 'cut', zk2: 'unreachable', zk3: 'unresolved' } as const;

    expect(judge(botPartitioned, aView({ states }))).toMatchObject({
      verdict: 'firing',
      severity: 'page',
      facts: { servers: ['zk1', 'zk2', 'zk3'], all: true },
    });
  });

  it('leaves a server whose backlog is full to its own fault', () => {
    const history = earlier('zk3', [-4000, 'timeout'], [-2000, 'timeout']);

    expect(
      judge(botPartitioned, counting({ ...well, zk3: 'cut' }, 2, { history })).verdict,
    ).not.toBe('firing');
  });

  it('waits longer than a leader counts a host that died', () => {
    expect(botPartitioned.holdMs(aView())).toBe(14_000);
    expect(
      botPartitioned.holdMs(
        aView({
          ensemble: anEnsemble({ timing: { tickTimeMs: 500, initLimit: 10, syncLimit: 4 } }),
        }),
      ),
    ).toBe(3000);
  });
});

describe('canary-failed', () => {
  function canary(kind: CanaryResult['kind'], failed: number, what: Partial<CanaryResult> = {}) {
    const base = { atMs: nightMs, tookMs: 1000, recent: { runs: 3, failed }, ...what };
    return kind === 'written'
      ? ({ ...base, kind } as const)
      : ({ ...base, kind: 'failed', detail: 'no answer in 1000 ms' } as const);
  }

  it.each([
    ['failed', 3, 'firing'],
    ['failed', 2, 'firing'],
    ['written', 2, 'unknown'],
    ['failed', 1, 'unknown'],
    ['written', 1, 'clear'],
    ['written', 0, 'clear'],
  ] as const)('when the last run is %s and %i of three failed: %s', (kind, failed, verdict) => {
    expect(judge(canaryFailed, aView({ canary: canary(kind, failed) })).verdict).toBe(verdict);
  });

  it('says why, beyond doubt', () => {
    const history = earlier('zk1', [-3000, 'leader']);

    expect(judge(canaryFailed, aView({ canary: canary('failed', 2), history }))).toMatchObject({
      conclusive: true,
      severity: 'page',
      facts: { leader: 'zk1' },
      evidence: expect.arrayContaining([
        'canary: 2 of the last 3 writes failed, no answer in 1000 ms',
      ]),
    });
  });

  it.each([
    ['has led for less than three seconds', well, earlier('zk1', [-2999, 'leader'])],
    ['was away in between', well, earlier('zk1', [-5000, 'leader'], [-2000, 'not-serving'])],
    ['is not seen', { ...well, zk1: 'cut' }, earlier('zk1', [-5000, 'leader'])],
  ] as const)('is in doubt while the leader %s', (_, states, history) => {
    const view = aView({ states, history, canary: canary('failed', 3) });

    expect(judge(canaryFailed, view)).toMatchObject({ verdict: 'firing', conclusive: false });
  });

  it('knows nothing where no canary runs, nor by a result of before', () => {
    const old = canary('failed', 3, { atMs: nightMs - 30_001 });

    expect(judge(canaryFailed, aView()).verdict).toBe('unknown');
    expect(judge(canaryFailed, aView({ canary: old })).verdict).toBe('unknown');
  });

  it('calls people when a leader would have been dropped, not before', () => {
    expect(canaryFailed.holdMs(aView())).toBe(14_000);
  });
});

describe('peer-mesh-broken', () => {
  /** Connections on the election port: to these servers, by number. */
  function seen(server: string, sids: readonly number[], what: Partial<PeerFacts> = {}): Survey {
    const peers = sids.map((sid) => ({
      sid,
      address: `10.0.0.${sid}`,
      port: 3888,
      established: true,
      ...what,
    }));
    return { server, atMs: nightMs, asked: {}, host: { atMs: nightMs, disks: [], peers } };
  }

  function mesh(surveys: readonly Survey[], states: Readonly<Record<string, State>> = well) {
    const byServer = Object.fromEntries(surveys.map((survey) => [survey.server, survey]));
    return judge(peerMeshBroken, aView({ states, surveys: byServer }));
  }

  const zk1 = seen('zk1', [2, 3]);

  it('fires about the pair that neither end sees connected', () => {
    const finding = mesh([zk1, seen('zk2', [1]), seen('zk3', [1])]);

    expect(finding).toMatchObject({
      verdict: 'firing',
      conclusive: false,
      severity: 'warn',
      facts: { pairs: ['zk2 – zk3'] },
      evidence: [
        'zk2: no connection with zk3 on the election port',
        'zk3: no connection with zk2 on the election port',
      ],
    });
  });

  it('is clear when each pair is connected, as one end sees it', () => {
    expect(mesh([zk1, seen('zk2', [3])]).verdict).toBe('clear');
    expect(mesh([zk1, seen('zk2', [1, 3]), seen('zk3', [1, 2])]).verdict).toBe('clear');
  });

  it('does not count a connection that is being set up', () => {
    const finding = mesh([zk1, seen('zk2', [1, 3], { established: false }), seen('zk3', [1])]);

    expect(finding.facts['pairs']).toEqual(['zk2 – zk3']);
    expect(finding.evidence[0]).toBe('zk2: 10.0.0.3:3888 not established');
  });

  it.each<[string, readonly Survey[], Readonly<Record<string, State>>]>([
    ['no machine was looked at', [], well],
    ['one machine alone was', [zk1], well],
    [
      'a server of the pair is down',
      [zk1, seen('zk2', [1]), seen('zk3', [1])],
      { ...well, zk3: 'refused' },
    ],
  ])('is unknown where %s', (_, surveys, states) => {
    expect(mesh(surveys, states).verdict).toBe('unknown');
  });

  it('does not judge by a connection of which it is not known whose it is', () => {
    const { sid: _, ...nameless } = seen('zk2', [3]).host?.peers?.[0] ?? {
      sid: 0,
      address: '',
      port: 0,
      established: true,
    };
    const zk2 = { ...seen('zk2', []), host: { atMs: nightMs, disks: [], peers: [nameless] } };

    expect(mesh([zk1, zk2]).verdict).toBe('unknown');
  });

  it('does not judge by what was seen long ago, and waits for two minutes', () => {
    const old = seen('zk2', [1]);
    const host = { atMs: nightMs - 600_001, disks: [], peers: old.host?.peers ?? [] };

    expect(mesh([zk1, { ...old, host }]).verdict).toBe('unknown');
    expect(peerMeshBroken.holdMs(aView())).toBe(120_000);
  });
});
