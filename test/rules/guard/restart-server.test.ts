import { describe, expect, it } from 'vitest';

import type { EnsembleView } from '../../../src/model/finding.ts';
import type { GuardView } from '../../../src/model/recovery-action.ts';
import type { Reading } from '../../../src/model/sample.ts';
import { processStartMs, restartServer } from '../../../src/rules/guard/restart-server.ts';
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

/** A look at `orders` in these states; servers beyond the voters are observers. */
function look(states: States, voters = 3, change: Partial<EnsembleView> = {}): EnsembleView {
  const observers = Object.keys(states).length - voters;
  return aView({ ensemble: anEnsemble({ voters, observers }), states, ...change });
}

function ask(id: string, view: EnsembleView, change: Partial<GuardView> = {}, nowMs = nightMs) {
  const server = view.ensemble.servers.find((each) => each.id === id) ?? aServer({ id });
  return restartServer.guard(
    {
      ensemble: view.ensemble,
      view,
      server,
      settings: anEnsembleSettings(),
      running: undefined,
      recent: [],
      ...change,
    },
    nowMs,
  );
}

/** The look with one reading changed. */
function reading(view: EnsembleView, id: string, change: Partial<Reading>): EnsembleView {
  const sample = view.samples[id] ?? aReading({ server: id });
  return { ...view, samples: { ...view.samples, [id]: { ...sample, ...change } as Reading } };
}

const healthy3: States = { zk1: 'leader', zk2: 'follower', zk3: 'follower' };
const healthy5: States = { ...healthy3, zk4: 'follower', zk5: 'follower' };

describe('the guard of a restart', () => {
  it.each<[string, string, States, number, number]>([
    ['a follower of three', 'zk2', healthy3, 3, 2],
    ['the leader of three', 'zk1', healthy3, 3, 2],
    ['the leader of five, one of them down', 'zk1', { ...healthy5, zk5: 'refused' }, 5, 3],
    ['a server that is down', 'zk2', { ...healthy3, zk2: 'refused' }, 3, 2],
    ['a server that hangs', 'zk2', { ...healthy3, zk2: 'timeout' }, 3, 2],
    ['a server that closes connections', 'zk2', { ...healthy3, zk2: 'reset' }, 3, 2],
    ['a server that waits for the leader', 'zk2', { ...healthy3, zk2: 'not-serving' }, 3, 2],
    ['a server nobody can reach', 'zk2', { ...healthy3, zk2: 'unreachable' }, 3, 2],
    ['a voter that only observes', 'zk2', { ...healthy3, zk2: 'observer' }, 3, 2],
    ['a voter that stands alone', 'zk2', { ...healthy3, zk2: 'standalone' }, 3, 2],
    ['an observer', 'zk4', { ...healthy3, zk4: 'observer' }, 3, 3],
    [
      'an observer beside a bare quorum',
      'zk4',
      { ...healthy3, zk3: 'refused', zk4: 'observer' },
      3,
      2,
    ],
  ])('allows %s when the others hold the quorum', (_, id, states, voters, after) => {
    const verdict = ask(id, look(states, voters));

    expect(verdict.kind).toBe('allow');
    expect(verdict.facts).toMatchObject({
      server: id,
      voters,
      after,
      margin: after - (Math.floor(voters / 2) + 1),
    });
  });

  it.each<[string, string, States, number, number]>([
    ['a follower of three when another is down', 'zk2', { ...healthy3, zk3: 'refused' }, 3, 1],
    ['the leader of three when another is down', 'zk1', { ...healthy3, zk3: 'refused' }, 3, 1],
    [
      'the leader of five when two are down',
      'zk1',
      { ...healthy5, zk4: 'refused', zk5: 'timeout' },
      5,
      2,
    ],
    ['one of two', 'zk2', { zk1: 'leader', zk2: 'follower' }, 2, 1],
  ])('refuses %s, which would break the quorum', (_, id, states, voters, after) => {
    const verdict = ask(id, look(states, voters));

    expect(verdict).toMatchObject({ kind: 'deny', code: 'would-break-quorum', facts: { after } });
  });

  it('counts by the leader, when it has fewer in sync than answer', () => {
    const view = reading(look(healthy3), 'zk1', { metrics: { synced_followers: 1 } });

    expect(ask('zk2', view)).toMatchObject({ code: 'would-break-quorum', facts: { after: 1 } });
  });

  it('does not take a server for a loss that still catches up', () => {
    const behind = reading(
      reading(look(healthy3), 'zk1', { metrics: { synced_followers: 1 } }),
      'zk3',
      { peerState: 'following - synchronization' },
    );

    expect(ask('zk3', behind)).toMatchObject({ kind: 'allow', facts: { after: 2 } });
  });

  it('does not trust a leader that still counts the very server nobody else sees', () => {
    const cut = reading(look({ ...healthy3, zk2: 'refused', zk3: 'refused' }), 'zk1', {
      metrics: { synced_followers: 1 },
    });

    expect(ask('zk2', cut)).toMatchObject({ kind: 'deny', code: 'would-break-quorum' });
  });

  it('trusts the leader about the others when the server says itself that it waits', () => {
    const hidden = reading(look({ ...healthy3, zk2: 'not-serving', zk3: 'cut' }), 'zk1', {
      metrics: { synced_followers: 1 },
    });

    expect(ask('zk2', hidden)).toMatchObject({ kind: 'allow', facts: { after: 2 } });
  });

  it('counts those who answer where no version tells who is in sync', () => {
    const old = reading(look(healthy3), 'zk1', { metrics: {} });

    expect(ask('zk1', old)).toMatchObject({ kind: 'allow', facts: { after: 2, led: true } });
    expect(
      ask('zk2', reading(look({ ...healthy3, zk3: 'refused' }), 'zk1', { metrics: {} })).kind,
    ).toBe('deny');
  });

  it('allows the only server of all, and says that it is the only one', () => {
    const verdict = ask('zk1', look({ zk1: 'standalone' }, 1));

    expect(verdict).toMatchObject({
      kind: 'allow',
      facts: { standalone: true, voters: 1, serving: 1, after: 0, margin: -1 },
    });
  });
});

describe('the guard of a restart without a quorum', () => {
  const lost: States = { zk1: 'not-serving', zk2: 'refused', zk3: 'timeout' };

  it.each<[string, string, States, number, number]>([
    ['down', 'zk2', lost, 3, 2],
    ['hung', 'zk3', lost, 3, 2],
    ['closing connections', 'zk2', { ...lost, zk2: 'reset' }, 3, 2],
    ['the only one', 'zk1', { zk1: 'refused' }, 1, 1],
    ['down beside one that reads only', 'zk2', { ...lost, zk1: 'read-only' }, 3, 2],
  ])('allows a failed voter that completes it: %s', (_, id, states, voters, capable) => {
    const verdict = ask(id, look(states, voters));

    expect(verdict).toMatchObject({ kind: 'allow', facts: { lost: true, capable } });
  });

  it('refuses a voter that waits, because it is not the one that fails', () => {
    const verdict = ask('zk1', look(lost));

    expect(verdict).toMatchObject({
      kind: 'deny',
      code: 'would-not-help',
      facts: { why: 'quorum-lost', missing: ['zk2', 'zk3'] },
    });
  });

  it('refuses a voter that believes it leads', () => {
    const alone = reading(look({ ...lost, zk1: 'leader' }), 'zk1', {
      metrics: { synced_followers: 0 },
    });

    expect(ask('zk1', alone)).toMatchObject({ code: 'would-not-help', facts: { serves: true } });
  });

  it('refuses a failed voter that would not be enough', () => {
    const verdict = ask('zk2', look({ ...lost, zk1: 'refused' }));

    expect(verdict).toMatchObject({
      kind: 'deny',
      code: 'would-not-help',
      facts: { why: 'not-enough', capable: 1 },
    });
  });

  it('allows an observer that failed, and refuses one that waits like the others', () => {
    expect(ask('zk4', look({ ...lost, zk4: 'refused' })).kind).toBe('allow');
    expect(ask('zk4', look({ ...lost, zk4: 'not-serving' }))).toMatchObject({
      code: 'would-not-help',
    });
  });

  it('leaves the servers alone while they may still elect a leader', () => {
    const electing = look({ zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' }, 3, {
      lastLeader: { server: 'zk1', atMs: nightMs - 4000 },
    });

    expect(ask('zk1', electing)).toMatchObject({
      kind: 'wait',
      code: 'electing',
      untilMs: nightMs + 6000,
      facts: { untilMs: nightMs + 6000 },
    });
    expect(ask('zk2', electing)).toMatchObject({ kind: 'wait', code: 'electing' });
    expect(ask('zk1', electing, {}, nightMs + 6000)).toMatchObject({ kind: 'allow' });
  });

  it('does not wait for an election that too few could hold', () => {
    const view = look(lost, 3, { lastLeader: { server: 'zk2', atMs: nightMs } });

    expect(ask('zk2', view).kind).toBe('allow');
  });
});

describe('the guard of a restart and what went before', () => {
  it('refuses while another recovery runs, whatever the servers do', () => {
    const verdict = ask('zk2', look(healthy3), { running: 'r-6' });

    expect(verdict).toMatchObject({
      kind: 'deny',
      code: 'recovery-running',
      facts: { recovery: 'r-6', ensemble: 'orders' },
    });
  });

  it.each(['succeeded', 'failed'] as const)(
    'waits until a server has cooled down from a restart that %s',
    (state) => {
      const recent = [
        aRecovery({ state, startedMs: nightMs - 70_000, finishedMs: nightMs - 60_000 }),
        aRecovery({ state, startedMs: nightMs - 570_000, finishedMs: nightMs - 560_000 }),
      ];

      const verdict = ask('zk2', look(healthy3), { recent });

      expect(verdict).toMatchObject({
        kind: 'wait',
        code: 'cooling-down',
        untilMs: nightMs + 540_000,
        facts: { cooldownMs: 600_000 },
      });
      expect(ask('zk2', look(healthy3, 3), { recent }, nightMs + 540_000).kind).not.toBe('wait');
    },
  );

  it('takes the beginning or the request for the end where nothing else is known', () => {
    const begun = aRecovery({ state: 'failed', startedMs: nightMs - 1000 });
    const asked = aRecovery({ state: 'failed' });

    expect(ask('zk2', look(healthy3), { recent: [begun] })).toMatchObject({
      untilMs: nightMs + 599_000,
    });
    expect(ask('zk2', look(healthy3), { recent: [asked] })).toMatchObject({
      untilMs: nightMs + 600_000,
    });
  });

  it.each([
    ['another server', aRecovery({ server: 'zk3', state: 'succeeded', finishedMs: nightMs })],
    ['another action', aRecovery({ action: 'purge', state: 'succeeded', finishedMs: nightMs })],
    ['a refused restart', aRecovery({ state: 'refused', finishedMs: nightMs })],
    ['the restart that asks', aRecovery({ state: 'requested' })],
    [
      'a restart that could not begin',
      aRecovery({
        state: 'failed',
        finishedMs: nightMs,
        outcome: { code: 'executor-unavailable', facts: {} },
      }),
    ],
  ])('does not cool down from %s', (_, recovery) => {
    expect(ask('zk2', look(healthy3), { recent: [recovery] }).kind).toBe('allow');
  });

  it.each<[string, EnsembleView, number]>([
    ['too old', look(healthy3), nightMs + 7001],
    ['none', look(healthy3, 3, { samples: {} }), nightMs],
    ['of a minority', look({ zk1: 'refused', zk2: 'cut', zk3: 'unresolved' }), nightMs],
    ['unreadable', look({ zk1: 'garbled', zk2: 'tls', zk3: 'not-allowed' }), nightMs],
  ])('refuses when it is blind: the samples are %s', (_, view, nowMs) => {
    expect(ask('zk1', view, {}, nowMs)).toMatchObject({ kind: 'deny', code: 'blind' });
  });

  it('believes samples up to a tick and a timeout old', () => {
    expect(ask('zk2', look(healthy3), {}, nightMs + 7000).kind).toBe('allow');
  });
});

describe('a restart has worked', () => {
  const server = aServer({ id: 'zk2' });
  const before = look({ ...healthy3, zk2: 'refused' });
  const after = (states: States, voters = 3): EnsembleView =>
    look(states, voters, { samples: samplesOf(states, nightMs + 5000), atMs: nightMs + 5000 });

  it.each<[string, EnsembleView, 'yes' | 'not-yet' | 'no']>([
    ['follows, in sync', after(healthy3), 'yes'],
    ['leads', after({ zk1: 'follower', zk2: 'leader', zk3: 'follower' }), 'yes'],
    ['is still down', after({ ...healthy3, zk2: 'refused' }), 'not-yet'],
    ['was not looked at again', look(healthy3), 'not-yet'],
    ['is not in the look', after({ zk1: 'leader', zk3: 'follower' }), 'not-yet'],
    ['reads only', after({ ...healthy3, zk2: 'read-only' }), 'not-yet'],
    ['only observes', after({ ...healthy3, zk2: 'observer' }), 'not-yet'],
    ['came back without its configuration', after({ ...healthy3, zk2: 'standalone' }), 'no'],
    ['has no leader', after({ zk1: 'refused', zk2: 'follower', zk3: 'refused' }), 'not-yet'],
    [
      'still catches up',
      reading(after(healthy3), 'zk2', { peerState: 'following - synchronization' }),
      'not-yet',
    ],
    [
      'has caught up by its own account',
      reading(after(healthy3), 'zk2', { peerState: 'following - broadcast' }),
      'yes',
    ],
    [
      'serves where no version tells who is in sync',
      reading(after(healthy3), 'zk1', { metrics: {} }),
      'yes',
    ],
  ])('when the server %s: %s', (_, now, answer) => {
    expect(restartServer.verified(before, now, server)).toBe(answer);
  });

  it('only when the leader counts as many in sync as before', () => {
    // As if it had run for a day before: what counts is that the uptime began anew.
    const full = reading(look(healthy5, 5), 'zk2', { metrics: { uptime: 86_400_000 } });
    const states: States = { ...healthy5, zk5: 'refused' };

    expect(restartServer.verified(full, after(states, 5), server)).toBe('not-yet');
    expect(restartServer.verified(full, after(healthy5, 5), server)).toBe('yes');
  });

  it('only when its uptime began anew, where the version tells it', () => {
    const serving = look(healthy3);
    const restarted = reading(after(healthy3), 'zk2', { metrics: { uptime: 900 } });
    const old = reading(after(healthy3), 'zk2', { metrics: {} });

    expect(restartServer.verified(serving, after(healthy3), server)).toBe('untouched');
    expect(restartServer.verified(serving, restarted, server)).toBe('yes');
    expect(restartServer.verified(serving, old, server)).toBe('yes');
  });

  it('for the only server, and for an observer', () => {
    const only = aServer({ id: 'zk1' });
    const observer = aServer({ id: 'zk4', role: 'observer' });
    const withObserver: States = { ...healthy3, zk4: 'observer' };

    expect(
      restartServer.verified(look({ zk1: 'refused' }, 1), after({ zk1: 'standalone' }, 1), only),
    ).toBe('yes');
    expect(
      restartServer.verified(
        look({ ...withObserver, zk4: 'refused' }),
        after(withObserver),
        observer,
      ),
    ).toBe('yes');
  });

  it('is waited for as long as ZooKeeper itself would wait, and the start of a process', () => {
    expect(restartServer.verifyMs(anEnsembleSettings())).toBe(processStartMs + 30_000);
  });
});
