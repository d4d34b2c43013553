import type { webApi } from '@slack/bolt';
import type { Language } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import type { Act, Caller } from '../../ports/act.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { type Words, words } from '../../rules/card/words/words.ts';
import type { Home } from './home.ts';
import type { People } from './people.ts';

/** What the listeners work with. */
export interface Desk {
  readonly act: Act;
  readonly client: webApi.WebClient;
  /** For files, which are slow: a limit of theirs must hold up no modal. */
  readonly uploader: webApi.WebClient;
  readonly people: People;
  readonly home: Home;
  /** The configuration in force. */
  settings(): Settings;
  /** Aborts when nobody waits for answers any more. */
  readonly giveUp: AbortSignal;
  readonly log: Log;
  readonly clock: Clock;
}

/** Where an answer goes: the address that came with the click or the command, and the modal it may still open. */
export interface Asked {
  readonly caller: Caller;
  readonly language: Language;
  readonly dedupeId: string;
  readonly triggerId: string;
  readonly triggeredMs: number;
  /** Empty where there is no conversation: on the bot's own page. */
  readonly responseUrl: string;
  readonly messageTs?: string;
  /** Undefined on the bot's own page. */
  readonly conversation?: string | undefined;
}

/** The language of what no reply carries: the person's own, then that of the destination, then that of the configuration. */
export function languageFor(
  settings: Pick<Settings, 'people' | 'destinations' | 'language'>,
  handle: string,
  conversation: string | undefined,
): Language {
  const person = settings.people.find(({ handles }) => handles['slack'] === handle);
  return person?.language ?? languageAt(settings, conversation) ?? settings.language;
}

/** The language of a conversation, where a destination says one. */
export function languageAt(
  { destinations }: Pick<Settings, 'destinations'>,
  conversation: string | undefined,
): Language | undefined {
  return destinations.find(
    ({ channel, address }) => channel === 'slack' && address === conversation,
  )?.language;
}

/** The words of Slack in the reader's language. */
export function slackWords({ language }: Pick<Asked, 'language'>): Words['slack'] {
  return words(language).slack;
}
