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

/**
 * Reads a typed line: `ack 12`, `/zk ack 12`, `zk recover restart-server orders zk2 --reason "hung since 3"`. Words are parted by
 * spaces; quotes (also Chinese ones) hold words together; `--name value` and `--name=value` are options.
 * Undefined for an empty or too long line.
 */
export function parseLine(line: string): Invocation | undefined {
  if (line.length > invocationCharsMax) return undefined;
  const words = [
    ...line.matchAll(/--[a-z][a-z-]*=(?:"[^"]*"|\S*)|"([^"]*)"|“([^”]*)”|'([^']*)'|\S+/gu),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? match[0]);
  if (/^\/?zk$/iu.test(words[0] ?? '')) words.shift();
  return invocationOf(words);
}

/** Makes an invocation of words that are parted already, as a command line passes them. Undefined when there is none. */
export function invocationOf(words: readonly string[]): Invocation | undefined {
  const [command, ...rest] = words;
  if (command === undefined) return undefined;
  const args: string[] = [];
  const options: Record<string, string> = {};
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    const option = /^--([a-z][a-z-]*)(?:=(.*))?$/su.exec(word);
    if (option?.[1] === undefined) {
      args.push(word);
    } else if (option[2] === undefined) {
      index += 1;
      options[option[1]] = rest[index] ?? '';
    } else {
      options[option[1]] = option[2].replace(/^"(.*)"$/su, '$1');
    }
  }
  return { command: command.toLowerCase(), args, options };
}
