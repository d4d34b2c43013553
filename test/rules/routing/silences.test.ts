import { describe, expect, it } from 'vitest';
import { type Scope, type Silence, silenceMsMax } from '../../../src/model/silence.ts';
import {
  covers,
  fits,
  isActive,
  muteOf,
  overlapping,
  scopeText,
  silenceFault,
} from '../../../src/rules/routing/silences.ts';
import { anIncident, aStamp, nightMs } from '../../support/builders.ts';

const hourMs = 3_600_000;

function aSilence(overrides: Partial<Silence> = {}): Silence {
  return {
    id: 1,
    scope: { ensemble: 'orders' },
    reason: 'new disk',
    set: aStamp(),
    startMs: nightMs,
    endMs: nightMs + hourMs,
    ...overrides,
  };
}

describe('a name', () => {
  const table: readonly (readonly [string | undefined, string | undefined, boolean])[] = [
    [undefined, 'orders', true],
    [undefined, undefined, true],
    ['*', undefined, true],
    ['orders', undefined, false],
    ['orders', 'orders', true],
    ['Orders', 'oRDERS', true],
    ['orders', 'orders2', false],
    ['orders*', 'orders-eu', true],
    ['*-eu', 'orders-eu', true],
    ['*-eu', 'orders-eu-2', false],
    ['o*s-*', 'orders-eu', true],
    ['o*s-*', 'orders', false],
    ['a*a', 'a', false],
    ['zk.', 'zk1', false],
  ];

  it.each(table)('%s fits %s: %s', (pattern, name, answer) => {
    expect(fits(pattern, name)).toBe(answer);
  });
});

describe('a scope', () => {
  const ofServer = anIncident();
  const ofAll = anIncident({ detector: 'quorum-lost', subject: { ensemble: 'orders' } });
  const table: readonly (readonly [Scope, boolean, boolean])[] = [
    [{}, true, true],
    [{ ensemble: 'orders' }, true, true],
    [{ ensemble: 'users' }, false, false],
    [{ ensemble: 'orders', server: 'zk2' }, true, false],
    [{ ensemble: 'orders', server: 'zk3' }, false, false],
    [{ detector: 'member-down' }, true, false],
    [{ detector: 'member-*' }, true, false],
    [{ severity: 'warn' }, true, true],
    [{ severity: 'page' }, false, false],
    [{ ensemble: 'orders', server: 'zk2', detector: 'member-hung' }, false, false],
  ];

  it.each(table)('%j covers a fault of zk2: %s, of the ensemble: %s', (scope, server, all) => {
    expect([covers(scope, ofServer), covers(scope, ofAll)]).toEqual([server, all]);
  });

  it('never covers the card of a silence', () => {
    expect(covers({}, anIncident({ detector: 'silence' }))).toBe(false);
  });

  it('is one word on cards', () => {
    expect(scopeText({})).toBe('*');
    expect(
      scopeText({ ensemble: 'orders', server: 'zk2', detector: 'member-down', severity: 'page' }),
    ).toBe('orders/zk2 · member-down · page');
  });
});

describe('a silence', () => {
  it.each([
    [nightMs - 1, false],
    [nightMs, true],
    [nightMs + hourMs - 1, true],
    [nightMs + hourMs, false],
  ])('at %i is in force: %s', (nowMs, answer) => {
    expect(isActive(aSilence(), nowMs)).toBe(answer);
  });

  it('is over when somebody ended it', () => {
    const ended = aStamp({ atMs: nightMs + 5 });

    expect(isActive(aSilence({ ended }), nightMs + 4)).toBe(true);
    expect(isActive(aSilence({ ended }), nightMs + 5)).toBe(false);
  });

  it('that lasts longest is the one that counts', () => {
    const short = aSilence();
    const long = aSilence({ id: 2, endMs: nightMs + 2 * hourMs, reason: 'moving house' });
    const other = aSilence({ id: 3, scope: { ensemble: 'users' }, endMs: nightMs + 9 * hourMs });

    expect(muteOf([short, long, other], anIncident(), nightMs)).toEqual({
      silence: 2,
      untilMs: nightMs + 2 * hourMs,
      by: 'ann',
      name: 'Ann',
      reason: 'moving house',
    });
    expect(muteOf([other], anIncident(), nightMs)).toBeUndefined();
  });

  it('overlaps another of exactly the same scope', () => {
    const silences = [aSilence()];

    expect(overlapping(silences, { ensemble: 'orders' }, nightMs, undefined)?.id).toBe(1);
    expect(overlapping(silences, { ensemble: 'orders', server: '*' }, nightMs, undefined)?.id).toBe(
      1,
    );
    expect(
      overlapping(silences, { ensemble: 'orders', server: 'zk2' }, nightMs, undefined),
    ).toBeUndefined();
    expect(
      overlapping(silences, { ensemble: 'orders' }, nightMs + hourMs, undefined),
    ).toBeUndefined();
  });
});

describe('what is asked for', () => {
  const scope = { ensemble: 'orders' };
  const good = { scope, reason: 'new disk', untilMs: nightMs + hourMs };

  it.each([
    ['has an end in the past', { ...good, untilMs: nightMs }, [], 'silence-end-past'],
    ['is too long', { ...good, untilMs: nightMs + silenceMsMax + 1 }, [], 'silence-too-long'],
    ['has no reason', { ...good, reason: ' ' }, [], 'silence-reason-missing'],
    ['is there already', good, [aSilence()], 'silence-overlaps'],
    ['is good', good, [aSilence({ scope: {} })], undefined],
    ['is as long as it may be', { ...good, untilMs: nightMs + silenceMsMax }, [], undefined],
  ] as const)('%s', (_, request, silences, code) => {
    expect(silenceFault(request, silences, nightMs)?.code).toBe(code);
  });
});
