import type { Card, GridRow, Tone } from './card.ts';
import type { Invocation } from './invocation.ts';

/** A piece of an answer, before any chat dresses it. */
export type ReplyBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'grid';
      readonly title: string;
      readonly tone: Tone;
      readonly rows: readonly GridRow[];
    }
  | { readonly kind: 'card'; readonly card: Card }
  /** Asks for what is missing before the invocation runs: a modal in Slack, a dialogue in the console, words elsewhere. */
  | { readonly kind: 'form'; readonly form: Form };

/** A question back: shows the sum, asks for a reason, and sends `invocation` with `reason` and `confirm` added. */
export interface Form {
  readonly title: string;
  readonly lines: readonly string[];
  readonly reasonLabel: string;
  readonly submit: string;
  readonly cancel: string;
  readonly danger: boolean;
  readonly invocation: Invocation;
}

/** What an invocation answers. Errors are private and say the next step. */
export interface Reply {
  readonly outcome: 'done' | 'refused' | 'failed' | 'ask';
  readonly visibility: 'private' | 'public';
  readonly blocks: readonly ReplyBlock[];
}
