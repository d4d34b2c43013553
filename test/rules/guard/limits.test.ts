import { describe, expect, it } from 'vitest';
import type { Recovery } from '../../../src/model/recovery.ts';
import type { Freeze, GuardView } from '../../../src/model/recovery-action.ts';
import { limitOf } from '../../../src/rules/guard/limits.ts';
import {
  anEnsemble,
  anEnsembleSettings,
  aRecovery,
  aServer,
  aView,
  nightMs,
  type State,
} from '../../support/builders.ts';

const hourMs = 3_600_000;
const freeze: Freeze & GuardView['freeze'] = {
  silence: 7,
  name: 'Ann',
  reason: 'new disks',
  untilMs: nightMs + hourMs,
  window: '',
};

function ask(change: Partial<GuardView> = {}, states: Readonly<Record<string, State>> = {}) {
  const ensemble = anEnsemble({ voters: 3 });
  const all = { zk1: 'leader', zk2: 'follower', zk3: 'follower', ...states } as const;
  return limitOf(
    {
      ensemble,
      view: aView({ ensemble, states: all }),
      server: aServer({ id: 'zk2' }),
      settings: anEnsembleSettings(),
      running: undefined,
      recent: [],
      ...change,
    },
    nightMs,
  );
}

/** One that began so many minutes ago. */
function begun(minutes: number, change: Partial<Recovery> = {}): Recovery {
  const startedMs = nightMs - minutes * 60_000;
  return aRecovery({ id: `r-${minutes}`, state: 'succeeded', startedMs, ...change });
}

describe('what holds for every recovery', () => {
  it('lets one through that nothing is in the way of', () => {
    expect(ask()).toBeUndefined();
  });

  it('waits for the end of a freeze, and says whose it is', () => {
    expect(ask({ freeze })).toEqual({
      kind: 'wait',
      code: 'frozen',
      untilMs: nightMs + hourMs,
      facts: { ...freeze, ensemble: 'orders', server: 'zk2' },
    });
  });

  it('allows three within an hour, and the next when the oldest of them is an hour ago', () => {
    const three = [begun(5), begun(20), begun(50)];

    expect(ask({ recent: three.slice(1) })).toBeUndefined();
    expect(ask({ recent: three })).toMatchObject({
      kind: 'wait',
      code: 'too-many-recoveries',
      untilMs: nightMs + 10 * 60_000,
      facts: { count: 3, max: 3 },
    });
  });

  it.each<[string, Recovery]>([
    ['an hour ago', begun(60)],
    ['and never began', begun(50, { state: 'refused', startedMs: Number.NaN })],
    [
      'and could not be started',
      begun(50, { state: 'failed', outcome: { code: 'executor-unavailable', facts: {} } }),
    ],
  ])('does not count one %s', (_, fourth) => {
    const { startedMs = 0, ...rest } = fourth;
    const counted = Number.isNaN(startedMs) ? rest : fourth;

    expect(ask({ recent: [begun(5), begun(20), counted] })).toBeUndefined();
  });

  it('counts one that failed after it had begun, and one that still runs', () => {
    const recent = [begun(1, { state: 'running' }), begun(5, { state: 'failed' }), begun(20)];

    expect(ask({ recent })?.kind).toBe('wait');
  });

  it.each([
    [1, [begun(5)], 'wait'],
    [5, [begun(1), begun(2), begun(3), begun(4)], undefined],
    [0, [1, 2, 3, 4, 5, 6, 7, 8].map((minutes) => begun(minutes)), undefined],
  ])('obeys the configuration: %i', (recoveriesPerHour, recent, kind) => {
    const settings = anEnsembleSettings({ recoveriesPerHour });

    expect(ask({ settings, recent })?.kind).toBe(kind);
  });
});

describe('what the bot does by itself', () => {
  it.each<[string, readonly string[], Readonly<Record<string, State>>, string | undefined]>([
    ['one server of three is out', [], { zk2: 'refused' }, undefined],
    ['two of three are out', [], { zk2: 'refused', zk3: 'not-serving' }, 'breaker-open'],
    ['another ensemble pages', ['users'], { zk2: 'refused' }, 'breaker-open'],
  ])('is judged when %s', (_, elsewhere, states, code) => {
    const verdict = ask({ alone: { elsewhere } }, states);

    expect(verdict?.kind === 'deny' ? verdict.code : verdict).toBe(code);
  });

  it('is stopped with what is out, and a person is not', () => {
    const states = { zk2: 'refused', zk3: 'timeout' } as const;

    expect(ask({ alone: { elsewhere: [] } }, states)?.facts).toMatchObject({ out: ['zk2', 'zk3'] });
    expect(ask({}, states)).toBeUndefined();
  });
});
