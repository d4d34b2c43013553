import type { FileHandle } from 'node:fs/promises';
import type { BackupRecord } from '../../model/backup.ts';
import { comparePaths } from '../../model/znode.ts';
import type { RecordCursor } from '../../ports/backup-file.ts';
import { contentOf, readBlock } from './blocks.ts';
import { badContent } from './faults.ts';
import { decodeRecords } from './record-code.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The sum of the block before the first. */
  readonly before: Buffer;
  /** Type of the blocks that are read; others are passed over. */
  readonly type: number;
  readonly root: string;
}

/** Reads the records of a stretch of a file, and sees to their order. The handle stays open. */
export function createCursor(file: FileHandle, stretch: Stretch): RecordCursor {
  let at = stretch.from;
  let sum = stretch.before;
  let last: string | undefined;
  return {
    async next() {
      while (at < stretch.to) {
        const block = await readBlock(file, at, stretch.to, sum);
        at = block.end;
        sum = block.sum;
        if (block.type !== stretch.type) continue;
        const records = decodeRecords(await contentOf(block), stretch.root);
        for (const { znode } of records) {
          if (last !== undefined && comparePaths(last, znode.path) >= 0)
            throw badContent(`records out of order at byte ${block.at}`);
          last = znode.path;
        }
        if (records.length > 0) return records;
      }
      return [];
    },
    close: () => Promise.resolve(),
  };
}

/** Both streams as one, in order. Of the same path the second one counts, and what is absent there is left out. */
export function mergeCursors(first: RecordCursor, second: RecordCursor): RecordCursor {
  const [main, amended] = [createPeeker(first), createPeeker(second)];
  return {
    async next() {
      const batch: BackupRecord[] = [];
      while (batch.length < 256) {
        const a = main.peek() ?? (await main.fill());
        const b = amended.peek() ?? (await amended.fill());
        if (a === undefined && b === undefined) break;
        const order =
          a === undefined ? 1 : b === undefined ? -1 : comparePaths(a.znode.path, b.znode.path);
        if (order <= 0) main.take();
        if (order >= 0) amended.take();
        const kept = order < 0 ? a : b;
        if (kept === undefined || (order >= 0 && kept.mark === 'absent')) continue;
        batch.push(kept);
      }
      return batch;
    },
    async close() {
      await first.close();
      await second.close();
    },
  };
}

function createPeeker(cursor: RecordCursor) {
  let batch: readonly BackupRecord[] = [];
  let at = 0;
  let isOver = false;
  return {
    peek: (): BackupRecord | undefined => batch[at],
    async fill(): Promise<BackupRecord | undefined> {
      if (isOver) return undefined;
      batch = await cursor.next();
      at = 0;
      isOver = batch.length === 0;
      return batch[0];
    },
    take(): void {
      at += 1;
    },
  };
}
