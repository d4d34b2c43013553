import type { Language } from '../../model/person.ts';
import type { Said } from './render.ts';

/** One SMS to one number. A provider takes of it what it can: the text, or the variables of a template. */
export interface Message {
  readonly to: string;
  readonly text: string;
  readonly variables: Said['variables'];
  readonly language: Language;
  /** The same for every try of the same message to the same number. */
  readonly id: string;
}

/** What became of a message. `unknown`: the answer got lost, and it may be on its way. */
export type Outcome =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'temporary' | 'unknown';
      readonly reason: string;
    }
  /** `ofNumber`: others can have it all the same. */
  | { readonly kind: 'refused'; readonly reason: string; readonly ofNumber: boolean }
  | {
      readonly kind: 'limited';
      readonly reason: string;
      readonly waitMs: number;
      readonly ofNumber: boolean;
    };

/** What keeps a number from having it. */
export type Failed = Exclude<Outcome, { readonly kind: 'sent' }>;

/** Who sends SMS for us. Neither provider knows a message again that it has had: asking is our affair. */
export interface Provider {
  /** As people call it. */
  readonly name: string;
  /** Sends once. A failure is an outcome, free of secrets and whole numbers. */
  send(message: Message): Promise<Outcome>;
  /** Whether a message is on its way or has arrived; an outcome other than `sent` where that cannot be found out now. */
  find(message: Message, sinceMs: number): Promise<Outcome | 'not-there'>;
}

/** A number as logs and errors show it: enough to know whose it is, too little to call. */
export function masked(number: string): string {
  return `${number.slice(0, 3)}…${number.slice(-2)}`;
}
