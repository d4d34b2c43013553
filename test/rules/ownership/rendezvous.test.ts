import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../src/rules/ownership/rendezvous.ts';

const ensembles = Array.from({ length: 2000 }, (_, at) => `ensemble-${at}`);
const replicas = [
  '0f4c2a1e-6f6e-4c5e-9d3a-1f1f63c2a001',
  '5b8d7c3e-1a2b-4f3c-8e7d-2a2b3c4d5e02',
  'a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c03',
  'e7f8a9b0-c1d2-4e3f-a4b5-c6d7e8f9a004',
];

function owners(living: readonly string[]): ReadonlyMap<string, string | undefined> {
  return new Map(ensembles.map((ensemble) => [ensemble, ownerOf(ensemble, living)]));
}

describe('ownerOf', () => {
  it('names nobody where nobody lives, and the only one where one does', () => {
    expect(ownerOf('orders', [])).toBeUndefined();
    expect(ownerOf('orders', ['a'])).toBe('a');
  });

  it('answers the same whatever the order of the list', () => {
    expect(owners(replicas.toReversed())).toEqual(owners(replicas));
  });

  it.each([2, 3, 4])('spreads ensembles evenly over %i replicas', (count) => {
    const living = replicas.slice(0, count);
    const shares = living.map(
      (replica) => [...owners(living).values()].filter((owner) => owner === replica).length,
    );

    for (const share of shares) {
      expect(share).toBeGreaterThan((ensembles.length / count) * 0.85);
      expect(share).toBeLessThan((ensembles.length / count) * 1.15);
    }
  });

  it('spreads well over replicas whose names differ in one character', () => {
    const living = ['bot-1', 'bot-2', 'bot-3'];
    const shares = living.map(
      (replica) => [...owners(living).values()].filter((owner) => owner === replica).length,
    );

    for (const share of shares) expect(share).toBeGreaterThan((ensembles.length / 3) * 0.85);
  });

  it('moves only the ensembles of the replica that left', () => {
    const [gone, ...left] = replicas;
    const before = owners(replicas);
    const after = owners(left);

    const moved = ensembles.filter((ensemble) => after.get(ensemble) !== before.get(ensemble));
    expect(moved).toEqual(ensembles.filter((ensemble) => before.get(ensemble) === gone));
  });

  it('moves ensembles only to the replica that came', () => {
    const [come, ...there] = replicas;
    const before = owners(there);
    const after = owners(replicas);

    const moved = ensembles.filter((ensemble) => after.get(ensemble) !== before.get(ensemble));
    expect(moved).toEqual(ensembles.filter((ensemble) => after.get(ensemble) === come));
  });
});
