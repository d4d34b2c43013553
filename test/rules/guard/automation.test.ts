import { describe, expect, it } from 'vitest';
import { detectors, recoveryActions } from '../../../src/app/catalog.ts';
import { type AutoRule, automatic, limitOf, ofTheEnsemble } from '../../../src/model/automation.ts';
import type { Incident } from '../../../src/model/incident.ts';
import type { Recovery } from '../../../src/model/recovery.ts';
import {
  breakerOf,
  hindranceOf,
  noticeMs,
  overLimit,
  ruleFor,
  startsMs,
} from '../../../src/rules/guard/automation.ts';
import {
  aGrid,
  anEnsembleSettings,
  anIncident,
  aRecovery,
  aStamp,
  nightMs,
} from '../../support/builders.ts';

const minute = 60_000;
const rule: AutoRule = {
  detector: 'member-hung',
  action: 'restart-server',
  afterMs: 10 * minute,
  perServer: { times: 1, withinMs: 60 * minute },
  perEnsemble: { times: 2, withinMs: 60 * minute },
};

describe('the list of what may happen by itself', () => {
  it('names actions and detectors that there are, and none of a whole ensemble', () => {
    const names = detectors.map(({ name }) => name);
    const actions: readonly string[] = recoveryActions.map(({ name }) => name);

    for (const [action, fits] of Object.entries(automatic)) {
      expect(actions).toContain(action);
      for (const detector of fits) {
        expect(names).toContain(detector);
        expect(ofTheEnsemble).not.toContain(detector);
      }
    }
    for (const detector of ofTheEnsemble) expect(names).toContain(detector);
  });
});

describe('a limit', () => {
  const ms = (text: string): number | undefined => (text === '6h' ? 6 * 60 * minute : undefined);

  it.each([
    ['1 per 6h', { times: 1, withinMs: 360 * minute }],
    ['12 per 6h', { times: 12, withinMs: 360 * minute }],
    ['0 per 6h', undefined],
    ['1 per', undefined],
    ['1 per 6 hours', undefined],
    ['once', undefined],
    [6, undefined],
  ])('%s', (written, expected) => {
    expect(limitOf(written, ms)).toEqual(expected);
  });
});

describe('when it begins', () => {
  it.each<[string, Partial<Incident>, number | undefined]>([
    ['after people were called', { pagedMs: nightMs - minute }, 9 * minute],
    ['never, of a page nobody was called for', {}, undefined],
    [
      'after it was noticed, of a warning',
      { severity: 'warn', openedMs: nightMs - minute },
      9 * minute,
    ],
    ['not before its card has said so', { pagedMs: nightMs - 60 * minute }, noticeMs],
    [
      'after it was given back',
      { pagedMs: nightMs - 60 * minute, clockMs: nightMs - minute },
      9 * minute,
    ],
  ])('%s', (_, change, inMs) => {
    const { pagedMs: _p, ...quiet } = anIncident({ severity: 'page', openedMs: nightMs });

    const at = startsMs({ ...quiet, ...change }, rule, nightMs);

    expect(at).toBe(inMs === undefined ? undefined : nightMs + inMs);
  });
});

const up = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

describe('what keeps its hands off', () => {
  const off = { scope: 'orders', set: aStamp(), reason: 'new disks' };
  const window = {
    id: 1,
    scope: { ensemble: 'orders', server: 'zk9' },
    reason: 'x',
    set: aStamp(),
    startMs: 0,
    endMs: 1,
    window: 'patch-night',
  };

  it.each([
    ['nothing', {}, [], [], undefined],
    ['the switch of its ensemble', {}, [off], [], 'auto-off'],
    ['the switch of all', {}, [{ ...off, scope: '*' }], [], 'auto-off'],
    ['not the switch of another', {}, [{ ...off, scope: 'users' }], [], undefined],
    ['a maintenance of its ensemble', {}, [], [window], 'auto-maintenance'],
    [
      'not the maintenance of another',
      {},
      [],
      [{ ...window, scope: { ensemble: 'users' } }],
      undefined,
    ],
    ['a fault that comes and goes', { facts: { flaps: 4 } }, [], [], 'auto-flapping'],
    [
      'a hung server that led',
      { detector: 'member-hung', facts: { led: true } },
      [],
      [],
      'auto-leader',
    ],
    [
      'not a dead one that led',
      { detector: 'member-down', facts: { led: true } },
      [],
      [],
      undefined,
    ],
  ] as const)('%s', (_, incident, switches, silences, code) => {
    expect(hindranceOf(anIncident(incident), switches, silences)?.code).toBe(code);
  });

  it.each([
    ['one ensemble with alarms', ['orders'], aGrid(), undefined],
    ['two ensembles with alarms', ['orders', 'users'], aGrid(), 'auto-alarms'],
    ['one of three out', [], aGrid({ ...up, zk2: 'refused' }), undefined],
    ['two of three out', [], aGrid({ ...up, zk2: 'refused', zk3: 'timeout' }), 'auto-out'],
  ] as const)('the breaker: %s', (_, alarmed, grid, code) => {
    expect(breakerOf(alarmed, grid)?.code).toBe(code);
  });

  const begun = (server: string, agoMs: number): Recovery =>
    aRecovery({ server, fence: 3, automatic: { startsMs: nightMs - agoMs, afterMs: 1 } });

  it.each<[string, readonly Recovery[], string | undefined]>([
    ['nothing before', [], undefined],
    ['the same server lately', [begun('zk2', minute)], 'zk2'],
    ['the same server long ago', [begun('zk2', 61 * minute)], undefined],
    ['another server', [begun('zk1', minute)], undefined],
    ['two others', [begun('zk1', minute), begun('zk3', minute)], ''],
    ['what a person asked for', [aRecovery({ server: 'zk2', fence: 3 })], undefined],
    ['what was stopped before it began', [{ ...begun('zk2', minute), fence: 0 }], undefined],
  ])('the limit: %s', (_, recoveries, of) => {
    expect(overLimit(recoveries, 'zk2', rule, nightMs)?.facts['of']).toBe(of);
  });
});

describe('the rule of an incident', () => {
  const settings = anEnsembleSettings({ auto: [rule] });

  it('is the one of its detector, where it has a server', () => {
    const hung = anIncident({ detector: 'member-hung' });

    expect(ruleFor(settings, hung)).toBe(rule);
    expect(ruleFor(settings, { ...hung, subject: { ensemble: 'orders' } })).toBeUndefined();
    expect(ruleFor(settings, { ...hung, detector: 'member-down' })).toBeUndefined();
    expect(ruleFor(undefined, hung)).toBeUndefined();
  });
});
