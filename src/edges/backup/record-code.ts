import type { BackupMark, BackupRecord } from '../../model/backup.ts';
import { isPath, isWithin, statBytes } from '../../model/znode.ts';
import { badContent } from './faults.ts';

/**
 * A record: flags, length of the path, path, stat, then permissions and data each with its length in front, where they are known.
 * Numbers are big-endian, as ZooKeeper's.
 */
const flags = { dataUnknown: 1, aclUnknown: 2, hidden: 4, ancestor: 8, absent: 16, noData: 32 };

const flagsMax = 63;

/** Most entries of a list of permissions that are believed. */
const aclEntriesMax = 10_000;

export function encodedBytes({ znode }: BackupRecord): number {
  const { path, acl, data } = znode;
  return 17 + path.length * 3 + statBytes + (acl?.length ?? 0) + (data?.length ?? 0);
}

/** Writes a record into a buffer that has room for it; answers where it ends. */
export function encodeRecord({ mark, znode }: BackupRecord, into: Buffer, begin: number): number {
  const { path, stat, acl, data, hidden } = znode;
  const pathBytes = into.write(path, begin + 5);
  into[begin] =
    (data === undefined ? flags.dataUnknown : 0) |
    (acl === undefined ? flags.aclUnknown : 0) |
    (hidden ? flags.hidden : 0) |
    (mark === 'ancestor' ? flags.ancestor : 0) |
    (mark === 'absent' ? flags.absent : 0) |
    (data === null ? flags.noData : 0);
  into.writeUInt32BE(pathBytes, begin + 1);
  let at = begin + 5 + pathBytes;
  at += stat.copy(into, at);
  for (const part of [acl, data]) {
    if (part === undefined || part === null) continue;
    at = into.writeUInt32BE(part.length, at);
    at += part.copy(into, at);
  }
  return at;
}

/** Reads all records of a block. Whatever is not exactly as it was written is `bad-content`. */
export function decodeRecords(block: Buffer, root: string): readonly BackupRecord[] {
  const records: BackupRecord[] = [];
  let at = 0;
  const take = (bytes: number): Buffer => {
    if (bytes > block.length - at) throw badContent('a record that is longer than its block');
    at += bytes;
    return block.subarray(at - bytes, at);
  };
  const takePart = (): Buffer => take(take(4).readUInt32BE(0));
  while (at < block.length) {
    const flag = take(1).readUInt8(0);
    if (flag > flagsMax) throw badContent('a record of an unknown kind');
    const path = takePart().toString('utf8');
    const mark: BackupMark =
      (flag & flags.absent) > 0 ? 'absent' : (flag & flags.ancestor) > 0 ? 'ancestor' : 'kept';
    if (!isPath(path)) throw badContent(`the path ${shown(path)} is none of ZooKeeper`);
    const isInside = mark === 'ancestor' ? isWithin(root, path) : isWithin(path, root);
    if (!isInside) throw badContent(`the path ${shown(path)} lies outside of ${shown(root)}`);
    const stat = take(statBytes);
    const acl = (flag & flags.aclUnknown) > 0 ? undefined : takePart();
    if (acl !== undefined && !isAcl(acl)) throw badContent(`the permissions of ${shown(path)}`);
    const hidden = (flag & flags.hidden) > 0;
    const data =
      (flag & flags.dataUnknown) > 0 ? undefined : (flag & flags.noData) > 0 ? null : takePart();
    records.push({ mark, znode: { path, stat, acl, data, hidden } });
  }
  return records;
}

/** A path from a stranger's file, for a terminal. */
function shown(path: string): string {
  return JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
}

/** A vector of permissions: a mask, and a scheme and an id with their lengths. */
function isAcl(acl: Buffer): boolean {
  if (acl.length < 4) return false;
  const count = acl.readInt32BE(0);
  if (count < 0 || count > aclEntriesMax) return false;
  let at = 4;
  for (let entry = 0; entry < count; entry += 1) {
    at += 4;
    for (let part = 0; part < 2; part += 1) {
      if (at + 4 > acl.length) return false;
      const length = acl.readInt32BE(at);
      if (length < 0 || length > acl.length) return false;
      at += 4 + length;
    }
  }
  return at === acl.length;
}
