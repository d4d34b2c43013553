import type { ServerId } from './ensemble.ts';

/** Why something is not seen: `words` are not allowed, a question `failed`, the machine has a `gap`, … */
export type NotSeenWhy =
  | 'words'
  | 'failed'
  | 'not-configured'
  | 'gap'
  | 'no-log'
  | 'no-crawl'
  | 'crawl-cut'
  | 'old-version'
  | 'no-monitor';

/** Something the bot does not see of a server, what it misses by that, and what would open its eyes. */
export interface NotSeen {
  /** The server, or the ensemble where it is about all of it. */
  readonly server: ServerId;
  readonly what:
    | 'words'
    | 'admin'
    | 'session'
    | 'machine'
    | 'machine-part'
    | 'log'
    | 'jvm-pauses'
    | 'old-version'
    | 'tree';
  readonly why: NotSeenWhy;
  /** What belongs to the reason: words that are refused, a limit, or what the server or the machine itself said. */
  readonly said: string;
  /** Faults that cannot be recognised there, or only by less. */
  readonly detectors: readonly string[];
  /** Where to write the line; absent where no line helps. */
  readonly where?: 'zoo.cfg' | 'nightkeeper.yaml';
  readonly line: string;
}
