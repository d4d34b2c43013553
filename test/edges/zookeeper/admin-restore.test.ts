import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendSnapshot, standOf } from '../../../src/edges/zookeeper/admin-restore.ts';
import { readSnapshotFile } from '../../../src/edges/zookeeper/snapshot-file.ts';
import type { SnapshotFacts } from '../../../src/model/snapshot.ts';
import {
  type AdminStandIn,
  type AdminStandInOptions,
  startAdminStandIn,
} from '../../servers/admin-restore.ts';
import { aSnapshot } from '../../support/snapshots.ts';

let folder: string;
let file: string;
let server: AdminStandIn;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-send-'));
  file = join(folder, 'snapshot');
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** A file of a few megabytes, so that an answer can come before all was sent. */
async function given(options: AdminStandInOptions): Promise<SnapshotFacts> {
  server = await startAdminStandIn(options);
  const nodes = Array.from({ length: 40_000 }, (_, at) => ({ path: `/n${at}` }));
  await writeFile(file, aSnapshot({ nodes, zxid: 0x1_0000_0005n }));
  const facts = await readSnapshotFile(file);
  if (facts.kind !== 'snapshot') throw new Error(facts.detail);
  return facts;
}

async function send(facts: SnapshotFacts, port = server.port, login?: string) {
  return await sendSnapshot({ host: '127.0.0.1', port }, file, facts, {
    ...(login === undefined ? {} : { login }),
    onBytes: () => undefined,
  });
}

describe('a snapshot that is sent to an AdminServer', () => {
  it('is taken, and the server tells the new tree', async () => {
    const facts = await given({ clients: ['10.0.0.7:40376'] });

    expect(await send(facts)).toEqual({ kind: 'restored' });
    expect(await standOf(aServer())).toEqual({
      id: 's1',
      version: '3.9.3',
      mode: 'standalone',
      znodes: 40_002,
      zxid: 0x1_0000_0005n,
      clients: ['10.0.0.7:40376'],
    });
  });

  it.each([
    ['login', 'login'],
    ['off', 'off'],
    ['too-often', 'too-often'],
    ['fails', 'failed'],
  ] as const)('is refused (%s), also before all of it was sent', async (restore, why) => {
    const facts = await given({ restore });

    expect(await send(facts)).toMatchObject({ kind: 'refused', why });
    expect(server.taken).toEqual([]);
  });

  it('goes in the name that is configured', async () => {
    const facts = await given({ restore: 'login' });

    expect(await send(facts, server.port, 'digest super:secret')).toEqual({ kind: 'restored' });
  });

  it('whose answer is lost, or tells another transaction, may be there', async () => {
    const facts = await given({ restore: 'torn' });

    expect(await send(facts)).toMatchObject({ kind: 'unknown', why: 'away' });
    await server.close();
    await given({});
    const other = { ...facts, zxid: 3n };
    expect(await send(other)).toMatchObject({ kind: 'unknown', why: 'other-zxid' });
    const changed = { ...facts, sha256: 'ab' };
    expect(await send(changed)).toMatchObject({ kind: 'unknown', why: 'changed' });
  });

  it('is not there where nobody listens', async () => {
    const facts = await given({});

    expect(await send(facts, 1)).toMatchObject({ kind: 'refused', why: 'away' });
    expect(await standOf({ ...aServer(), admin: { host: '127.0.0.1', port: 1 } })).toMatchObject({
      id: 's1',
      why: expect.stringContaining('127.0.0.1:1') as string,
    });
  });
});

function aServer() {
  const at = { host: '127.0.0.1', port: server.port };
  return { id: 's1', client: at, admin: at, role: 'voter' } as const;
}
