import type { EnsembleId } from '../../model/ensemble.ts';
import { assert } from '../../model/errors.ts';
import { evidenceMax } from '../../model/finding.ts';
import {
  type Incident,
  type IncidentId,
  notesMax,
  symptomsMax,
  viaPage,
} from '../../model/incident.ts';
import type { IncidentEvent } from '../../model/incident-event.ts';

/** People kept on an incident that several must have. */
export const joinedMax = 10;

/** How long a severity that goes up and down is not told as worse again. */
export const worseQuietMs = 30 * 60_000;

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
  if (event.kind === 'noted')
    return { ...next, notes: [...(incident.notes ?? []), event.note].slice(-notesMax) };
  if (event.kind === 'reopened') return reopen(incident, event);
  if (event.kind === 'continued') {
    const { fingerprint, detector, subject } = event;
    const { reopened: _, ...anew } = reopen(incident, { ...event, kind: 'reopened' });
    return { ...anew, fingerprint, detector, subject };
  }
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
        ...(event.kind === 'recognised' && incident.pagedMs !== undefined
          ? { namedMs: event.atMs }
          : {}),
      };
    case 'observed':
      return { ...next, ...look(event), ...worse(incident, event) };
    case 'paged':
      return { ...next, pagedMs: incident.pagedMs ?? event.atMs };
    case 'joined':
      return {
        ...next,
        joined: [...(incident.joined ?? []), event.stamp].slice(-joinedMax),
        needed: event.needed,
      };
    case 'acknowledged': {
      const { reminded: _, ...rest } = next;
      return { ...rest, state: 'acknowledged', acknowledged: event.stamp };
    }
    case 'unacknowledged':
      return giveBack(next, event);
    case 'reminded':
      return { ...next, reminded: { atMs: event.atMs } };
    case 'sighted': {
      const { unseen: _, ...rest } = next;
      return event.unseen === undefined ? rest : { ...rest, unseen: event.unseen };
    }
    case 'muted':
      return muted(next, event);
    case 'escalated':
      return escalate(next, event);
    case 'folded':
      return { ...next, state: 'resolved', resolvedMs: event.atMs, foldedInto: event.into };
    case 'resolved':
      return {
        ...next,
        state: 'resolved',
        resolvedMs: event.atMs,
        grid: event.grid,
        ...(event.stamp === undefined ? {} : { resolvedBy: event.stamp }),
        ...(event.reason === undefined ? {} : { resolvedReason: event.reason }),
      };
    case 'expired':
      return { ...next, state: 'resolved', resolvedMs: event.atMs, expired: true };
  }
}

/** Who had it, or had joined, is remembered; the escalation counts from now. */
function giveBack(
  incident: Incident,
  { atMs, lapsed }: Extract<IncidentEvent, { readonly kind: 'unacknowledged' }>,
): Incident {
  const { acknowledged, reminded: _r, joined, needed: _n, ...rest } = incident;
  const had = acknowledged ?? joined?.at(-1);
  return {
    ...rest,
    state: 'triggered',
    clockMs: atMs,
    ...(had === undefined ? {} : { hadBy: { ...had, untilMs: atMs, lapsed: lapsed === true } }),
  };
}

/** After a silence the escalation counts from its end: nobody heard of the fault before. */
function muted(
  incident: Incident,
  { atMs, mute }: Extract<IncidentEvent, { readonly kind: 'muted' }>,
): Incident {
  const { silenced: _, ...rest } = incident;
  return mute === undefined
    ? { ...rest, unsilencedMs: atMs, clockMs: atMs }
    : { ...rest, silenced: mute };
}

/** Begins anew: of the earlier round only what happened stays, and how often it did. */
function reopen(
  incident: Incident,
  event: Extract<IncidentEvent, { readonly kind: 'reopened' }>,
): Incident {
  const { id, ensemble, fingerprint, detector, subject, openedMs, recovery, notes } = incident;
  return {
    id,
    ensemble,
    fingerprint,
    detector,
    subject,
    openedMs,
    version: incident.version + 1,
    state: 'triggered',
    ...look(event),
    sinceMs: event.sinceMs,
    escalationStep: 0,
    reopened: (incident.reopened ?? 0) + 1,
    ...(recovery === undefined ? {} : { recovery }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** When it became a page, but for a severity that goes up and down. */
function worse(
  incident: Incident,
  event: Extract<IncidentEvent, { readonly kind: 'observed' }>,
): Pick<Incident, 'worseMs'> {
  if (event.severity !== 'page' || incident.severity === 'page') return {};
  const quiet = incident.worseMs !== undefined && event.atMs - incident.worseMs < worseQuietMs;
  return quiet ? {} : { worseMs: event.atMs };
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

function escalate(
  incident: Incident,
  event: Extract<IncidentEvent, { readonly kind: 'escalated' }>,
): Incident {
  const { repeats: _, ...rest } = incident;
  return {
    ...rest,
    escalationStep: event.step,
    escalated: {
      ...event.stamp,
      to: event.to,
      ...(event.gaps === undefined ? {} : { gaps: event.gaps }),
    },
    ...(event.repeat === undefined ? {} : { repeats: event.repeat }),
    ...(event.stamp.via === viaPage ? { calledWithPage: true } : {}),
  };
}

/** What was seen, within its bounds: the newest symptoms stay. */
function look(
  event: Extract<
    IncidentEvent,
    { readonly kind: 'triggered' | 'recognised' | 'observed' | 'reopened' }
  >,
): Pick<Incident, 'severity' | 'facts' | 'evidence' | 'grid' | 'symptoms'> {
  return {
    severity: event.severity,
    facts: event.facts,
    evidence: event.evidence.slice(0, evidenceMax),
    grid: event.grid,
    symptoms: event.symptoms.slice(-symptomsMax),
  };
}
