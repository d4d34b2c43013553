import type { Invocation } from '../model/invocation.ts';
import type { Language } from '../model/person.ts';
import type { Reply } from '../model/reply.ts';

/** Who knocks, as the edge knows them: the pipeline finds out which configured person that is. */
export interface Caller {
  /** `slack`, `console`, `cli`, `api` */
  readonly via: string;
  /** Their id in that chat (`U012ABC`), or the person id where the edge has checked a token of that person. */
  readonly handle: string;
  /** As the chat shows them; for the audit only. */
  readonly name: string;
  /** Verified e-mail, where the chat tells. */
  readonly email?: string;
  /** Of the place they ask in, where it has one; a person's own comes first. */
  readonly language?: Language;
  /** Where the chat takes an answer that comes later, in its own words. A secret: never shown, never logged. */
  readonly answerTo?: string;
}

/** The one way in for every button, line, command and request. `dedupeId`: the same id answers the same, and runs once. */
export type Act = (invocation: Invocation, caller: Caller, dedupeId?: string) => Promise<Reply>;
