import type { Subject } from '../../model/finding.ts';
import { type Incident, noteCharsMax } from '../../model/incident.ts';
import type { IncidentEvent, Intent } from '../../model/incident-event.ts';
import { keeper } from '../../model/person.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import { isSameMute, type Mute } from '../../model/silence.ts';
import { decideRecovery, withoutComing } from './decide-recovery.ts';

/** What becomes of an intent: events (none when there is nothing to do), or a refusal in words for the person. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly IncidentEvent[] }
  | Refusal;

/**
 * Decides what an intent does to an incident; `undefined` is an incident that does not exist yet. The bot's own intents are never
 * refused: what came too late does nothing. A person always learns why not.
 */
export function decide(incident: Incident | undefined, intent: Intent, nowMs: number): Decision {
  const decision = decideAlone(incident, intent, nowMs);
  return incident === undefined ? decision : withoutComing(incident, decision, nowMs);
}

function decideAlone(incident: Incident | undefined, intent: Intent, nowMs: number): Decision {
  if (intent.kind === 'trigger') return incident === undefined ? begin(intent, nowMs) : nothing;
  if (incident === undefined) return refuse('unknown-incident');
  switch (intent.kind) {
    case 'observe':
      return observe(incident, intent, nowMs);
    case 'recognise':
      return recognise(incident, intent, nowMs);
    case 'page':
      // What is silenced is paged afterwards, if it is still there.
      return isQuiet(incident) && incident.silenced === undefined
        ? events({ kind: 'paged', atMs: nowMs })
        : nothing;
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
    case 'remind':
      return remind(incident, intent, nowMs);
    case 'note':
      return note(incident, intent, nowMs);
    case 'sight':
      return sight(incident, intent, nowMs);
    case 'expire':
      if (incident.unseen === undefined) return nothing;
      return whileOpen(incident, () => [{ kind: 'expired', atMs: nowMs }]);
    case 'mute':
      return mute(incident, intent, nowMs);
    case 'reopen':
      return reopen(incident, intent, nowMs);
    case 'continue':
      return goOn(incident, intent, nowMs);
    case 'mark-recovery':
    case 'plan-recovery':
    case 'begin-recovery':
    case 'drop-recovery':
    case 'stop-recovery':
      return decideRecovery(incident, intent, nowMs);
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

/** Whether a card that has called people may take the name of a fault about this. */
export function mayBeNamed({ state, joined, subject }: Incident, { server }: Subject): boolean {
  return (
    state === 'triggered' &&
    joined === undefined &&
    server !== undefined &&
    server === subject.server
  );
}

function begin(trigger: Of<'trigger'>, nowMs: number): Decision {
  const { page, mute: silence, continues: _, reopensAfterMs: _r, ...intent } = trigger;
  const triggered: IncidentEvent = { ...intent, kind: 'triggered', atMs: nowMs };
  return events(triggered, ...first(page, silence, nowMs));
}

/** A fault that begins under a silence calls nobody. */
function first(page: boolean, silence: Mute | undefined, nowMs: number): readonly IncidentEvent[] {
  if (silence !== undefined) return [{ kind: 'muted', atMs: nowMs, mute: silence }];
  return page ? [{ kind: 'paged', atMs: nowMs }] : [];
}

function mute(incident: Incident, { mute: next }: Of<'mute'>, nowMs: number): Decision {
  if (isSameMute(incident.silenced, next)) return nothing;
  return whileOpen(incident, () => [
    { kind: 'muted', atMs: nowMs, ...(next === undefined ? {} : { mute: next }) },
  ]);
}

function observe(incident: Incident, intent: Of<'observe'>, nowMs: number): Decision {
  const { severity, facts, evidence, grid, symptoms } = intent;
  return whileOpen(incident, () => [
    { kind: 'observed', atMs: nowMs, severity, facts, evidence, grid, symptoms },
  ]);
}

/**
 * Somebody who was called, or who took it on, was told of the old fault: it keeps its name. Only where nobody has taken it on yet, and it
 * is the cause on the same server that is found, one fault stays one card: those who were called hear its name.
 */
function recognise(incident: Incident, intent: Of<'recognise'>, nowMs: number): Decision {
  if (!isQuiet(incident) && !mayBeNamed(incident, intent.subject)) return nothing;
  const { page, ...rest } = intent;
  const recognised: IncidentEvent = { ...rest, kind: 'recognised', atMs: nowMs };
  const calls = page && incident.silenced === undefined && incident.pagedMs === undefined;
  return calls ? events(recognised, { kind: 'paged', atMs: nowMs }) : events(recognised);
}

/** Where a route asks for several people, all but the last of them only join. Who is asked whether they still have it may say so. */
function acknowledge(incident: Incident, intent: Of<'acknowledge'>, nowMs: number): Decision {
  if (incident.state === 'resolved') return resolved(incident);
  const { stamp, needed = 1 } = intent;
  const joined = incident.joined ?? [];
  const earlier =
    incident.reminded === undefined
      ? (incident.acknowledged ?? joined.find(({ by }) => by === stamp.by))
      : undefined;
  if (earlier !== undefined)
    return refuse('already-acknowledged', { incident: incident.id, ...earlier });
  if (incident.state === 'triggered' && joined.length + 1 < needed)
    return events({ kind: 'joined', atMs: nowMs, stamp, needed });
  return events({ kind: 'acknowledged', atMs: nowMs, stamp });
}

/** The clock may take it away only while its question is unanswered. */
function unacknowledge(incident: Incident, intent: Of<'unacknowledge'>, nowMs: number): Decision {
  const { stamp, askedMs } = intent;
  if (askedMs !== undefined)
    return incident.state === 'acknowledged' && incident.reminded?.atMs === askedMs
      ? events({ kind: 'unacknowledged', atMs: nowMs, stamp, lapsed: true })
      : nothing;
  if (incident.state === 'resolved') return resolved(incident);
  if (incident.state === 'triggered' && incident.joined === undefined)
    return refuse('not-acknowledged', { incident: incident.id });
  return events({ kind: 'unacknowledged', atMs: nowMs, stamp });
}

/** Nobody is asked twice, nor about a fault of which nothing is known. */
function remind(incident: Incident, intent: Of<'remind'>, nowMs: number): Decision {
  const { state, acknowledged, reminded, unseen, silenced } = incident;
  if (state !== 'acknowledged' || acknowledged?.atMs !== intent.acknowledgedMs) return nothing;
  if (reminded !== undefined || unseen !== undefined || silenced !== undefined) return nothing;
  return events({ kind: 'reminded', atMs: nowMs });
}

/** What happened may also be written down when it is over. */
function note(incident: Incident, { stamp, text, report }: Of<'note'>, nowMs: number): Decision {
  const words = text.trim().slice(0, noteCharsMax);
  if (words === '') return refuse('note-missing', { incident: incident.id });
  const number = (incident.notes?.at(-1)?.number ?? 0) + 1;
  return events({
    kind: 'noted',
    atMs: nowMs,
    note: { ...stamp, number, text: words, ...(report === undefined ? {} : { report }) },
  });
}

function sight(incident: Incident, { unseen }: Of<'sight'>, nowMs: number): Decision {
  if (incident.unseen?.why === unseen?.why) return nothing;
  return whileOpen(incident, () => [
    { kind: 'sighted', atMs: nowMs, ...(unseen === undefined ? {} : { unseen }) },
  ]);
}

/** Only what ended by itself or by hand, not what became a part of another incident or was given up. */
function reopen(incident: Incident, intent: Of<'reopen'>, nowMs: number): Decision {
  if (incident.foldedInto !== undefined || incident.expired === true) return nothing;
  if (incident.resolvedMs === undefined || incident.resolvedMs < intent.afterMs) return nothing;
  const { page, afterMs: _, mute: silence, ...look } = intent;
  const reopened: IncidentEvent = { ...look, kind: 'reopened', atMs: nowMs };
  return events(reopened, ...first(page, silence, nowMs));
}

/** Only what called nobody, and nobody took on: others were told of the old fault, and of its end. */
function goOn(incident: Incident, intent: Of<'continue'>, nowMs: number): Decision {
  if (!endedQuietly(incident, intent.afterMs)) return nothing;
  const { page, afterMs: _, mute: silence, ...named } = intent;
  const continued: IncidentEvent = { ...named, kind: 'continued', atMs: nowMs };
  return events(continued, ...first(page, silence, nowMs));
}

/** Whether an incident ended by itself, at this time or later, without anybody having been called or having taken it on. */
export function endedQuietly(incident: Incident, afterMs: number): boolean {
  const { resolvedMs, foldedInto, expired, pagedMs, acknowledged, resolvedBy } = incident;
  if (resolvedMs === undefined || resolvedMs < afterMs) return false;
  return [foldedInto, expired, pagedMs, acknowledged, resolvedBy].every((it) => it === undefined);
}

/** The clock only climbs while nobody has acknowledged; a person may call more people at any time. */
function escalate(incident: Incident, intent: Of<'escalate'>, nowMs: number): Decision {
  if (incident.state === 'resolved') return resolved(incident);
  if (intent.fromStep !== undefined && intent.fromStep !== incident.escalationStep) return nothing;
  const { silenced } = incident;
  if (
    intent.stamp.by === keeper.id &&
    (incident.state === 'acknowledged' || silenced !== undefined)
  )
    return nothing;
  if (silenced !== undefined) {
    const { silence, untilMs } = silenced;
    return refuse('silenced', { incident: incident.id, silence, untilMs });
  }
  if (intent.repeat !== undefined && intent.repeat !== (incident.repeats ?? 0) + 1) return nothing;
  const gaps = intent.gaps ?? [];
  if (intent.to.length === 0 && gaps.length > 0 && intent.stamp.by !== keeper.id)
    return refuse('nobody-on-call', { incident: incident.id, schedules: gaps });
  // The clock that finds nobody on call says so on the card; a person is told at once.
  if (intent.to.length === 0 && gaps.length === 0) {
    const code = incident.escalationStep === 0 ? 'nobody-to-escalate-to' : 'escalation-exhausted';
    const { id, ensemble, escalationStep } = incident;
    return refuse(code, { incident: id, ensemble, step: escalationStep });
  }
  return events({
    kind: 'escalated',
    atMs: nowMs,
    stamp: intent.stamp,
    step:
      intent.repeat === undefined
        ? (intent.step ?? incident.escalationStep + 1)
        : incident.escalationStep,
    to: intent.to,
    ...(gaps.length === 0 ? {} : { gaps }),
    ...(intent.repeat === undefined ? {} : { repeat: intent.repeat }),
  });
}

function resolved(incident: Incident): Refusal {
  return refuse('already-resolved', {
    incident: incident.id,
    ...(incident.resolvedMs === undefined ? {} : { atMs: incident.resolvedMs }),
    ...(incident.foldedInto === undefined ? {} : { foldedInto: incident.foldedInto }),
  });
}
