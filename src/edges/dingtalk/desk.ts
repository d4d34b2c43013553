import type { Card } from '../../model/card.ts';
import type { IncidentId } from '../../model/incident.ts';
import type { Invocation } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Settings } from '../../model/settings.ts';
import type { Act, Caller } from '../../ports/act.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { words } from '../../rules/card/words/words.ts';
import type { Sender } from './deliver.ts';
import { seenMs } from './limits.ts';
import type { Meter } from './meter.ts';

/** The card a destination should show of an incident as it is now. */
export type CardNow = (incident: IncidentId, destination: string) => Promise<Card | undefined>;

/**
 * After a chat has changed a card by itself: delivery sees to it that it looks as it should. `shown` is what it is known to look like
 * now; without it, that is not known.
 */
export type LookAgain = (
  incident: IncidentId,
  destination: string,
  shown: Card | undefined,
) => Promise<void>;

/** What the answers to people work with. */
export interface Desk extends Sender {
  readonly act: Act;
  readonly cardNow: CardNow;
  readonly lookAgain: LookAgain;
  readonly memory: ShortMemory;
  readonly meter: Meter;
  /** Aborts when nobody waits for answers any more. */
  readonly giveUp: AbortSignal;
  /** The configuration in force, for people and languages. */
  readonly house: () => Settings;
}

/** The language of a person: their own, else that of where they pressed or wrote, else that of the configuration. */
export function languageOf(caller: Caller, { house }: Pick<Desk, 'house'>): Language {
  const settings = house();
  const person = settings.people.find(({ handles }) => handles['dingtalk'] === caller.handle);
  return person?.language ?? caller.language ?? settings.language;
}

/** Ids remembered by this process, for the time that Redis is away. */
const seenMax = 1000;

/**
 * True for the first who handles this id, of all replicas: DingTalk repeats what it had no answer for, and picks any open socket.
 * Without Redis each replica remembers for itself.
 */
export function createFirst(memory: ShortMemory): (id: string) => Promise<boolean> {
  const seen = new Set<string>();
  return async (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > seenMax && oldest !== undefined) seen.delete(oldest);
    return await memory.claim(`dingtalk:seen:${id}`, seenMs).catch(() => true);
  };
}

/** Runs an invocation; an error becomes words for the person and facts for the log. */
export async function run(
  invocation: Invocation,
  asked: { readonly caller: Caller; readonly id: string },
  desk: Pick<Desk, 'act' | 'log' | 'house'>,
): Promise<Reply> {
  try {
    return await desk.act(invocation, asked.caller, `dingtalk:${asked.id}`);
  } catch (error) {
    const { command } = invocation;
    desk.log.error({ err: error, command, invocation: asked.id }, 'an invocation failed');
    return { ...refusal(words(languageOf(asked.caller, desk)).dingtalk.failed), outcome: 'failed' };
  }
}

export function refusal(text: string): Reply {
  return { outcome: 'refused', visibility: 'private', blocks: [{ kind: 'text', text }] };
}

export function said(text: string): Reply {
  return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
}
