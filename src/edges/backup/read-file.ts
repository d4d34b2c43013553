import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { BackupHeader } from '../../model/backup.ts';
import type { BackupReader } from '../../ports/backup-file.ts';
import {
  type Block,
  blockTypes,
  contentOf,
  firstSum,
  magic,
  readBlock,
  readExactly,
} from './blocks.ts';
import { createCursor, mergeCursors } from './cursor.ts';
import { badContent, onDisk, unreadable } from './faults.ts';
import { parseHeader, parseSummary, type SealedSummary } from './frame-codes.ts';

/** Opens a finished file: all of it is checked first, so that nothing is done after a half of it. */
export async function readBackup(file: string): Promise<BackupReader> {
  return await onDisk(
    file,
    async () => {
      const handle = await open(file, 'r');
      try {
        return await check(file, handle);
      } catch (error) {
        await handle.close();
        throw error;
      }
    },
    'backup-unreadable',
  );
}

async function check(file: string, handle: FileHandle): Promise<BackupReader> {
  const { size } = await handle.stat();
  await checkMagic(handle, size);
  const whole = createHash('sha256').update(magic);
  const sums = new Map<number, Buffer>();
  let sum: Buffer = firstSum;
  let at = magic.length;
  let header: { readonly block: Block; readonly said: BackupHeader } | undefined;
  let amendmentsAt: number | undefined;
  for (;;) {
    if (at === size) throw unreadable({ kind: 'unfinished' });
    const block = await readBlock(handle, at, size, sum);
    if (header === undefined) {
      if (block.type !== blockTypes.header) throw badContent('it does not begin with its header');
      header = { block, said: parseHeader(await contentOf(block)) };
    }
    if (block.type === blockTypes.summary) {
      const summary = parseSummary(await contentOf(block));
      if (block.end !== size) throw badContent('there is more behind its end');
      if (summary.sha256 !== whole.copy().digest('hex')) throw unreadable({ kind: 'checksum', at });
      if (summary.amendmentsAt !== (amendmentsAt ?? at)) throw badContent('its parts do not meet');
      whole.update(block.head).update(block.packed);
      const recordsTo = { at, before: sums.get(summary.amendmentsAt) ?? sum };
      return readerOf({
        file,
        handle,
        header: header.said,
        summary,
        recordsFrom: { at: header.block.end, before: header.block.sum },
        recordsTo,
        size,
        sha256: whole.digest('hex'),
      });
    }
    if (block.type === blockTypes.amendments && amendmentsAt === undefined) {
      amendmentsAt = at;
      sums.set(at, sum);
    }
    whole.update(block.head).update(block.packed);
    sum = block.sum;
    at = block.end;
  }
}

function readerOf(parts: {
  readonly file: string;
  readonly handle: FileHandle;
  readonly header: BackupReader['header'];
  readonly summary: SealedSummary;
  readonly recordsFrom: { readonly at: number; readonly before: Buffer };
  readonly recordsTo: { readonly at: number; readonly before: Buffer };
  readonly size: number;
  readonly sha256: string;
}): BackupReader {
  const { handle, header, summary, recordsFrom, recordsTo, size: bytes, sha256 } = parts;
  const { root } = header;
  const { amendmentsAt } = summary;
  return {
    header,
    summary,
    bytes,
    sha256,
    records: () => {
      const main = createCursor(handle, {
        from: recordsFrom.at,
        to: amendmentsAt,
        before: recordsFrom.before,
        type: blockTypes.records,
        root,
      });
      if (amendmentsAt === recordsTo.at) return Promise.resolve(main);
      const amended = createCursor(handle, {
        from: amendmentsAt,
        to: recordsTo.at,
        before: recordsTo.before,
        type: blockTypes.amendments,
        root,
      });
      return Promise.resolve(mergeCursors(main, amended));
    },
    close: () => handle.close(),
  };
}

/** Whether it is a file of ours, and of this version. */
export async function checkMagic(handle: FileHandle, size: number): Promise<void> {
  const begin = await readExactly(handle, 0, Math.min(size, magic.length), size);
  if (begin.equals(magic)) return;
  const isOther = begin.toString('latin1').startsWith('nightkeeper-backup ');
  throw unreadable({ kind: isOther ? 'other-version' : 'not-a-backup' });
}
