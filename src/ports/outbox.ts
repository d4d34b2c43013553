import type { DestinationRecord, Lane, Waiting } from '../model/destination.ts';
import type { EnsembleId } from '../model/ensemble.ts';
import type { IncidentId } from '../model/incident.ts';

/** A lease on one destination: whoever holds it is the only one who sends there. */
export interface DestinationClaim {
  readonly record: DestinationRecord;
  readonly token: string;
}

/** What waits at a destination, most urgent first. */
export interface Queue {
  readonly waiting: readonly Waiting[];
  /** When the next one is ripe that is not yet; absent when nothing else waits. */
  readonly nextAtMs?: number;
  /** Counts everything ever asked for here: what `leave` compares. */
  readonly seen: number;
}

/** One incident that a destination is to be brought up to date with. */
export interface Wish {
  readonly ensemble: EnsembleId;
  readonly incident: IncidentId;
  readonly lane: Lane;
  readonly atMs: number;
  readonly patient: boolean;
}

/**
 * What waits to be told at each destination, and who tells it. May be lost as a whole: the sweep asks again for everything that some
 * destination does not show.
 */
export interface Outbox {
  /**
   * Asks that a destination be brought up to date with an incident. Asked again, it moves to the more urgent lane and keeps the time
   * since when it waits; `patient` leaves alone what waits already. `wake` when nobody is at it: start a job.
   */
  ask(destination: string, wish: Wish): Promise<'wake' | 'awake'>;
  /** What is ripe, at most `limit`: by lane, then by the time it became ripe. */
  queue(destination: string, nowMs: number, limit: number): Promise<Queue>;
  /** Takes it off, unless it was asked for again meanwhile. */
  done(destination: string, item: Waiting): Promise<void>;
  /** Puts it off until then, unless it was asked for again meanwhile. */
  later(destination: string, item: Waiting, atMs: number): Promise<void>;
  /** Makes everything ripe now: the destination is worth another try. */
  ripen(destination: string, nowMs: number): Promise<void>;
  /** Takes the lease for `leaseMs`; `heldForMs` when somebody else has it. */
  claim(
    destination: string,
    leaseMs: number,
  ): Promise<DestinationClaim | { readonly heldForMs: number }>;
  /** Writes the record while the lease is still ours, and lengthens the lease. `lost` when it is not: stop at once. */
  write(
    claim: DestinationClaim,
    record: DestinationRecord,
    leaseMs: number,
  ): Promise<DestinationClaim | 'lost'>;
  /** Lengthens the lease while a message is on its way; false when it is not ours any more. */
  renew(claim: DestinationClaim, leaseMs: number): Promise<boolean>;
  /** Gives the lease back, unless something was asked for since `seen`: then it stays ours, and there is `more`. */
  leave(claim: DestinationClaim, seen: number): Promise<'left' | 'more'>;
}
