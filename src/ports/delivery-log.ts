import type { EnsembleId } from '../model/ensemble.ts';
import type { IncidentId } from '../model/incident.ts';
import type { DeliveryRecord } from '../model/notification.ts';

/** A lease on one destination of one incident: whoever holds it is the only one who sends. */
export interface DeliveryClaim {
  readonly record: DeliveryRecord;
  readonly token: string;
}

/** What every destination was told. A crash between send and record is found by the `attempt` that was left behind. */
export interface DeliveryLog {
  /** Takes the lease for `leaseMs`; `held` with the time it ends when somebody else has it. */
  claim(
    ensemble: EnsembleId,
    incident: IncidentId,
    destination: string,
    leaseMs: number,
  ): Promise<DeliveryClaim | { readonly heldForMs: number }>;
  /**
   * Writes the record while the lease is still ours, and lengthens the lease; with `leaseMs` 0 it is given back in the same step. `lost`
   * when it is not ours: stop at once.
   */
  write(
    claim: DeliveryClaim,
    record: DeliveryRecord,
    leaseMs: number,
  ): Promise<DeliveryClaim | 'lost'>;
  /** Lengthens the lease while a message is on its way; false when it is not ours any more. */
  renew(claim: DeliveryClaim, leaseMs: number): Promise<boolean>;
  release(claim: DeliveryClaim): Promise<void>;
  /** All records of an incident. */
  records(ensemble: EnsembleId, incident: IncidentId): Promise<readonly DeliveryRecord[]>;
}
