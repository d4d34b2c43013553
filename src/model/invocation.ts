import type { Actor } from './person.ts';

/**
 * A command with its arguments filled in. A button is one, and so are `/zk ack 12`, `nightkeeper ack 12` and
 * `POST /api/v1/commands`.
 */
export interface Invocation {
  /** The name of the command: `ack`. */
  readonly command: string;
  /** Arguments as words, in the order of the command's usage: `['12']`. */
  readonly args: readonly string[];
  /** Named extras: `{ reason: 'hung since 3 am', confirm: 'yes' }`. */
  readonly options: Readonly<Record<string, string>>;
}

/** Where an invocation comes from. */
export interface Origin {
  /** `slack`, `console`, `cli`, `api` */
  readonly via: string;
  readonly actor: Actor;
  /** Set by the edge when the chat re-sends: the same id runs once. */
  readonly dedupeId?: string;
}

/** Characters of one invocation that are read; more is refused. */
export const invocationCharsMax = 4000;
