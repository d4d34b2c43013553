import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { badContent, unreadable } from './faults.ts';

/** The first bytes of a file; the number is the version of everything behind it. */
export const magic: Buffer = Buffer.from('nightkeeper-backup 1\n');

export const blockTypes = {
  header: 1,
  records: 2,
  /** The first look at the tree is complete. */
  walked: 3,
  /** Records that replace earlier ones. */
  amendments: 4,
  summary: 5,
} as const;

/** Type, bytes unpacked, bytes packed, sha256 over the sum of the block before, these three, and the packed bytes. */
const headBytes = 41;
const numbersBytes = 9;

/** Bytes of records that are packed together. */
export const blockBytes: number = 256 * 1024;

/** One record may be larger than a block: `jute.maxbuffer` is 1 MiB by default, and nobody was seen with more than 64. */
export const blockBytesMax: number = 80 * 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** A sum that each block hands to the next, so that none can be left out, doubled or moved. */
export const firstSum: Buffer = Buffer.alloc(32);

function sumOf(before: Buffer, numbers: Buffer, packed: Buffer): Buffer {
  return createHash('sha256').update(before).update(numbers).update(packed).digest();
}

/** A block as it stands in a file, and the sum to hand on. */
export async function packBlock(
  type: number,
  content: Buffer,
  before: Buffer,
): Promise<{ readonly bytes: Buffer; readonly sum: Buffer }> {
  const packed = await pack(content, { level: 6 });
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(content.length, 1);
  head.writeUInt32BE(packed.length, 5);
  const sum = sumOf(before, head.subarray(0, numbersBytes), packed);
  sum.copy(head, numbersBytes);
  return { bytes: Buffer.concat([head, packed]), sum };
}

export interface Block {
  readonly type: number;
  readonly packed: Buffer;
  readonly bytes: number;
  /** Where it begins and ends in the file. */
  readonly at: number;
  readonly end: number;
  readonly sum: Buffer;
  /** As it stands in the file, for a sum over all. */
  readonly head: Buffer;
}

/** Reads the block at `at`, and checks its sum. Nothing of an absurd size is believed: it must lie within the file. */
export async function readBlock(
  file: FileHandle,
  at: number,
  size: number,
  before: Buffer,
): Promise<Block> {
  const head = await readExactly(file, at, headBytes, size);
  const bytes = head.readUInt32BE(1);
  const packedBytes = head.readUInt32BE(5);
  if (bytes > blockBytesMax) throw badContent(`a block of ${bytes} bytes`);
  const packed = await readExactly(file, at + headBytes, packedBytes, size);
  const sum = sumOf(before, head.subarray(0, numbersBytes), packed);
  if (!sum.equals(head.subarray(numbersBytes))) throw unreadable({ kind: 'checksum', at });
  const end = at + headBytes + packedBytes;
  return { type: head.readUInt8(0), packed, bytes, at, end, sum, head };
}

export async function readExactly(
  file: FileHandle,
  at: number,
  bytes: number,
  size: number,
): Promise<Buffer> {
  if (at + bytes > size) throw unreadable({ kind: 'cut', at: size });
  const buffer = Buffer.allocUnsafe(bytes);
  let have = 0;
  while (have < bytes) {
    const { bytesRead } = await file.read(buffer, have, bytes - have, at + have);
    if (bytesRead === 0) throw unreadable({ kind: 'cut', at: at + have });
    have += bytesRead;
  }
  return buffer;
}

/** What a block holds. It never unpacks to more than it says. */
export async function contentOf(block: Block): Promise<Buffer> {
  let content: Buffer;
  try {
    content = await unpack(block.packed, { maxOutputLength: Math.max(1, block.bytes) });
  } catch {
    throw badContent(`the block at byte ${block.at} cannot be unpacked to ${block.bytes} bytes`);
  }
  if (content.length !== block.bytes)
    throw badContent(`the block at byte ${block.at} is not ${block.bytes} bytes long`);
  return content;
}
