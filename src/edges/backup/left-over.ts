import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { BackupError, type BackupHeader } from '../../model/backup.ts';
import { isEphemeral } from '../../model/znode.ts';
import type { BackupWriter } from '../../ports/backup-file.ts';
import { type Block, blockTypes, contentOf, firstSum, magic, readBlock } from './blocks.ts';
import { parseHeader } from './frame-codes.ts';
import { checkMagic } from './read-file.ts';
import { decodeRecords } from './record-code.ts';

/** Where a writer begins: at the end of what an earlier attempt left. */
export interface Left {
  readonly header: BackupHeader;
  readonly end: number;
  readonly sum: Buffer;
  readonly whole: Hash;
  readonly recordsAt: number;
  readonly recordsSum: Buffer;
  readonly resumed: BackupWriter['resumed'];
}

/**
 * What an earlier attempt left that is of use: whole blocks of the same tree, up to the first that is cut or wrong. Undefined where
 * there is nothing, or it is of another tree.
 */
export async function whatIsLeft(
  partFile: string,
  header: BackupHeader,
): Promise<Left | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(partFile, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await collect(handle, header);
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}

async function collect(handle: FileHandle, wanted: BackupHeader): Promise<Left | undefined> {
  const { size } = await handle.stat();
  await checkMagic(handle, size);
  const begin = await readBlock(handle, magic.length, size, firstSum);
  const header = parseHeader(await contentOf(begin));
  const { kind, ensemble, root } = wanted;
  if (header.kind !== kind || header.ensemble !== ensemble || header.root !== root)
    return undefined;
  const whole = createHash('sha256').update(magic).update(begin.head).update(begin.packed);
  const counts = { znodes: 0, dataBytes: 0, ephemerals: 0 };
  let after: string | undefined;
  let isWalked = false;
  let last = begin;
  while (last.end < size && !isWalked) {
    const block = await nextWhole(handle, last, size);
    if (block === undefined) break;
    if (block.type === blockTypes.walked) isWalked = true;
    else if (block.type !== blockTypes.records) break;
    else
      for (const { mark, znode } of decodeRecords(await contentOf(block), root)) {
        after = znode.path;
        if (mark !== 'kept') continue;
        counts.znodes += 1;
        counts.dataBytes += znode.data?.length ?? 0;
        if (isEphemeral(znode.stat)) counts.ephemerals += 1;
      }
    whole.update(block.head).update(block.packed);
    last = block;
  }
  const resumed = { after, counts, isWalked, startedMs: header.startedMs };
  const { end, sum } = last;
  return { header, end, sum, whole, recordsAt: begin.end, recordsSum: begin.sum, resumed };
}

/** The next block, where it came to the disk as a whole. */
async function nextWhole(
  handle: FileHandle,
  before: Block,
  size: number,
): Promise<Block | undefined> {
  try {
    const block = await readBlock(handle, before.end, size, before.sum);
    await contentOf(block);
    return block;
  } catch (error) {
    if (error instanceof BackupError) return undefined;
    throw error;
  }
}
