import type { EnsembleId } from './ensemble.ts';

/** How an ensemble is backed up by the bot. */
export interface BackupSettings {
  readonly dir: string;
  /** Absent: only when somebody asks. */
  readonly when?: { readonly everyMs: number } | { readonly cron: string };
  readonly keep: BackupKeep;
  readonly root: string;
  /** Znodes read in a second, at most: people's requests go first. */
  readonly perSecondMax: number;
}

/** Which backups stay: the newest so many, and the newest of each of so many days and weeks. */
export interface BackupKeep {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
}

/** A backup that the bot has made and not thrown away. */
export interface KeptBackup {
  readonly file: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly root: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly zxid: string;
  readonly znodes: number;
  readonly dataBytes: number;
  readonly ephemerals: number;
  /** Znodes that changed while they were read, and those that could not be read. */
  readonly moved: number;
  readonly denied: number;
}

/** What is remembered of the backups of an ensemble. */
export interface BackupHistory {
  readonly ensemble: EnsembleId;
  /** Newest first. */
  readonly kept: readonly KeptBackup[];
  /** The last attempt, where it failed: when it began to fail, when it was tried last, and why. */
  readonly failed?: { readonly sinceMs: number; readonly atMs: number; readonly why: string };
}

/** A backup that runs right now. */
export interface RunningBackup {
  readonly sinceMs: number;
  readonly phase: 'look' | 'check';
  readonly znodes: number;
}
