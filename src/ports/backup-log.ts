import type { EnsembleId } from '../model/ensemble.ts';
import type { BackupHistory } from '../model/kept-backup.ts';

/** What is remembered of backups. Written by the one replica that makes one. */
export interface BackupLog {
  history(ensemble: EnsembleId): Promise<BackupHistory>;
  save(history: BackupHistory): Promise<void>;
}

/** Backups that are remembered of an ensemble: a year of days and some. */
export const backupsMax = 500;
