import type { EnsembleId } from '../model/ensemble.ts';

/** Which replica runs the sensors of an ensemble. */
export interface Ownership {
  /** Takes or keeps the ensemble if nobody else has it. */
  hold(ensemble: EnsembleId, leaseMs: number): Promise<boolean>;
  release(ensemble: EnsembleId): Promise<void>;
}
