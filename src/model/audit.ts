import type { EnsembleId } from './ensemble.ts';
import type { Facts } from './finding.ts';
import type { IncidentId } from './incident.ts';

/** Who asked what, what was decided and why, what happened. */
export interface AuditEntry {
  readonly atMs: number;
  readonly ensemble: EnsembleId;
  /** Person id, `slack:U0999` for a stranger, `nightkeeper` for the bot. */
  readonly who: string;
  readonly name: string;
  readonly via: string;
  /** Command, intent or recovery step: `ack`, `trigger`, `recovery:run`. */
  readonly what: string;
  readonly incident?: IncidentId;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** The refusal code, or why. */
  readonly why?: string;
  readonly facts: Facts;
}

/** Audit entries kept per ensemble; the oldest go first. */
export const auditMax = 10_000;
