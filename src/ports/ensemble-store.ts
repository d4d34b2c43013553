import type { Ensemble, EnsembleId, ServerId } from '../model/ensemble.ts';
import type { EnsembleMemory } from '../model/memory.ts';
import type { Sample } from '../model/sample.ts';
import type { EnsembleStatus } from '../model/status.ts';

/** Remembers what was seen of ensembles: a bounded ring of samples per server, the memory of the judgement, the newest status. */
export interface EnsembleStore {
  /** The members as last discovered. */
  ensemble(id: EnsembleId): Promise<Ensemble | undefined>;
  saveEnsemble(ensemble: Ensemble): Promise<void>;
  /** Everything a look needs, in one round trip. History is oldest first, at most `limit` per server. */
  recall(
    id: EnsembleId,
    servers: readonly ServerId[],
    limit: number,
  ): Promise<{
    readonly memory: EnsembleMemory;
    readonly history: Readonly<Record<ServerId, readonly Sample[]>>;
  }>;
  /**
   * Adds the samples to the rings and replaces memory and status, if the memory still has the expected version and the look is
   * newer than the one remembered. `conflict` otherwise: somebody looked meanwhile, and nothing is written.
   */
  remember(look: {
    readonly ensemble: EnsembleId;
    readonly samples: readonly Sample[];
    readonly memory: EnsembleMemory;
    readonly expectedVersion: number;
    readonly status: EnsembleStatus;
  }): Promise<'written' | 'conflict'>;
  status(id: EnsembleId): Promise<EnsembleStatus | undefined>;
  /** Samples of one server, oldest first, at most `limit`. */
  history(id: EnsembleId, server: ServerId, limit: number): Promise<readonly Sample[]>;
}

/** Samples kept per server: an hour at the default tick of 5 s, about 400 bytes each. */
export const samplesMax = 720;
