import type { EnsembleId } from '../../../src/model/ensemble.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ownership } from '../../../src/ports/ownership.ts';

/** Who owns which ensemble, shared by the replicas of one test. */
export interface MemoryOwners {
  /** The view of one replica. */
  replica(id: string): Ownership;
}

export function createMemoryOwners(clock: Clock): MemoryOwners {
  const owners = new Map<EnsembleId, { replica: string; untilMs: number }>();
  return {
    replica: (id) => ({
      hold(ensemble, leaseMs) {
        const owner = owners.get(ensemble);
        if (owner !== undefined && owner.replica !== id && owner.untilMs > clock.now())
          return Promise.resolve(false);
        owners.set(ensemble, { replica: id, untilMs: clock.now() + leaseMs });
        return Promise.resolve(true);
      },
      release(ensemble) {
        if (owners.get(ensemble)?.replica === id) owners.delete(ensemble);
        return Promise.resolve();
      },
    }),
  };
}
