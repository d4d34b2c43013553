import type { BackupRecord } from '../model/backup.ts';
import type { RecordCursor } from '../ports/backup-file.ts';

/** Only those records that are wanted, in batches that are empty at the end alone. */
export function filterRecords(
  cursor: RecordCursor,
  isWanted: (record: BackupRecord) => boolean,
): RecordCursor {
  return {
    async next() {
      for (;;) {
        const batch = await cursor.next();
        const wanted = batch.filter(isWanted);
        if (wanted.length > 0 || batch.length === 0) return wanted;
      }
    },
    close: () => cursor.close(),
  };
}
