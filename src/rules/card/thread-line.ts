import type { ThreadLine } from '../../model/card.ts';
import { ownEnsemble } from '../../model/ensemble.ts';
import { type Incident, type RecoveryMark, viaPage } from '../../model/incident.ts';
import { covers, type Language, type Person, roleIn } from '../../model/person.ts';
import type { EvidencePack } from '../../model/recovery.ts';
import type { Settings } from '../../model/settings.ts';
import { byHand, calledNames, recoveryText, stoppingText } from './card-lines.ts';
import { evidenceLine } from './evidence-line.ts';
import { lineCharsMax, titleOf } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { type Words, words } from './words/words.ts';

/** People called in one line; more would be noise that teaches everybody to look away. */
export const mentionsMax = 10;

export interface ThreadContext {
  readonly language: Language;
  readonly settings: Settings;
  /** The channel whose handles are wanted: `slack`. */
  readonly channel: string;
  /** What servers said before the recovery of the incident: for the signal that brings it. */
  readonly evidence?: readonly EvidencePack[];
}

/**
 * What is said in the thread of a card for a signal: `paged`, `escalated:<step>`, `recovery:<id>:<state>`, `resolved`, … A page, a
 * fault that got worse and one that nobody has any more call those who may act on the ensemble (or who has it), an escalation the
 * people of its step, a reminder whom it asks; nothing else calls anybody. What follows `~` counts how often the incident came back.
 */
export function threadLine(incident: Incident, signal: string, context: ThreadContext): ThreadLine {
  const line = plainLine(incident, signal, context);
  if (incident.drill === undefined) return line;
  // In front of every line, whatever it says of titles that are marked, too.
  return { ...line, text: words(context.language).drill.mark(line.text) };
}

function plainLine(incident: Incident, signal: string, context: ThreadContext): ThreadLine {
  const { settings, language } = context;
  const all = words(language);
  const said = signal.split('~')[0] ?? '';
  const kind = said.split(':')[0] ?? '';
  switch (kind) {
    case 'paged':
      return {
        text: cut(
          all.common.sentences([
            againText(incident, all),
            all.card.thread.paged(titleOf(incident, all)),
          ]),
          lineCharsMax,
        ),
        mention:
          incident.severity === 'page' ? mentions(operators(incident, settings), context) : [],
      };
    case 'escalated':
    case 'repeat':
      return escalated(incident, context, all, kind);
    case 'unsilenced':
      return {
        text: cut(all.card.thread.unsilenced(titleOf(incident, all)), lineCharsMax),
        mention:
          incident.severity === 'page' ? mentions(operators(incident, settings), context) : [],
      };
    case 'reopened':
      return {
        text: cut(
          all.common.sentences([againText(incident, all), titleOf(incident, all)]),
          lineCharsMax,
        ),
        mention: [],
      };
    case 'worse':
    case 'reminder':
    case 'lapsed':
      return asked(incident, kind, context, all);
    case 'named':
      return {
        text: cut(all.card.thread.named(titleOf(incident, all)), lineCharsMax),
        mention: [],
      };
    case 'has':
    case 'back':
      return { text: handsText(incident, all), mention: [] };
    case 'note':
      return { text: noteText(incident, said, all), mention: [] };
    case 'recovery':
      return {
        text: cut(recovered(incident, said, all), lineCharsMax),
        mention: mentions(
          [
            ...askedToAgree(incident, said, context.settings),
            ...calledAfterFailure(incident, said, context.settings),
          ],
          context,
        ),
      };
    case 'evidence':
      return evidenceLine(incident, context.evidence ?? [], language);
    case 'resolved':
      return { text: cut(ended(incident, all), lineCharsMax), mention: [] };
    default:
      // A signal of a newer version of the bot: the fault's title is never wrong.
      return { text: titleOf(incident, all), mention: [] };
  }
}

/** That it came back, and for which time. */
function againText(incident: Incident, all: Words): string {
  return incident.reopened === undefined ? '' : all.card.thread.again(incident.reopened + 1);
}

/** What is asked of whoever has it, or of everybody who may act where nobody has it. */
function asked(
  incident: Incident,
  kind: 'worse' | 'reminder' | 'lapsed',
  context: ThreadContext,
  all: Words,
): ThreadLine {
  const { thread } = all.card;
  const title = titleOf(incident, all);
  const owner = incident.acknowledged;
  const people =
    owner === undefined
      ? operators(incident, context.settings)
      : context.settings.people.filter(({ id }) => id === owner.by);
  const text = {
    worse: () => thread.worse(title),
    reminder: () => thread.reminder(owner?.name ?? '', title),
    lapsed: () => thread.lapsed(incident.hadBy?.name ?? '', title),
  }[kind]();
  return { text: cut(text, lineCharsMax), mention: mentions(people, context) };
}

/** Who has it, or that nobody has it any more. */
function handsText({ acknowledged, hadBy }: Incident, { card }: Words): string {
  return acknowledged === undefined
    ? card.thread.gaveBack(hadBy?.name ?? '')
    : card.thread.has(acknowledged.name, acknowledged.via);
}

function noteText(incident: Incident, signal: string, all: Words): string {
  const note = incident.notes?.find(({ number }) => `note:${number}` === signal);
  if (note?.report !== undefined) return all.drill.over(note.report);
  return note === undefined ? titleOf(incident, all) : all.card.thread.note(note.name, note.text);
}

function escalated(
  incident: Incident,
  context: ThreadContext,
  all: Words,
  kind: 'escalated' | 'repeat',
): ThreadLine {
  const stamp = incident.escalated;
  if (stamp === undefined) return { text: titleOf(incident, all), mention: [] };
  const people = context.settings.people.filter((person) => stamp.to.includes(person.id));
  const names = calledNames(stamp.to, context.settings, all);
  const { thread } = all.card;
  const gaps = stamp.gaps === undefined ? '' : thread.nobodyOnCall(stamp.gaps);
  const title = titleOf(incident, all);
  const called = names.length === 0 ? '' : callText();
  const withPage = kind === 'escalated' && stamp.via === viaPage;
  return {
    text: cut(
      all.common.sentences(withPage ? [thread.paged(title), gaps, called] : [gaps, called, title]),
      lineCharsMax,
    ),
    // A page that found nobody on call is everybody's.
    mention: mentions(
      withPage && names.length === 0 ? operators(incident, context.settings) : people,
      context,
    ),
  };

  function callText(): string {
    if (kind === 'repeat') return thread.callAgain(names, incident.repeats ?? 1);
    return stamp?.via === viaPage
      ? thread.called(names)
      : thread.escalated(names, stamp === undefined ? '' : byHand(stamp));
  }
}

/** Those who may agree to a recovery that waits for somebody: all operators but those who are in it already. */
function askedToAgree(
  { recovery, subject, ensemble }: Incident,
  signal: string,
  settings: Settings,
): readonly Person[] {
  if (recovery?.state !== 'awaiting' || !signal.endsWith(':awaiting')) return [];
  // A card of its own belongs to the bot, and its recovery to the ensemble it is about.
  const about = ensemble === ownEnsemble ? subject.ensemble : ensemble;
  return settings.people.filter(
    (person) =>
      covers(roleIn(person, about), 'operator') &&
      person.id !== recovery.by &&
      recovery.approval?.given.includes(person.name) !== true,
  );
}

/** What the bot tried by itself failed, or it does not try it: somebody must look now. */
function calledAfterFailure(
  incident: Incident,
  signal: string,
  settings: Settings,
): readonly Person[] {
  const { recovery, state } = incident;
  if (recovery?.automatic === undefined || state !== 'triggered') return [];
  return signal.endsWith(':failed') ? operators(incident, settings) : [];
}

const recoveryStates: readonly RecoveryMark['state'][] = [
  'scheduled',
  'awaiting',
  'aborted',
  'rejected',
  'expired',
  'running',
  'verifying',
  'succeeded',
  'failed',
];

function recovered(incident: Incident, signal: string, all: Words): string {
  const [, id, stateText] = signal.split(':');
  const state = recoveryStates.find((each) => each === stateText);
  const mark = incident.recovery;
  if (mark === undefined || mark.id !== id) return titleOf(incident, all);
  if (stateText === 'stopping')
    return stoppingText(all.card.action(mark.action, mark.server, mark.argument), mark, all);
  return state === undefined ? titleOf(incident, all) : recoveryText(mark, state, all);
}

function ended(incident: Incident, all: Words): string {
  if (incident.foldedInto !== undefined) return all.card.thread.folded(incident.foldedInto);
  if (incident.expired === true)
    return all.card.thread.expired(titleOf(incident, all), incident.unseen?.sinceMs);
  const lastedMs = (incident.resolvedMs ?? incident.openedMs) - incident.sinceMs;
  return all.card.thread.resolved(titleOf(incident, all), lastedMs);
}

function operators(incident: Incident, settings: Settings): readonly Person[] {
  return settings.people.filter((person) => covers(roleIn(person, incident.ensemble), 'operator'));
}

function mentions(people: readonly Person[], { channel }: ThreadContext): readonly string[] {
  return people
    .flatMap((person) => {
      const handle = person.handles[channel];
      return handle === undefined ? [] : [handle];
    })
    .slice(0, mentionsMax);
}
