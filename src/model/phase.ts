import type { ServerId } from './ensemble.ts';
import type { Facts } from './finding.ts';
import type { ExecOrder, Order } from './order.ts';

/** What one order of a recovery does, by the name its words have. */
export type PhaseName =
  | 'restart'
  | 'stop'
  | 'set-aside'
  | 'put-back'
  | 'start'
  | 'remove-files'
  | 'purge'
  | 'reconfigure'
  | 'command'
  | 'kill-session'
  | 'drop-connection';

/** One order of a recovery that takes several: planned before anything runs, and kept with the recovery. Holds nothing secret. */
export interface Phase {
  readonly name: PhaseName;
  /** The server on whose machine it runs. */
  readonly server: ServerId;
  readonly order: Order;
  /** What its words are filled with, and its check. */
  readonly facts: Facts;
  /** A program that changes nothing and whose output shows whether the order was carried out; absent where the servers show it. */
  readonly probe?: ExecOrder;
}

/** A phase and what became of it. One that a process left `running` when it died is examined, and never run again. */
export interface PhaseRecord extends Phase {
  readonly state: 'planned' | 'running' | 'done' | 'failed';
  /** Set where it takes back what was done before. */
  readonly isUndo?: true;
  readonly startedMs?: number;
  readonly finishedMs?: number;
}
