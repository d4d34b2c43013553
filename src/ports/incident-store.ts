import type { AuditEntry } from '../model/audit.ts';
import type { EnsembleId } from '../model/ensemble.ts';
import type { Fingerprint, Incident, IncidentId } from '../model/incident.ts';
import type { IncidentEvent } from '../model/incident-event.ts';

/** A new state of an incident with everything that must be written in the same atomic step. */
export interface IncidentChange {
  readonly incident: Incident;
  /** The version the change was decided on; 0 for a new incident. */
  readonly expectedVersion: number;
  /** The fingerprint the incident had before, where it changed. */
  readonly previousFingerprint?: Fingerprint;
  readonly events: readonly IncidentEvent[];
  readonly audit: readonly AuditEntry[];
}

/**
 * `conflict` when the version is not the expected one any more, or when another open incident holds the fingerprint: nothing is
 * written, load again and decide again.
 */
export type CommitOutcome = 'written' | 'conflict';

/** Keeps incidents. The only writer is `pipeline/apply.ts`. */
export interface IncidentStore {
  /** A number no other incident has, bound to the ensemble; with `count`, the first of that many in a row. */
  allocate(ensemble: EnsembleId, count?: number): Promise<IncidentId>;
  /** Writes incident, events and audit together. The incident is put on the restless list. */
  commit(change: IncidentChange): Promise<CommitOutcome>;
  /** The same for several incidents of one ensemble, on one way there and back: each is written, or not, on its own. */
  commitAll(
    ensemble: EnsembleId,
    changes: readonly IncidentChange[],
  ): Promise<readonly CommitOutcome[]>;
  /** Whoever knows the ensemble says so, and spares the question which one it is. */
  get(id: IncidentId, ensemble?: EnsembleId): Promise<Incident | undefined>;
  /** All open incidents of an ensemble, oldest first. */
  open(ensemble: EnsembleId): Promise<readonly Incident[]>;
  /** The newest incidents of an ensemble, newest first, at most `limit`. */
  recent(ensemble: EnsembleId, limit: number): Promise<readonly Incident[]>;
  /** The timeline, oldest first. At most `eventsMax` are kept. */
  events(id: IncidentId): Promise<readonly IncidentEvent[]>;
  /** Appends entries that belong to no incident change (refusals, recoveries). */
  audit(entries: readonly AuditEntry[]): Promise<void>;
  /** The newest audit entries of an ensemble, newest first. */
  audited(ensemble: EnsembleId, limit: number): Promise<readonly AuditEntry[]>;
  /** Everything that has had incidents, in the configuration or not any more. */
  ensembles(): Promise<readonly EnsembleId[]>;
  /** Incidents that some destination may not show as they are: ids with the version they were put on the list at. */
  restless(
    ensemble: EnsembleId,
  ): Promise<readonly { readonly id: IncidentId; readonly version: number }[]>;
  /** Takes an incident off the list unless it has a newer version by now. */
  settle(ensemble: EnsembleId, id: IncidentId, version: number): Promise<void>;
}

/** Events kept per incident; the oldest but the first go. */
export const eventsMax = 500;

/** Resolved incidents kept per ensemble. */
export const incidentsMax = 1000;
