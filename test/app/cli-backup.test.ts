import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backupToFile } from '../../src/app/cli-backup.ts';
import { type RestoreCliOptions, restoreFromFile } from '../../src/app/cli-restore.ts';
import { systemClock } from '../../src/app/clock.ts';
import { backupFiles } from '../../src/edges/backup/files.ts';
import { znodeTrees } from '../../src/edges/zookeeper/tree.ts';
import { versionOf } from '../../src/model/znode.ts';
import { applyRestore } from '../../src/pipeline/apply-restore.ts';
import { makeBackup } from '../../src/pipeline/make-backup.ts';
import { planRestore } from '../../src/pipeline/plan-restore.ts';
import type { ZnodeTree } from '../../src/ports/znode-tree.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { aTerminal } from '../support/terminal.ts';
import {
  aclOf,
  all,
  aZnode,
  createAll,
  digestOf,
  holdEphemeral,
  openTree,
  someTree,
  sumOf,
} from '../support/znodes.ts';

let ensemble: ZooKeeperEnsemble;
let tree: ZnodeTree;
let folder: string;
let config: string;
let file: string;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 1 });
  tree = await openTree(ensemble.settings());
}, 60_000);

afterAll(async () => {
  await tree.close();
  await ensemble.close();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-backup-'));
  config = join(folder, 'nightkeeper.yaml');
  file = join(folder, 'orders.nkb');
  const server = `servers: ["${ensemble.connect}"], discover: false`;
  await writeFile(config, `ensembles: { orders: { ${server} }, others: { ${server} } }\n`);
});

afterEach(async () => {
  await clear();
  await rm(folder, { recursive: true });
});

async function clear(): Promise<void> {
  for (const { path } of (await all(tree)).toReversed())
    if (path !== '/') await tree.write({ kind: 'delete', path, version: -1 });
}

async function backup(options: { readonly path?: string; readonly json?: boolean } = {}) {
  const terminal = aTerminal();
  const code = await backupToFile('orders', { config, out: file, ...options }, terminal.io, {});
  return { code, out: terminal.out(), err: terminal.err() };
}

async function restore(options: Partial<RestoreCliOptions> = {}, from = file) {
  const terminal = aTerminal();
  const given = { config, ensemble: 'orders', yes: true, ...options };
  const code = await restoreFromFile(from, given, terminal.io, {});
  return { code, out: terminal.out(), err: terminal.err() };
}

async function set(path: string, data: string, version = -1): Promise<void> {
  await tree.write({ kind: 'set-data', path, data: Buffer.from(data), version });
}

async function textAt(path: string): Promise<string | undefined> {
  return (await tree.read(path))?.data?.toString();
}

describe('nightkeeper backup and restore', () => {
  it('bring a wiped tree back byte for byte, data and permissions', async () => {
    await createAll(tree, someTree(3000, 3));
    const before = await sumOf(tree);
    const kept = await backup();
    await clear();

    const restored = await restore();

    expect(kept).toMatchObject({ code: 0, err: '' });
    expect(kept.out).toMatch(/^3,001 znodes with .* are in .*orders\.nkb/u);
    expect(kept.out).toMatch(/It is the tree as it was at zxid 0x[0-9a-f]+\./u);
    expect(restored.code).toBe(0);
    expect(restored.out).toContain('added 3,000, changed 0, removed 0');
    expect(restored.out).toContain('Compared once more: the tree is as the backup has it.');
    expect(await sumOf(tree)).toEqual(before);
  }, 120_000);

  it('show what differs and write nothing without a yes', async () => {
    await createAll(tree, [aZnode('/a'), aZnode('/a/b'), aZnode('/c')]);
    await backup();
    await tree.write({ kind: 'delete', path: '/c', version: -1 });
    await set('/a/b', 'later');
    await createAll(tree, [aZnode('/a/x')]);

    const seen = await restore({ yes: false });
    const plan = JSON.parse((await restore({ diffOnly: true, json: true })).out) as object;

    expect(seen.code).toBe(1);
    expect(seen.out).toContain('to add: 1\n  /c\n');
    expect(seen.out).toContain('left alone without --overwrite-newer: 1\n  /a/b\n');
    expect(seen.out).toContain('left alone without --delete-extra: 1\n  /a/x\n');
    expect(seen.out).toContain('repeat it with --yes');
    expect(plan).toMatchObject({ add: { count: 1, first: ['/c'] }, same: 2, writes: 1 });
    expect(await textAt('/c')).toBeUndefined();
  }, 60_000);

  it('overwrite what is newer and remove what is extra only when told to, and undo it again', async () => {
    await createAll(tree, [aZnode('/a'), aZnode('/a/b'), aZnode('/c')]);
    await backup();
    await tree.write({ kind: 'delete', path: '/c', version: -1 });
    await set('/a/b', 'later');
    await createAll(tree, [aZnode('/a/x'), aZnode('/a/x/y')]);
    const before = await sumOf(tree);

    const timid = await restore();
    const bold = await restore({
      overwriteNewer: true,
      deleteExtra: true,
      undo: join(folder, 'u'),
    });
    const value = await textAt('/a/b');
    const undone = await restore({ overwriteNewer: true, deleteExtra: true }, join(folder, 'u'));

    expect(timid).toMatchObject({ code: 3 });
    expect(timid.out).toContain('added 1, changed 0, removed 0');
    expect(bold.out).toContain('added 0, changed 1, removed 2');
    expect(bold.code).toBe(0);
    expect(value).toBe('/a/b');
    expect(undone).toMatchObject({ code: 0, err: '' });
    expect(await textAt('/a/b')).toBe('later');
    expect(await textAt('/a/x/y')).toBe('/a/x/y');
    await tree.write({ kind: 'delete', path: '/c', version: -1 });
    expect(await sumOf(tree)).toEqual(before);
  }, 60_000);

  it('restore a part alone, with parents that are missing and the permissions they had', async () => {
    const acl = aclOf([31, 'world', 'anyone'], [1, 'ip', '10.1.2.3']);
    await createAll(tree, [aZnode('/app', { acl }), aZnode('/app/one'), aZnode('/app/one/x')]);
    await createAll(tree, [aZnode('/app/two')]);
    const kept = await backup({ path: '/app/one' });
    await clear();

    const restored = await restore({ path: '/app/one/x' });

    expect(kept.out).toMatch(/^2 znodes with/u);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect((await all(tree)).map(({ path }) => path)).toEqual([
      '/',
      '/app',
      '/app/one',
      '/app/one/x',
    ]);
    expect((await tree.read('/app'))?.acl).toEqual(acl);
  }, 60_000);

  it('mark ephemerals, and leave them alone', async () => {
    await createAll(tree, [aZnode('/live')]);
    const session = await holdEphemeral(ensemble.settings(), '/live/worker');
    const kept = JSON.parse((await backup({ json: true })).out) as { counts: object };

    const restored = await restore({ deleteExtra: true });

    expect(kept.counts).toMatchObject({ znodes: 3, ephemerals: 1 });
    expect(restored.out).toContain('ephemeral, never touched: 1');
    expect(restored.out).toContain('There is nothing to do.');
    await session.close();
  }, 60_000);

  it('say which znodes could not be read, and end with a code of its own', async () => {
    const acl = aclOf([31, 'digest', digestOf('owner:pw')]);
    await createAll(tree, [aZnode('/open')]);
    await createAll(tree, [aZnode('/shut', { acl })]);

    const kept = await backup();
    await writeFile(
      config,
      (await readFile(config, 'utf8')).replaceAll('discover', 'login: "${ZK_LOGIN}", discover'),
    );
    const terminal = aTerminal({ env: { ZK_LOGIN: 'digest:owner:pw' } });
    const owner = await backupToFile('orders', { config, out: file }, terminal.io, {});

    expect(kept.code).toBe(3);
    expect(kept.out).toContain('did not let us read 1 znode');
    expect(kept.out).toContain('\n  /shut\n');
    expect(owner).toBe(0);
    const tidy = await openTree(ensemble.settings(), {
      logins: [{ scheme: 'digest', credential: 'owner:pw' }],
    });
    await tidy.write({ kind: 'delete', path: '/shut', version: -1 });
    await tidy.close();
  }, 60_000);

  it('keep the tree of one moment while it is written to, and name what moved', async () => {
    await createAll(tree, someTree(2000, 5));
    const writer = await openTree(ensemble.settings());
    let writing = true;
    const writes = (async () => {
      for (let turn = 0; writing; turn += 1) {
        const data = Buffer.from(`turn ${turn}`);
        await writer.write({ kind: 'set-data', path: '/services', data, version: -1 });
        await createAll(writer, [aZnode(`/queue/late-${turn}`)]);
      }
    })();

    const kept = JSON.parse((await backup({ json: true })).out) as {
      zxid: string;
      moved: { count: number; first: string[] };
      counts: { znodes: number };
    };
    writing = false;
    await writes;

    expect(kept.moved.first).toEqual(expect.arrayContaining(['/queue', '/services']));
    const others = kept.moved.first.filter(
      (path) => !/^\/(?:queue|services)(?:\/late|$)/u.test(path),
    );
    expect(others).toEqual([]);
    const reader = await backupFiles.read(file);
    const cursor = await reader.records();
    let znodes = 0;
    for (let batch = await cursor.next(); batch.length > 0; batch = await cursor.next())
      znodes += batch.length;
    await reader.close();
    expect(znodes).toBe(kept.counts.znodes);
    await writer.close();
  }, 120_000);

  it('go on where they were interrupted', async () => {
    await createAll(tree, someTree(4000, 9));
    const ending = new AbortController();
    const request = {
      settings: ensemble.settings(),
      root: '/',
      file,
      fresh: false,
      perSecondMax: 1000,
      tree: { logins: [], patienceMs: 1000, inFlight: 50, signal: ending.signal },
    };
    const parts = { trees: znodeTrees, files: backupFiles, clock: systemClock };
    const interrupted = makeBackup(request, parts, ({ fileBytes }) => {
      if (fileBytes > 100_000) ending.abort();
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'zookeeper-disconnected' });
    expect(existsSync(`${file}.part`)).toBe(true);

    const kept = await backup();

    expect(kept.err).toMatch(/Going on with what an earlier attempt kept: [\d,]+ znodes/u);
    expect(kept.out).toMatch(/^4,001 znodes/u);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect((await restore({ diffOnly: true })).out).toContain('4,001 znodes are the same.');
  }, 120_000);

  it('stop when somebody else is quicker, and keep what was there', async () => {
    await createAll(tree, [aZnode('/a'), aZnode('/b')]);
    await backup();
    await set('/a', 'one');
    await set('/b', 'one');
    const reader = await backupFiles.read(file);
    const mine = await znodeTrees.open(ensemble.settings(), {
      logins: [],
      patienceMs: 1000,
      inFlight: 10,
    });
    const overtaken: ZnodeTree = {
      ...mine,
      async write(change) {
        if (change.kind === 'set-data' && change.path === '/b') await set('/b', 'two');
        return await mine.write(change);
      },
    };
    const scope = { reader, tree: overtaken, root: '/' };
    const plan = await planRestore(scope, () => undefined);
    const header = { kind: 'undo', ensemble: 'orders', root: '/', startedMs: 0 } as const;
    const undo = await backupFiles.write(join(folder, 'u'), header, { fresh: true });

    const done = await applyRestore(
      scope,
      plan,
      { overwriteNewer: true, deleteExtra: false },
      undo,
      () => undefined,
    );

    expect(done.stoppedAt).toEqual({ path: '/b', reply: 'BADVERSION' });
    expect(await textAt('/b')).toBe('two');
    await undo.abandon();
    await mine.close();
    await reader.close();
    expect(versionOf((await tree.read('/b'))?.stat ?? Buffer.alloc(68))).toBe(2);
  }, 60_000);

  it('refuse the file of another ensemble, a path that is not in it, and a path that is none', async () => {
    await createAll(tree, [aZnode('/a')]);
    await backup({ path: '/a' });

    const other = await restore({ ensemble: 'others' });
    const outside = await restore({ path: '/b' });
    const wrong = await restore({ path: '/a/../b' });
    const unknown = await restore({ ensemble: 'nobody' });

    expect(other).toMatchObject({ code: 2 });
    expect(other.err).toContain('a backup of orders, not of others');
    expect(outside.err).toContain('The backup holds /a; /b is not in it.');
    expect(wrong.err).toContain('is no path of ZooKeeper');
    expect(unknown.err).toContain('There are: orders, others');
    expect((await restore({ ensemble: 'others', fromOtherEnsemble: true })).code).toBe(0);
  }, 60_000);

  it('speak Chinese where the terminal does', async () => {
    await createAll(tree, [aZnode('/a')]);
    const terminal = aTerminal({ env: { LANG: 'zh_CN.UTF-8' } });

    await backupToFile('orders', { config, out: file }, terminal.io, {});

    expect(terminal.out()).toContain('2 个 znode、数据');
  }, 60_000);
});
