import type { EnsembleId } from '../model/ensemble.ts';
import type { CanaryResult } from '../model/sample.ts';
import type { House } from './house.ts';

/**
 * How long what a canary saw counts on other replicas. It writes once a second and is told with every heartbeat; when its replica is
 * killed, another one writes before this is over (3.75 s and the first write).
 */
export const canaryCountsMs = 5_000;

/** Tells all replicas what the canaries of this one saw: a look is made by any of them. */
export interface Canaries {
  /** Without Redis nothing is told, and nobody looks. */
  tell(ensemble: EnsembleId, newest: CanaryResult | undefined): Promise<void>;
}

export function createCanaries(house: Pick<House, 'ensembles'>): Canaries {
  const told = new Map<EnsembleId, CanaryResult>();
  return {
    async tell(ensemble, newest) {
      if (newest === undefined || told.get(ensemble) === newest) return;
      try {
        await house.ensembles.saveCanary(ensemble, newest, canaryCountsMs);
        told.set(ensemble, newest);
      } catch {
        // The heartbeat says that Redis is away; the next one tells again.
      }
    },
  };
}
