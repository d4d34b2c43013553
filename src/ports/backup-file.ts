import type { BackupCounts, BackupHeader, BackupRecord, BackupSummary } from '../model/backup.ts';

/** Backup files on a disk. Every method rejects with a `BackupError` for what is wrong with a file or a disk. */
export interface BackupFiles {
  /** Goes on with what an earlier attempt left beside `file`, where it is of the same tree; begins otherwise. */
  write(file: string, header: BackupHeader, options: WriteOptions): Promise<BackupWriter>;
  /** Checks the whole file, every checksum, before anything of it is used. */
  read(file: string): Promise<BackupReader>;
}

/** The folder of an ensemble's backups. */
export interface BackupFolder extends BackupFiles {
  /** The file to write next: one that was begun and not finished, else a new one named for its ensemble and time. */
  nameIn(dir: string, ensemble: string, startedMs: number): Promise<string>;
  /** Removes a backup; one that is gone already is no fault. */
  remove(file: string): Promise<void>;
}

export interface WriteOptions {
  /** Throws away what an earlier attempt left. */
  readonly fresh: boolean;
}

export interface BackupWriter {
  /** Where it is written until it is whole. */
  readonly partFile: string;
  /** What an earlier attempt left: the last path of it, and whether its first look at the tree was complete. */
  readonly resumed:
    | {
        readonly after: string | undefined;
        readonly counts: BackupCounts;
        readonly isWalked: boolean;
        readonly startedMs: number;
      }
    | undefined;
  /** In the order of `comparePaths`, each path once. Resolves when there is room for more. */
  add(record: BackupRecord): Promise<void> | undefined;
  /** The first look is complete: what is added from now on replaces what is there, in order again. */
  walked(): Promise<void>;
  /** What is there so far, in order: for the second look. */
  soFar(): Promise<RecordCursor>;
  /** Everything added is on the disk when it resolves. */
  flush(): Promise<void>;
  /** Seals the file, and gives it its name. Answers its size and its sha256. */
  finish(summary: BackupSummary): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Leaves what is there for another attempt. */
  abandon(): Promise<void>;
  bytes(): number;
}

/** Records in order. */
export interface RecordCursor {
  /** The next ones; none at the end. */
  next(): Promise<readonly BackupRecord[]>;
  close(): Promise<void>;
}

export interface BackupReader {
  readonly header: BackupHeader;
  readonly summary: BackupSummary;
  readonly bytes: number;
  readonly sha256: string;
  /** All records, what was replaced left out. */
  records(): Promise<RecordCursor>;
  close(): Promise<void>;
}
