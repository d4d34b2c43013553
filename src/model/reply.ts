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
      /** A colour for each row, where the rows stand for something that is well or not. */
      readonly tones?: readonly Tone[];
    }
  | {
      readonly kind: 'grid';
      readonly title: string;
      readonly tone: Tone;
      readonly rows: readonly GridRow[];
    }
  | { readonly kind: 'card'; readonly card: Card }
  /** An address to open, with the words to press. */
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** Lines that a typed one can become: things to tap where the chat can, to read and type elsewhere. */
  | {
      readonly kind: 'completions';
      readonly title: string;
      readonly lines: readonly CompletedLine[];
    }
  /** Asks for what is missing before the invocation runs: a modal in Slack, a dialogue in the console, words elsewhere. */
  | { readonly kind: 'form'; readonly form: Form };

/** What an incomplete or misspelt line can become. */
export interface CompletedLine {
  /** As it is typed behind `/zk`, and as `parseLine` reads it: `ack 12`. It can be sent as it is; what it still lacks is answered again. */
  readonly line: string;
  /** What its new word stands for: the title of an incident, what a command does. May be empty. */
  readonly hint: string;
}

/**
 * Something a form asks for besides the reason; sent as the option `name`. Whoever shows the form may leave out what it cannot ask:
 * the invocation is good without it.
 */
export type FormField =
  /** One of a few; `chosen` at first. */
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly chosen: string;
    }
  /** A day and a time, in the zone of whoever looks; sent in ms, left out when nothing was picked. */
  | { readonly kind: 'moment'; readonly name: string; readonly label: string }
  /** A box to tick; sent as `yes`, left out otherwise. */
  | { readonly kind: 'flag'; readonly name: string; readonly label: string };

/** A question back: shows the sum, asks for a reason, and sends `invocation` with `reason`, `confirm` and the fields added. */
export interface Form {
  readonly title: string;
  readonly lines: readonly string[];
  /** Asked before the reason. */
  readonly fields?: readonly FormField[];
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
  /** The same for programs, where a command has more to tell them than words. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The field of a form that a refusal is about, to be said under it: `reason`, `until`. */
  readonly field?: string;
}
