import type { Subject } from '../../model/finding.ts';
import { viaPage } from '../../model/incident.ts';
import type { IncidentEvent } from '../../model/incident-event.ts';
import type { Language, Person } from '../../model/person.ts';
import { byHand, namesOf, recoveryText } from './card-lines.ts';
import { detailCharsMax } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { faultWords } from './words/faults.ts';
import { type Words, words } from './words/words.ts';

/** One thing that happened to an incident, in words. */
export interface TimelineRow {
  readonly atMs: number;
  readonly text: string;
  readonly event: IncidentEvent;
}

/** What gives the incident its name. */
function isNaming(
  event: IncidentEvent,
): event is Extract<IncidentEvent, { readonly kind: 'triggered' | 'recognised' | 'continued' }> {
  return event.kind === 'triggered' || event.kind === 'recognised' || event.kind === 'continued';
}

/** The life of an incident in words, oldest first. Looks that showed nothing new to a reader are left out. */
export function timeline(
  events: readonly IncidentEvent[],
  language: Language,
  people: readonly Person[],
  charsMax: number = detailCharsMax,
): readonly TimelineRow[] {
  const all = words(language);
  const rows: TimelineRow[] = [];
  let fault: Fault = { detector: '', subject: { ensemble: '' } };
  let shown = '';
  for (const event of events) {
    if (isNaming(event)) fault = event;
    if ('facts' in event) {
      const title = faultWords(all, fault.detector).title(fault.subject, event.facts);
      if (title === shown && event.kind === 'observed') continue;
      shown = title;
    }
    rows.push({
      atMs: event.atMs,
      text: cut(lineOf(event, shown, all, people), charsMax),
      event,
    });
  }
  return rows;
}

interface Fault {
  readonly detector: string;
  readonly subject: Subject;
}

function lineOf(
  event: IncidentEvent,
  title: string,
  all: Words,
  people: readonly Person[],
): string {
  const { timeline: line } = all.card;
  switch (event.kind) {
    case 'triggered':
      return line.triggered(title);
    case 'observed':
      return line.observed(title);
    case 'recognised':
    case 'continued':
      return line.recognised(title);
    case 'paged':
      return line.paged;
    case 'acknowledged':
      return line.acknowledged(event.stamp.name, event.stamp.via);
    case 'unacknowledged':
      return event.lapsed === true
        ? line.lapsed
        : line.unacknowledged(event.stamp.name, event.stamp.via);
    case 'joined':
      return line.joined(event.stamp.name, event.stamp.via);
    case 'reminded':
      return line.reminded;
    case 'noted':
      return line.noted(event.note.name, event.note.text);
    case 'sighted':
      return event.unseen === undefined ? line.seenAgain : line.unseen(event.unseen.sinceMs);
    case 'muted':
      return event.mute === undefined
        ? line.unsilenced
        : line.silenced(event.mute.untilMs, event.mute.name, event.mute.reason);
    case 'expired':
      return line.expired;
    case 'reopened':
      return line.reopened(title);
    case 'escalated':
      return escalated(event, all, people);
    case 'folded':
      return line.folded(event.into);
    case 'resolved':
      return event.stamp === undefined
        ? line.resolved
        : all.common.join([line.resolvedBy(event.stamp.name, event.stamp.via), event.reason ?? '']);
    case 'recovery':
      return recoveryText(event.mark, event.mark.state, all);
  }
}

function escalated(
  event: Extract<IncidentEvent, { readonly kind: 'escalated' }>,
  all: Words,
  people: readonly Person[],
): string {
  const { timeline: line } = all.card;
  const names = namesOf(event.to, people);
  return all.common.join([
    names.length === 0 ? '' : callText(),
    event.gaps === undefined ? '' : all.card.nobodyOnCall(event.gaps),
  ]);

  function callText(): string {
    if (event.repeat !== undefined) return line.again(names, event.repeat);
    if (event.stamp.via === viaPage) return line.called(names);
    return line.escalated(names, byHand(event.stamp));
  }
}
