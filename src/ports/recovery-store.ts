import type { EnsembleId } from '../model/ensemble.ts';
import type { Recovery } from '../model/recovery.ts';

/** Keeps recoveries, and the one lock per ensemble under which they run. */
export interface RecoveryStore {
  /**
   * Takes the ensemble's lock for `leaseMs` and answers the fence, larger than every earlier one; `held` by another recovery
   * otherwise. The same recovery may take it again (after a crash) and gets a new fence.
   */
  lock(
    ensemble: EnsembleId,
    recovery: string,
    leaseMs: number,
  ): Promise<{ readonly fence: number } | { readonly heldBy: string }>;
  /** Lengthens the lock; false when it is not ours any more: stop before the next step. */
  renew(ensemble: EnsembleId, recovery: string, fence: number, leaseMs: number): Promise<boolean>;
  unlock(ensemble: EnsembleId, recovery: string, fence: number): Promise<void>;
  /** The recovery that holds the lock, if any. */
  running(ensemble: EnsembleId): Promise<string | undefined>;
  /** A new id: `r-12`. */
  allocate(): Promise<string>;
  /** Compare-and-set by version (0 for a new one). */
  save(recovery: Recovery, expectedVersion: number): Promise<'written' | 'conflict'>;
  get(ensemble: EnsembleId, id: string): Promise<Recovery | undefined>;
  /** Newest first. At most `recoveriesMax` are kept per ensemble. */
  recent(ensemble: EnsembleId, limit: number): Promise<readonly Recovery[]>;
}

export const recoveriesMax = 200;
