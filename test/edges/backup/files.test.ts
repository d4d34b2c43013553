import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockTypes, firstSum, magic, packBlock } from '../../../src/edges/backup/blocks.ts';
import { backupFiles } from '../../../src/edges/backup/files.ts';
import { encodedBytes, encodeRecord } from '../../../src/edges/backup/record-code.ts';
import type { BackupRecord, BackupSummary } from '../../../src/model/backup.ts';
import type { Znode } from '../../../src/model/znode.ts';
import { aZnode, someTree } from '../../support/znodes.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-files-'));
  file = join(folder, 'a.nkb');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const header = { kind: 'backup', ensemble: 'orders', root: '/', startedMs: 1 } as const;

const summary: BackupSummary = {
  counts: { znodes: 0, dataBytes: 0, ephemerals: 0 },
  endedMs: 2,
  zxid: '0x1',
  moved: { count: 0, first: [] },
  denied: { count: 0, first: [] },
};

function kept(znode: Znode): BackupRecord {
  return { mark: 'kept', znode };
}

async function write(records: Iterable<BackupRecord>): Promise<void> {
  const writer = await backupFiles.write(file, header, { fresh: true });
  for (const record of records) await writer.add(record);
  await writer.walked();
  await writer.finish(summary);
}

async function readAll(): Promise<readonly BackupRecord[]> {
  const reader = await backupFiles.read(file);
  try {
    const cursor = await reader.records();
    const records: BackupRecord[] = [];
    for (let batch = await cursor.next(); batch.length > 0; batch = await cursor.next())
      records.push(...batch);
    return records;
  } finally {
    await reader.close();
  }
}

/** A file whose every checksum is right, with records of a forger's choice. */
async function forge(...contents: readonly Buffer[]): Promise<void> {
  let sum: Buffer = firstSum;
  const parts: Buffer[] = [magic];
  const put = async (type: number, content: Buffer): Promise<void> => {
    const block = await packBlock(type, content, sum);
    parts.push(block.bytes);
    sum = block.sum;
  };
  await put(blockTypes.header, Buffer.from(JSON.stringify(header)));
  for (const content of contents) await put(blockTypes.records, content);
  const all = Buffer.concat(parts);
  const { createHash } = await import('node:crypto');
  const sealed = {
    ...summary,
    amendmentsAt: all.length,
    sha256: createHash('sha256').update(all).digest('hex'),
  };
  await put(blockTypes.summary, Buffer.from(JSON.stringify(sealed)));
  await writeFile(file, Buffer.concat(parts));
}

function encoded(...znodes: readonly Znode[]): Buffer {
  return Buffer.concat(
    znodes.map((znode) => {
      const buffer = Buffer.alloc(encodedBytes(kept(znode)));
      return buffer.subarray(0, encodeRecord(kept(znode), buffer, 0));
    }),
  );
}

const trouble = (kind: string) => ({ code: 'backup-unreadable', trouble: { kind } });

describe('a backup file', () => {
  it('gives back what was put in, of many blocks', async () => {
    const records = [aZnode('/'), ...someTree(3000, 1)].map(kept);
    const sorted = records.toSorted((a, b) => (a.znode.path < b.znode.path ? -1 : 1));
    const plain = sorted.filter(({ znode }) => /^\/(?:queue|$)/u.test(znode.path));

    await write(plain);

    expect(await readAll()).toEqual(plain);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('holds what replaced the first look, and not what was gone by then', async () => {
    const writer = await backupFiles.write(file, header, { fresh: true });
    for (const path of ['/a', '/b', '/c']) await writer.add(kept(aZnode(path)));
    await writer.walked();
    await writer.add(kept(aZnode('/a/new')));
    await writer.add({ mark: 'absent', znode: aZnode('/b') });
    await writer.add(kept(aZnode('/c', { data: Buffer.from('later') })));
    await writer.finish(summary);

    const records = await readAll();

    expect(records.map(({ znode }) => `${znode.path} ${znode.data?.toString()}`)).toEqual([
      '/a /a',
      '/a/new /a/new',
      '/c later',
    ]);
  });

  it('is refused wherever it is cut off', async () => {
    await write([...someTree(200, 2)].slice(0, 1).map(kept));
    const whole = await readFile(file);

    for (const at of [
      0,
      5,
      magic.length,
      magic.length + 20,
      whole.length - 200,
      whole.length - 1,
    ]) {
      await writeFile(file, whole.subarray(0, at));
      await expect(backupFiles.read(file)).rejects.toMatchObject({ code: 'backup-unreadable' });
    }
  });

  it('is refused when a single bit is another', async () => {
    await write(['/a', '/b', '/c'].map((path) => kept(aZnode(path))));
    const whole = await readFile(file);

    for (let at = 0; at < whole.length; at += 7) {
      const bent = Buffer.from(whole);
      bent[at] = (bent[at] ?? 0) ^ 0x10;
      await writeFile(file, bent);
      await expect(backupFiles.read(file), `byte ${at}`).rejects.toMatchObject({
        code: 'backup-unreadable',
      });
    }
  });

  it('is refused when a block is missing, doubled or from another place', async () => {
    const big = (path: string): Znode => aZnode(path, { data: Buffer.alloc(300_000, path) });
    await write(['/a', '/b', '/c', '/d'].map((path) => kept(big(path))));
    const whole = await readFile(file);
    const blocks: number[] = [];
    for (let at = magic.length; at < whole.length; at += 41 + whole.readUInt32BE(at + 5))
      blocks.push(at);
    const [, first = 0, second = 0, third = 0] = blocks;
    const part = (from: number, to: number) => whole.subarray(from, to);

    const missing = [part(0, first), part(second, whole.length)];
    const doubled = [part(0, second), part(first, whole.length)];
    const swapped = [
      part(0, first),
      part(second, third),
      part(first, second),
      part(third, whole.length),
    ];

    for (const parts of [missing, doubled, swapped]) {
      await writeFile(file, Buffer.concat(parts));
      await expect(backupFiles.read(file)).rejects.toMatchObject(trouble('checksum'));
    }
  });

  it.each(['/a/../b', '/../etc', 'a', '/a//b', '/a/', '/a/./b', '/a\u0000b', '/a\u001bb'])(
    'is refused when it holds the path %j, although every checksum is right',
    async (path) => {
      await forge(encoded(aZnode(path)));

      await expect(readAll()).rejects.toMatchObject(trouble('bad-content'));
    },
  );

  it('is refused when its records are out of order or double', async () => {
    await forge(encoded(aZnode('/b'), aZnode('/a')));
    await expect(readAll()).rejects.toMatchObject(trouble('bad-content'));

    await forge(encoded(aZnode('/b')), encoded(aZnode('/b')));
    await expect(readAll()).rejects.toMatchObject(trouble('bad-content'));
  });

  it('is refused when a record says an absurd length, or permissions are none', async () => {
    const absurd = encoded(aZnode('/a'));
    absurd.writeUInt32BE(0xffffffff, 1);
    await forge(absurd);
    await expect(readAll()).rejects.toMatchObject(trouble('bad-content'));

    await forge(encoded(aZnode('/a', { acl: Buffer.from('00ffffff', 'hex') })));
    await expect(readAll()).rejects.toMatchObject(trouble('bad-content'));
  });

  it('is refused when a block unpacks to more than it says, or says an absurd size', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    for (const bytes of [1000, 0xfffffff0]) {
      const { createHash } = await import('node:crypto');
      const head = Buffer.alloc(41);
      head.writeUInt8(blockTypes.header, 0);
      head.writeUInt32BE(bytes, 1);
      head.writeUInt32BE(bomb.length, 5);
      const sum = createHash('sha256').update(firstSum).update(head.subarray(0, 9)).update(bomb);
      sum.digest().copy(head, 9);
      const end = await packBlock(blockTypes.summary, Buffer.from('{}'), head.subarray(9));
      await writeFile(file, Buffer.concat([magic, head, bomb, end.bytes]));
      const before = process.memoryUsage().rss;

      await expect(backupFiles.read(file)).rejects.toMatchObject(trouble('bad-content'));

      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    }
  });

  it('is told from what is none, and from one of another version', async () => {
    await writeFile(file, 'ZKSN and so on, a snapshot perhaps');
    await expect(backupFiles.read(file)).rejects.toMatchObject(trouble('not-a-backup'));

    await writeFile(file, 'nightkeeper-backup 9\n and so on');
    await expect(backupFiles.read(file)).rejects.toMatchObject(trouble('other-version'));

    await expect(backupFiles.read(join(folder, 'nowhere'))).rejects.toMatchObject(trouble('io'));
  });

  it('keeps what was written when the disk is full, and goes on when there is room', async (it) => {
    const disk = join(folder, 'disk');
    spawnSync('mkdir', [disk]);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    if (mounted.status !== 0) return it.skip('a small disk needs the right to mount one');
    try {
      const noise = (path: string): Znode =>
        aZnode(path, {
          data: Buffer.from(Array.from({ length: 90_000 }, () => Math.random() * 256)),
        });
      const paths = Array.from({ length: 30 }, (_, at) => `/n${String(at).padStart(2, '0')}`);
      const onDisk = join(disk, 'a.nkb');
      const writer = await backupFiles.write(onDisk, header, { fresh: false });
      const all = (async () => {
        for (const path of paths) await writer.add(kept(noise(path)));
        await writer.flush();
      })();

      await expect(all).rejects.toMatchObject({
        code: 'backup-unwritable',
        trouble: { kind: 'disk-full', file: `${onDisk}.part` },
      });
      await writer.abandon();
      spawnSync('mount', ['-o', 'remount,size=20m', disk]);
      const again = await backupFiles.write(onDisk, header, { fresh: false });

      expect(again.resumed?.counts.znodes).toBeGreaterThan(2);
      expect(again.resumed?.after).toBe(paths[(again.resumed?.counts.znodes ?? 0) - 1]);
      await again.abandon();
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('begins anew where what is left is of another tree or no backup', async () => {
    const writer = await backupFiles.write(file, header, { fresh: false });
    await writer.add(kept(aZnode('/a')));
    await writer.flush();
    await writer.abandon();

    const other = await backupFiles.write(file, { ...header, root: '/b' }, { fresh: false });
    await other.abandon();
    await writeFile(`${file}.part`, 'something else');
    const none = await backupFiles.write(file, header, { fresh: false });
    await none.abandon();

    expect(other.resumed).toBeUndefined();
    expect(none.resumed).toBeUndefined();
  });
});
