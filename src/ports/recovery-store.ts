import type { EnsembleId } from '../model/ensemble.ts';
import type { EvidencePack, Recovery } from '../model/recovery.ts';

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
  /** Adds what a server said before a recovery acted on it; the packs of the newest `evidenceKept` recoveries stay. */
  keepEvidence(ensemble: EnsembleId, id: string, packs: readonly EvidencePack[]): Promise<void>;
  evidence(ensemble: EnsembleId, id: string): Promise<readonly EvidencePack[]>;
  get(ensemble: EnsembleId, id: string): Promise<Recovery | undefined>;
  /** Newest first. At most `recoveriesMax` are kept per ensemble. */
  recent(ensemble: EnsembleId, limit: number): Promise<readonly Recovery[]>;
}

export const recoveriesMax = 200;

/** Recoveries of an ensemble whose evidence is kept: some 10 kB each when packed, at most 200 kB per server. */
export const evidenceKept = 20;
