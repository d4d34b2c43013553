import type { BackupHistory } from '../../../src/model/kept-backup.ts';
import { type BackupLog, backupsMax } from '../../../src/ports/backup-log.ts';

/** What is remembered of backups, in memory. */
export function createMemoryBackupLog(): BackupLog {
  const histories = new Map<string, BackupHistory>();
  return {
    history: (ensemble) => Promise.resolve(histories.get(ensemble) ?? { ensemble, kept: [] }),
    save(history) {
      histories.set(history.ensemble, { ...history, kept: history.kept.slice(0, backupsMax) });
      return Promise.resolve();
    },
  };
}
