import type { Drill, DrillState, EndedDrill } from '../model/drill.ts';
import type { EnsembleId, ServerId } from '../model/ensemble.ts';
import type { EnsembleMemory } from '../model/memory.ts';

/** Keeps the last drill of each ensemble. What is written of another drill than the last one is forgotten. */
export interface DrillStore {
  /** Takes the place of the one before. */
  start(drill: Drill): Promise<void>;
  get(ensemble: EnsembleId): Promise<DrillState | undefined>;
  /** True for the first who ends it. */
  end(drill: Drill, ended: EndedDrill): Promise<boolean>;
  remember(drill: Drill, memory: EnsembleMemory): Promise<void>;
  restarted(drill: Drill, server: ServerId, atMs: number): Promise<void>;
}
