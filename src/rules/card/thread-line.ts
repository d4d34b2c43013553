import type { ThreadLine } from '../../model/card.ts';
import type { Incident, RecoveryMark } from '../../model/incident.ts';
import { covers, type Language, type Person, roleIn } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { byHand, namesOf, recoveryText } from './card-lines.ts';
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
}

/**
 * What is said in the thread of a card for a signal: `paged`, `escalated:<step>`, `recovery:<id>:<state>`, `resolved`. A page calls
 * those who may act on the ensemble, an escalation the people of its step; nothing else calls anybody.
 */
export function threadLine(incident: Incident, signal: string, context: ThreadContext): ThreadLine {
  const { settings, language } = context;
  const all = words(language);
  const kind = signal.split(':')[0] ?? '';
  switch (kind) {
    case 'paged':
      return {
        text: cut(all.card.thread.paged(titleOf(incident, all)), lineCharsMax),
        mention:
          incident.severity === 'page' ? mentions(operators(incident, settings), context) : [],
      };
    case 'escalated':
      return escalated(incident, context, all);
    case 'recovery':
      return { text: cut(recovered(incident, signal, all), lineCharsMax), mention: [] };
    case 'resolved':
      return { text: cut(ended(incident, all), lineCharsMax), mention: [] };
    default:
      // A signal of a newer version of the bot: the fault's title is never wrong.
      return { text: titleOf(incident, all), mention: [] };
  }
}

function escalated(incident: Incident, context: ThreadContext, all: Words): ThreadLine {
  const stamp = incident.escalated;
  if (stamp === undefined) return { text: titleOf(incident, all), mention: [] };
  const people = context.settings.people.filter((person) => stamp.to.includes(person.id));
  const names = namesOf(stamp.to, context.settings.people);
  const by = byHand(stamp);
  return {
    text: cut(
      all.common.sentences([all.card.thread.escalated(names, by), titleOf(incident, all)]),
      lineCharsMax,
    ),
    mention: mentions(people, context),
  };
}

const recoveryStates: readonly RecoveryMark['state'][] = [
  'running',
  'verifying',
  'succeeded',
  'failed',
];

function recovered(incident: Incident, signal: string, all: Words): string {
  const [, id, stateText] = signal.split(':');
  const state = recoveryStates.find((each) => each === stateText);
  if (incident.recovery === undefined || incident.recovery.id !== id || state === undefined)
    return titleOf(incident, all);
  return recoveryText(incident.recovery, state, all);
}

function ended(incident: Incident, all: Words): string {
  if (incident.foldedInto !== undefined) return all.card.thread.folded(incident.foldedInto);
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
