import type { ServerId } from './ensemble.ts';

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
  /** Why, as the server or the machine said: `cons: not-allowed`. */
  readonly why: string;
  /** Faults that cannot be recognised there, or only by less. */
  readonly detectors: readonly string[];
  /** Where to write the line; absent where no line helps. */
  readonly where?: 'zoo.cfg' | 'nightkeeper.yaml';
  readonly line: string;
}
