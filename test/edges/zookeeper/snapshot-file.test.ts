import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshotFile } from '../../../src/edges/zookeeper/snapshot-file.ts';
import { aSnapshot } from '../../support/snapshots.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-snapshot-file-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function read(bytes: Buffer) {
  const file = join(folder, 'snapshot');
  await writeFile(file, bytes);
  return await readSnapshotFile(file);
}

/** As ZooKeeper 3.9.3 wrote it for a new standalone server. */
const recorded = Buffer.from(
  'WktTTgAAAAL//////////wAAAAAAAAABAAAAAAAAAAEAAAABAAAAAQAAAAV3b3JsZAAAAAZhbnlvbmUAAAAAAAAAAP//////////AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACi96b29rZWVwZXIAAAAA//////////8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAARL3pvb2tlZXBlci9jb25maWcAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/////wAAAAAAAAAAAAAAAAAAAAAAAAAQL3pvb2tlZXBlci9xdW90YQAAAAD//////////wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEvAAAAALiiO0kAAAABLwAAAAAAAAAAAAAAAgAAAAAAAAAAAAAAAJW5PVkAAAABLwAAAAAAAAAAAAAAAL3oP20AAAABLw==',
  'base64',
);

describe('a file with a snapshot of ZooKeeper', () => {
  it('of 3.9.3 tells how many znodes it has, up to which transaction', async () => {
    expect(await read(recorded)).toMatchObject({
      kind: 'snapshot',
      bytes: 478,
      zxid: 0n,
      znodes: 5,
      sessions: 0,
    });
  });

  it('tells sessions and ephemerals, with and without a digest', async () => {
    const nodes = [
      { path: '/n1' },
      { path: '/n2', owner: 5n },
      { path: '/n3', owner: BigInt.asIntN(64, 0xff00_0000_0000_03e8n) },
    ];
    const facts = { znodes: 5, ephemerals: 1, sessions: 3, zxid: 0x1_0000_0005n };

    const made = { nodes, sessions: 3, zxid: 0x1_0000_0005n };
    expect(await read(aSnapshot(made))).toMatchObject(facts);
    expect(await read(aSnapshot({ ...made, end: 'plain' }))).toMatchObject(facts);
  });

  it('tells ephemerals of a server whose number is above 127 from containers', async () => {
    const nodes = [0xc8_00_01_8f_00_00_00_05n, 0x80_00_00_00_00_00_00_00n].map((owner, at) => ({
      path: `/n${at}`,
      owner: BigInt.asIntN(64, owner),
    }));

    expect(await read(aSnapshot({ nodes }))).toMatchObject({ znodes: 4, ephemerals: 1 });
  });

  it('larger than what is read at once is summed all the same', async () => {
    const nodes = Array.from({ length: 20_000 }, (_, at) => ({ path: `/n${at}` }));

    expect(await read(aSnapshot({ nodes }))).toMatchObject({ kind: 'snapshot', znodes: 20_002 });
  });

  it('that is cut anywhere is refused', async () => {
    const whole = aSnapshot();
    for (let length = 0; length < whole.length; length += 1) {
      const reading = await read(whole.subarray(0, length));

      expect(reading, `${length} bytes`).toMatchObject({ kind: 'bad' });
    }
    expect(await read(whole.subarray(0, 40))).toMatchObject({ why: 'cut' });
    expect(await read(aSnapshot({ end: 'old' }))).toMatchObject({ why: 'old' });
  });

  it('with any bit changed is refused', async () => {
    const whole = aSnapshot();
    for (let at = 0; at < whole.length; at += 1) {
      const forged = Buffer.from(whole);
      forged.writeUInt8(forged.readUInt8(at) ^ 1, at);

      expect(await read(forged), `byte ${at}`).toMatchObject({ kind: 'bad' });
    }
  });

  it('that is something else, or goes on after its end, is none', async () => {
    expect(await read(Buffer.alloc(900, 'x'))).toMatchObject({ why: 'strange' });
    expect(await read(Buffer.concat([aSnapshot(), Buffer.alloc(5)]))).toMatchObject({
      kind: 'bad',
    });
    expect(await readSnapshotFile(join(folder, 'none'))).toMatchObject({
      why: 'io',
      detail: 'ENOENT',
    });
  });
});
