import { BackupError, type BackupTrouble } from '../../model/backup.ts';
import type { ErrorCode } from '../../model/errors.ts';

export function unreadable(trouble: BackupTrouble): BackupError {
  return new BackupError('backup-unreadable', trouble);
}

export function badContent(what: string): BackupError {
  return unreadable({ kind: 'bad-content', what });
}

/** Runs what touches the disk; a full disk has a word of its own. */
export async function onDisk<T>(
  file: string,
  task: () => Promise<T>,
  code: ErrorCode = 'backup-unwritable',
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof BackupError || !(error instanceof Error)) throw error;
    const { code: reason = '' } = error as NodeJS.ErrnoException;
    const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(reason);
    const trouble: BackupTrouble = isFull
      ? { kind: 'disk-full', file }
      : { kind: 'io', file, reason: reason === '' ? error.message : reason };
    throw new BackupError(code, trouble, { cause: error });
  }
}
