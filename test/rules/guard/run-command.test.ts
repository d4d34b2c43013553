import { describe, expect, it } from 'vitest';

import { runNamed } from '../../../src/rules/guard/run-command.ts';
import { aView, nightMs } from '../../support/builders.ts';
import { aSituation } from '../../support/situation.ts';

const commands = {
  threaddump: { argv: ['jcmd'], role: 'operator', guard: 'none', timeoutMs: 5000 },
  flush: { argv: ['flush'], role: 'admin', guard: 'quorum' },
} as const;
const settings = { tools: { commands } };
const weak = aView({ states: { zk1: 'leader', zk2: 'follower', zk3: 'refused' } });

describe('a named command', () => {
  it.each([
    ['harmless, in a weak ensemble', { argument: 'threaddump', view: weak }, 'allow'],
    ['guarded, in a healthy one', { argument: 'flush' }, 'allow'],
    ['guarded, in a weak one', { argument: 'flush', view: weak }, 'would-break-quorum'],
    ['while a recovery runs', { argument: 'threaddump', running: 'r-1' }, 'recovery-running'],
    ['without a leader', { argument: 'threaddump', view: aView({ states: {} }) }, 'allow'],
  ])('%s', (_, change, wanted) => {
    const verdict = runNamed.guard(aSituation({ settings, ...change }), nightMs);

    expect(verdict.kind === 'allow' ? 'allow' : verdict.code).toBe(wanted);
  });

  it('is one order, as the configuration writes it', () => {
    expect(runNamed.phased?.plan(aSituation({ settings, argument: 'threaddump' }), '')).toEqual([
      {
        name: 'command',
        server: 'zk2',
        order: { kind: 'exec', argv: ['jcmd'], timeoutMs: 5000 },
        facts: { server: 'zk2', command: 'threaddump' },
      },
    ]);
    expect(runNamed.phased?.plan(aSituation({ settings, argument: 'flush' }), '')).toMatchObject([
      { order: { kind: 'exec', argv: ['flush'] } },
    ]);
  });

  it.each([
    ['no name', {}],
    ['a name that is not there', { argument: 'rm' }],
    ['a name every object has', { argument: 'constructor' }],
  ])('is refused with %s', (_, change) => {
    expect(runNamed.phased?.plan(aSituation({ settings, ...change }), '')).toMatchObject({
      code: 'unknown-named-command',
      facts: { known: ['threaddump', 'flush'] },
    });
    expect(runNamed.phased?.plan(aSituation(change), '')).toMatchObject({ facts: { known: [] } });
  });

  it('has worked once it ended; what became of one that a crash cut off, nobody knows', () => {
    const [phase] = (runNamed.phased?.plan(aSituation({ settings, argument: 'flush' }), '') ??
      []) as readonly [never];

    expect(runNamed.phased?.check(phase, aSituation({ output: '' }))).toBe('yes');
    expect(runNamed.phased?.check(phase, aSituation())).toBe('not-yet');
    expect(runNamed.phased?.undo([], aSituation())).toEqual([]);
    expect(runNamed.phased?.checkMs(phase, aSituation().settings)).toBe(1);
    expect(runNamed.verifyMs(aSituation().settings)).toBe(1);
  });
});
