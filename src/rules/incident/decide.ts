import type { Incident } from '../../model/incident.ts';
import type { IncidentEvent, Intent } from '../../model/incident-event.ts';
import { keeper } from '../../model/person.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';

/** What becomes of an intent: events (none when there is nothing to do), or a refusal in words for the person. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly IncidentEvent[] }
  | Refusal;

/**
 * Decides what an intent does to an incident; `undefined` is an incident that does not exist yet. The bot's own intents are never
 * refused: what came too late does nothing. A person always learns why not.
 */
export function decide(incident: Incident | undefined, intent: Intent, nowMs: number): Decision {
  if (intent.kind === 'trigger') return incident === undefined ? begin(intent, nowMs) : nothing;
  if (incident === undefined) return refuse('unknown-incident');
  switch (intent.kind) {
    case 'observe':
      return observe(incident, intent, nowMs);
    case 'recognise':
      return recognise(incident, intent, nowMs);
    case 'page':
      return isQuiet(incident) ? events({ kind: 'paged', atMs: nowMs }) : nothing;
    case 'acknowledge':
      return acknowledge(incident, intent, nowMs);
    case 'unacknowledge':
      return unacknowledge(incident, intent, nowMs);
    case 'escalate':
      return escalate(incident, intent, nowMs);
    case 'fold':
      if (intent.into === incident.id) return nothing;
      return whileOpen(incident, () => [{ kind: 'folded', atMs: nowMs, into: intent.into }]);
    case 'resolve':
      if (intent.stamp !== undefined && incident.state === 'resolved') return resolved(incident);
      return whileOpen(incident, () => [{ ...intent, kind: 'resolved', atMs: nowMs }]);
    case 'mark-recovery':
      return events({ kind: 'recovery', atMs: nowMs, mark: intent.mark });
  }
}

type Of<Kind extends Intent['kind']> = Extract<Intent, { readonly kind: Kind }>;

const nothing: Decision = { kind: 'events', events: [] };

function events(...list: readonly IncidentEvent[]): Decision {
  return { kind: 'events', events: list };
}

function whileOpen(incident: Incident, list: () => readonly IncidentEvent[]): Decision {
  return incident.state === 'resolved' ? nothing : events(...list());
}

/** True while nobody was called and nobody has taken it on. */
function isQuiet(incident: Incident): boolean {
  return incident.state === 'triggered' && incident.pagedMs === undefined;
}

function begin({ page, ...intent }: Of<'trigger'>, nowMs: number): Decision {
  const triggered: IncidentEvent = { ...intent, kind: 'triggered', atMs: nowMs };
  return page ? events(triggered, { kind: 'paged', atMs: nowMs }) : events(triggered);
}

function observe(incident: Incident, intent: Of<'observe'>, nowMs: number): Decision {
  const { severity, facts, evidence, grid, symptoms } = intent;
  return whileOpen(incident, () => [
    { kind: 'observed', atMs: nowMs, severity, facts, evidence, grid, symptoms },
  ]);
}

/** Somebody who was called, or who took it on, was told of the old fault: it keeps its name. */
function recognise(incident: Incident, intent: Of<'recognise'>, nowMs: number): Decision {
  if (!isQuiet(incident)) return nothing;
  const { page, ...rest } = intent;
  const recognised: IncidentEvent = { ...rest, kind: 'recognised', atMs: nowMs };
  return page ? events(recognised, { kind: 'paged', atMs: nowMs }) : events(recognised);
}

function acknowledge(incident: Incident, intent: Of<'acknowledge'>, nowMs: number): Decision {
  if (incident.state === 'resolved') return resolved(incident);
  const earlier = incident.acknowledged;
  if (earlier !== undefined)
    return refuse('already-acknowledged', { incident: incident.id, ...earlier });
  return events({ kind: 'acknowledged', atMs: nowMs, stamp: intent.stamp });
}

function unacknowledge(incident: Incident, intent: Of<'unacknowledge'>, nowMs: number): Decision {
  if (incident.state === 'resolved') return resolved(incident);
  if (incident.state === 'triggered') return refuse('not-acknowledged', { incident: incident.id });
  return events({ kind: 'unacknowledged', atMs: nowMs, stamp: intent.stamp });
}

/** The clock only climbs while nobody has acknowledged; a person may call more people at any time. */
function escalate(incident: Incident, intent: Of<'escalate'>, nowMs: number): Decision {
  if (incident.state === 'resolved') return resolved(incident);
  if (intent.fromStep !== undefined && intent.fromStep !== incident.escalationStep) return nothing;
  if (intent.stamp.by === keeper.id && incident.state === 'acknowledged') return nothing;
  if (intent.to.length === 0) {
    const code = incident.escalationStep === 0 ? 'nobody-to-escalate-to' : 'escalation-exhausted';
    const { id, ensemble, escalationStep } = incident;
    return refuse(code, { incident: id, ensemble, step: escalationStep });
  }
  return events({
    kind: 'escalated',
    atMs: nowMs,
    stamp: intent.stamp,
    step: incident.escalationStep + 1,
    to: intent.to,
  });
}

function resolved(incident: Incident): Refusal {
  return refuse('already-resolved', {
    incident: incident.id,
    ...(incident.resolvedMs === undefined ? {} : { atMs: incident.resolvedMs }),
    ...(incident.foldedInto === undefined ? {} : { foldedInto: incident.foldedInto }),
  });
}
