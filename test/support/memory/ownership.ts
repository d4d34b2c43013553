import type { EnsembleId } from '../../../src/model/ensemble.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ownership, ReplicaId } from '../../../src/ports/ownership.ts';

/** Who lives and who owns which ensemble, shared by the replicas of one test. */
export interface MemoryOwners {
  /** The view of one replica. */
  replica(id: ReplicaId): Ownership;
}

export function createMemoryOwners(clock: Clock): MemoryOwners {
  const living = new Map<ReplicaId, number>();
  const owners = new Map<EnsembleId, ReplicaId>();
  const lives = (id: ReplicaId | undefined) => (living.get(id ?? '') ?? 0) > clock.now();
  return {
    replica: (id) => ({
      replica: id,
      beat(leaseMs) {
        living.set(id, clock.now() + leaseMs);
        return Promise.resolve([...living.keys()].filter(lives).toSorted());
      },
      hold(ensembles) {
        const ours = ensembles.filter((ensemble) => {
          const holder = owners.get(ensemble);
          return lives(id) && (holder === id || !lives(holder));
        });
        for (const ensemble of ours) owners.set(ensemble, id);
        return Promise.resolve(ours);
      },
      release(ensemble) {
        if (owners.get(ensemble) === id) owners.delete(ensemble);
        return Promise.resolve();
      },
      leave() {
        living.delete(id);
        for (const [ensemble, holder] of owners) if (holder === id) owners.delete(ensemble);
        return Promise.resolve();
      },
    }),
  };
}
