import type { EnsembleId } from '../../model/ensemble.ts';
import { assert } from '../../model/errors.ts';
import { evidenceMax } from '../../model/finding.ts';
import { type Incident, type IncidentId, symptomsMax } from '../../model/incident.ts';
import type { IncidentEvent } from '../../model/incident-event.ts';

/** An incident before its first event: a number, and nothing known. */
export interface NewIncident {
  readonly kind: 'new';
  readonly id: IncidentId;
  readonly ensemble: EnsembleId;
  readonly version: 0;
}

/**
 * The incident after an event. Every event counts the version up; after the end only a recovery still changes what is seen. Total
 * over every incident; a new one can only begin with `triggered`.
 */
export function reduce(incident: Incident | NewIncident, event: IncidentEvent): Incident {
  if ('kind' in incident) return begin(incident, event);
  const next = { ...incident, version: incident.version + 1 };
  if (event.kind === 'recovery') return { ...next, recovery: event.mark };
  if (incident.state === 'resolved') return next;
  switch (event.kind) {
    case 'triggered':
    case 'recognised':
      return {
        ...next,
        ...look(event),
        fingerprint: event.fingerprint,
        detector: event.detector,
        subject: event.subject,
      };
    case 'observed':
      return { ...next, ...look(event) };
    case 'paged':
      return { ...next, pagedMs: incident.pagedMs ?? event.atMs };
    case 'acknowledged':
      return { ...next, state: 'acknowledged', acknowledged: event.stamp };
    case 'unacknowledged': {
      const { acknowledged: _, ...rest } = next;
      return { ...rest, state: 'triggered' };
    }
    case 'escalated':
      return {
        ...next,
        escalationStep: event.step,
        escalated: { ...event.stamp, to: event.to },
      };
    case 'folded':
      return { ...next, state: 'resolved', resolvedMs: event.atMs, foldedInto: event.into };
    case 'resolved':
      return {
        ...next,
        state: 'resolved',
        resolvedMs: event.atMs,
        grid: event.grid,
        ...(event.stamp === undefined ? {} : { resolvedBy: event.stamp }),
      };
  }
}

function begin(incident: NewIncident, event: IncidentEvent): Incident {
  assert(event.kind === 'triggered', 'an incident begins with the event `triggered`');
  return {
    id: incident.id,
    ensemble: incident.ensemble,
    fingerprint: event.fingerprint,
    detector: event.detector,
    subject: event.subject,
    state: 'triggered',
    version: 1,
    ...look(event),
    sinceMs: event.sinceMs,
    openedMs: event.atMs,
    escalationStep: 0,
  };
}

/** What was seen, within its bounds: the newest symptoms stay. */
function look(
  event: Extract<IncidentEvent, { readonly kind: 'triggered' | 'recognised' | 'observed' }>,
): Pick<Incident, 'severity' | 'facts' | 'evidence' | 'grid' | 'symptoms'> {
  return {
    severity: event.severity,
    facts: event.facts,
    evidence: event.evidence.slice(0, evidenceMax),
    grid: event.grid,
    symptoms: event.symptoms.slice(-symptomsMax),
  };
}
