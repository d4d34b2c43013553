import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import type { Fingerprint, GridCell, Incident, IncidentId } from '../../model/incident.ts';
import type { Intent } from '../../model/incident-event.ts';
import type { EnsembleMemory } from '../../model/memory.ts';
import type { FlapSettings, IncidentSettings } from '../../model/settings.ts';
import type { OwnWork } from './own-work.ts';

/** One look at an ensemble as the correlation gets it. */
export interface CorrelateInput {
  readonly findings: readonly Finding[];
  /** The open incidents of the ensemble. */
  readonly open: readonly Incident[];
  readonly memory: EnsembleMemory;
  readonly view: EnsembleView;
  readonly detectors: readonly Detector[];
  readonly grid: readonly GridCell[];
  /** How long nothing may be known of a fault before that is said, and before it expires. */
  readonly sight?: Pick<IncidentSettings, 'unseenAfterMs' | 'staleAfterMs'>;
  /** When a fault that comes and goes is told as one; never when absent. */
  readonly flap?: FlapSettings;
  /** What the bot itself does to the servers; nothing when absent. */
  readonly own?: OwnWork;
}

/** What must happen to the incidents of an ensemble after a look, in order. */
export type PlanStep =
  | { readonly kind: 'open'; readonly intent: Extract<Intent, { readonly kind: 'trigger' }> }
  | { readonly kind: 'change'; readonly incident: IncidentId; readonly intent: Intent }
  /** The incident became a symptom of another one, which is open by the time this step comes. */
  | { readonly kind: 'fold'; readonly incident: IncidentId; readonly into: Fingerprint };
