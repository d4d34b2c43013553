import { describe, expect, it } from 'vitest';

import type { EnsembleView } from '../../../src/model/finding.ts';
import type { RecoveryAction } from '../../../src/model/recovery-action.ts';
import { moveLeader } from '../../../src/rules/guard/move-leader.ts';
import { restartInTurn } from '../../../src/rules/guard/rolling-restart.ts';
import {
  anEnsemble,
  anEnsembleSettings,
  aReading,
  aRecovery,
  aServer,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';

type States = Readonly<Record<string, State>>;

const healthy: States = { zk1: 'follower', zk2: 'leader', zk3: 'follower' };

function look(states: States, voters = 3, atMs = nightMs): EnsembleView {
  const observers = Object.keys(states).length - voters;
  const ensemble = anEnsemble({ voters, observers });
  return aView({ ensemble, states, samples: samplesOf(states, atMs), atMs });
}

/** The servers an action takes while the look stays as it is. */
function order(action: RecoveryAction, view: EnsembleView): readonly string[] {
  const done: string[] = [];
  for (;;) {
    const next = action.next?.(view, done);
    if (next === undefined || done.length > 20) return done;
    done.push(next);
  }
}

function ask(action: RecoveryAction, id: string, view: EnsembleView) {
  const server = view.ensemble.servers.find((each) => each.id === id) ?? aServer({ id });
  const settings = anEnsembleSettings();
  const recent = [aRecovery({ state: 'succeeded', finishedMs: nightMs - 86_400_000 })];
  const { ensemble } = view;
  return action.guard({ ensemble, view, server, settings, running: undefined, recent }, nightMs);
}

describe('a rolling restart', () => {
  it.each<[string, EnsembleView, readonly string[]]>([
    ['takes the leader last', look(healthy), ['zk1', 'zk3', 'zk2']],
    ['takes observers first', look({ ...healthy, zk4: 'observer' }), ['zk4', 'zk1', 'zk3', 'zk2']],
    [
      'takes what is out before all others',
      look({ ...healthy, zk3: 'refused', zk4: 'observer' }),
      ['zk3', 'zk4', 'zk1', 'zk2'],
    ],
    [
      'takes all where nobody leads, in the order of the configuration',
      look({ zk1: 'refused', zk2: 'not-serving', zk3: 'refused' }),
      ['zk1', 'zk2', 'zk3'],
    ],
  ])('%s', (_, view, wanted) => {
    expect(order(restartInTurn, view)).toEqual(wanted);
  });

  it.each<[string, string, EnsembleView, string]>([
    ['a follower among healthy ones', 'zk1', look(healthy), 'allow'],
    ['the leader among healthy ones', 'zk2', look(healthy), 'allow'],
    ['the one that is out', 'zk3', look({ ...healthy, zk3: 'refused' }), 'allow'],
    ['an observer', 'zk4', look({ ...healthy, zk4: 'observer' }), 'allow'],
    ['the only server', 'zk1', look({ zk1: 'standalone' }, 1), 'allow'],
    ['another while one is out', 'zk1', look({ ...healthy, zk3: 'refused' }), 'would-break-quorum'],
    ['one of two', 'zk1', look({ zk1: 'follower', zk2: 'leader' }, 2), 'would-break-quorum'],
    [
      'one of five while another is out, though the quorum would hold',
      'zk1',
      look({ ...healthy, zk4: 'follower', zk5: 'refused' }, 5),
      'others-out',
    ],
    ['one while an observer is out', 'zk1', look({ ...healthy, zk4: 'refused' }), 'others-out'],
  ])('may take %s', (_, server, view, wanted) => {
    const verdict = ask(restartInTurn, server, view);

    expect(verdict.kind === 'allow' ? 'allow' : verdict.code).toBe(wanted);
  });

  it('waits for one that still catches up', () => {
    const view = look(healthy);
    const zk3 = aReading({
      server: 'zk3',
      mode: 'follower',
      peerState: 'following - synchronization',
    });

    const verdict = ask(restartInTurn, 'zk1', { ...view, samples: { ...view.samples, zk3 } });

    expect(verdict).toMatchObject({
      kind: 'wait',
      code: 'others-syncing',
      facts: { syncing: ['zk3'] },
    });
  });
});

describe('a move of the leader', () => {
  it('takes the one that leads, once', () => {
    expect(order(moveLeader, look(healthy))).toEqual(['zk2']);
    expect(moveLeader.next?.(look({ ...healthy, zk1: 'leader', zk2: 'follower' }), ['zk2'])).toBe(
      undefined,
    );
  });

  it('has nothing to do where nobody leads', () => {
    expect(order(moveLeader, look({ zk1: 'refused', zk2: 'refused', zk3: 'follower' }))).toEqual(
      [],
    );
  });

  it('has worked when another one leads, and not when the same one won again', () => {
    const later = nightMs + 5000;
    const before = look(healthy);
    const out = { ...before, samples: {} };
    const zk2 = aServer({ id: 'zk2' });
    const moved = look({ zk1: 'leader', zk2: 'follower', zk3: 'follower' }, 3, later);

    expect(moveLeader.verified(out, moved, zk2)).toBe('yes');
    expect(moveLeader.verified(out, look(healthy, 3, later), zk2)).toBe('no');
    expect(moveLeader.refuted).toBe('same-leader');
  });

  it('is refused while a follower is out: the quorum would hang on what is left', () => {
    const view = look({ ...healthy, zk4: 'follower', zk5: 'refused' }, 5);

    expect(ask(moveLeader, 'zk2', view)).toMatchObject({ kind: 'deny', code: 'others-out' });
  });
});
