import { describe, expect, it } from 'vitest';
import { ownSessionsEnded, ownTimeoutMs, toldCountsMs } from '../../src/model/own-sessions.ts';
import { nightMs } from '../support/builders.ts';

const minute = 60_000;

/** Ended in the last two minutes, of what one replica says. */
function ended(one: {
  readonly standing?: number;
  readonly left?: readonly (readonly [number, number])[];
  readonly saidAgoMs?: number;
}): number {
  const left = (one.left ?? []).map(([from, until]) => [nightMs + from, nightMs + until] as const);
  const told = { atMs: nightMs - (one.saidAgoMs ?? 0), standing: one.standing ?? 0, left };
  return ownSessionsEnded([told], nightMs - 2 * minute, nightMs);
}

describe('the own sessions that may have expired in a span', () => {
  it.each([
    ['left within it', [[-minute, -minute / 2]], 1],
    ['left before it, and still to expire in it', [[-3 * minute, -minute]], 1],
    ['expired before it', [[-4 * minute, -3 * minute]], 0],
    ['some of each', [[-4 * minute, -3 * minute], [-minute, 0], [-1000, 29_000]], 2], // biome-ignore format: a table
  ] as const)('counts what was %s', (_when, left, expected) => {
    expect(ended({ left })).toBe(expected);
  });

  it.each([
    ['a living replica', { saidAgoMs: toldCountsMs }, 0],
    ['one that was killed', { saidAgoMs: toldCountsMs + 1 }, 4],
    ['one that was killed a while ago', { saidAgoMs: 2 * minute + 3 * ownTimeoutMs + 1 }, 0],
  ])('counts what stood on %s', (_whose, said, expected) => {
    expect(ended({ standing: 4, ...said })).toBe(expected);
  });

  it('adds up what all replicas say', () => {
    const told = { atMs: nightMs, standing: 3, left: [[nightMs - 1, nightMs] as const] };

    expect(ownSessionsEnded([told, told], nightMs - minute, nightMs)).toBe(2);
    expect(ownSessionsEnded([], nightMs - minute, nightMs)).toBe(0);
  });
});
