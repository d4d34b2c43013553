import type { EnsembleId } from '../model/ensemble.ts';
import type { BackupHistory } from '../model/kept-backup.ts';

/** What is remembered of backups. Written by the one replica that makes one. */
export interface BackupLog {
  history(ensemble: EnsembleId): Promise<BackupHistory>;
  save(history: BackupHistory): Promise<void>;
  /** Takes the right to back an ensemble up, for `forMs` unless it is lengthened; nothing while another has it. */
  claim(ensemble: EnsembleId, forMs: number): Promise<BackupRight | undefined>;
}

/** Only who has it may write into the file of an ensemble. */
export interface BackupRight {
  /** Lengthens it, counted from now; false when it has run out, and may be another's. */
  renew(forMs: number): Promise<boolean>;
  /** Gives it back; nothing happens where it is another's. */
  release(): Promise<void>;
}

/** Backups that are remembered of an ensemble: a year of days and some. */
export const backupsMax = 500;
