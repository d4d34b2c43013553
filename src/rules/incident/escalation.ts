import type { Incident } from '../../model/incident.ts';
import type { EscalationStep } from '../../model/settings.ts';

/**
 * The step that comes after those already taken: its number (counted from 1), whom it calls, and how long after the page it is due.
 * Undefined when there is no further step.
 */
export function nextEscalation(
  steps: readonly EscalationStep[],
  incident: Incident,
):
  | { readonly step: number; readonly people: readonly string[]; readonly afterMs: number }
  | undefined {
  const next = steps[incident.escalationStep];
  if (next === undefined) return undefined;
  return { step: incident.escalationStep + 1, people: next.people, afterMs: next.afterMs };
}
