import type { EnsembleId } from '../model/ensemble.ts';

/** One running process of the bot, by a name it chose at its start. */
export type ReplicaId = string;

/** Which replicas live, and which of them runs the sensors of an ensemble. */
export interface Ownership {
  /** This replica. */
  readonly replica: ReplicaId;
  /** Says that this replica lives for the next `leaseMs`; answers all that live, this one included, in order. */
  beat(leaseMs: number): Promise<readonly ReplicaId[]>;
  /**
   * Takes or keeps ensembles; answers those that are ours now. One whose holder lives stays with it until it lets go. A replica
   * whose heartbeat has run out holds nothing, whatever it believes.
   */
  hold(ensembles: readonly EnsembleId[]): Promise<readonly EnsembleId[]>;
  /** Lets go of an ensemble, once its sensors are closed. */
  release(ensemble: EnsembleId): Promise<void>;
  /** Lets go of everything and lives no more: the others take over at once. */
  leave(): Promise<void>;
}
