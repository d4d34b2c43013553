import type { BackupFiles } from '../../ports/backup-file.ts';
import { readBackup } from './read-file.ts';
import { writeBackup } from './write-file.ts';

/** Backup files on the disk of this machine. */
export const backupFiles: BackupFiles = { write: writeBackup, read: readBackup };
