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

/**
 * A picture that goes with an answer. Shown in the thread or in line where the chat can, with `alt` for those who do not see it; the
 * blocks of the answer say the same in words and a sparkline, for wherever pictures cannot go.
 */
export interface Picture {
  /** A file name: `orders-write-latency.png`. */
  readonly name: string;
  readonly mediaType: 'image/png';
  readonly alt: string;
  /** The bytes in base64, at most `pictureBytesMax` of them, so that an answer can travel as JSON. */
  readonly base64: string;
}

/** A chart of 1200 × 750 takes some 60 kB. */
export const pictureBytesMax = 1_000_000;

/** What an invocation answers. Errors are private and say the next step. */
export interface Reply {
  readonly outcome: 'done' | 'refused' | 'failed' | 'ask';
  readonly visibility: 'private' | 'public';
  readonly blocks: readonly ReplyBlock[];
  /** At most one today. */
  readonly pictures?: readonly Picture[];
}
