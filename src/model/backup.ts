import { type ErrorCode, NightkeeperError } from './errors.ts';
import type { Znode } from './znode.ts';

/** What a backup file says at its beginning. */
export interface BackupHeader {
  /** `undo`: not a tree, but what a restore replaced. */
  readonly kind: 'backup' | 'undo';
  readonly ensemble: string;
  readonly root: string;
  readonly startedMs: number;
}

export interface BackupCounts {
  readonly znodes: number;
  readonly dataBytes: number;
  readonly ephemerals: number;
}

/** Znodes that changed while they were read, or that we may not read: how many, and the first of them. */
export interface PathList {
  readonly count: number;
  readonly first: readonly string[];
}

/** What a backup file says at its end, once all is there. */
export interface BackupSummary {
  readonly counts: BackupCounts;
  readonly endedMs: number;
  /** The file holds the tree as it was at this transaction, hexadecimal, but for what moved. */
  readonly zxid: string;
  /** Changed after that transaction, while the tree was looked at again: kept as they were a moment later. */
  readonly moved: PathList;
  /** ZooKeeper let us read their stat alone. */
  readonly denied: PathList;
}

/** Paths that are named one by one; of more there is the number. */
export const pathsNamedMax = 100;

/**
 * `ancestor`: above the root of the backup, kept so that a missing parent can be made again. `absent`: there was no such znode (what a
 * restore added, or what went while the backup was made).
 */
export type BackupMark = 'kept' | 'ancestor' | 'absent';

export interface BackupRecord {
  readonly mark: BackupMark;
  readonly znode: Znode;
}

/** What is wrong with a backup file, for words in the reader's language. */
export type BackupTrouble =
  | { readonly kind: 'not-a-backup' | 'other-version' | 'unfinished' }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'checksum'; readonly at: number }
  | { readonly kind: 'bad-content'; readonly what: string }
  | { readonly kind: 'disk-full'; readonly file: string }
  | { readonly kind: 'io'; readonly file: string; readonly reason: string };

/** A backup file could not be read or written. */
export class BackupError extends NightkeeperError {
  readonly trouble: BackupTrouble;

  constructor(code: ErrorCode, trouble: BackupTrouble, options?: { readonly cause?: unknown }) {
    super(code, textOf(trouble), options);
    this.name = 'BackupError';
    this.trouble = trouble;
  }
}

function textOf(trouble: BackupTrouble): string {
  switch (trouble.kind) {
    case 'not-a-backup':
    case 'other-version':
    case 'unfinished':
      return `the backup file is ${trouble.kind}`;
    case 'cut':
    case 'checksum':
      return `the backup file: ${trouble.kind} at byte ${trouble.at}`;
    case 'bad-content':
      return `the backup file: ${trouble.what}`;
    case 'disk-full':
      return `no space left for ${trouble.file}`;
    case 'io':
      return `${trouble.file}: ${trouble.reason}`;
  }
}

/** Collects paths, and forgets all but the first. */
export function pathCollector(): { add(path: string): void; list(): PathList } {
  const first: string[] = [];
  let count = 0;
  return {
    add(path) {
      count += 1;
      if (first.length < pathsNamedMax) first.push(path);
    },
    list: () => ({ count, first }),
  };
}
