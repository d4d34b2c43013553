import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  restoreSnapshot,
  type SnapshotRestoreOptions,
} from '../../src/app/cli-restore-snapshot.ts';
import {
  type AdminStandIn,
  type AdminStandInOptions,
  startAdminStandIn,
} from '../servers/admin-restore.ts';
import { aSnapshot } from '../support/snapshots.ts';
import { aTerminal, type Terminal } from '../support/terminal.ts';

let folder: string;
let config: string;
let file: string;
let servers: AdminStandIn[];

const env = { ZK_LOGIN: 'digest:super:secret' };
const bytes = aSnapshot({ zxid: 7n });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-restore-'));
  config = join(folder, 'nightkeeper.yaml');
  file = join(folder, 'orders.snapshot');
  servers = [];
  await writeFile(file, bytes);
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

/** An ensemble of stand-ins; a number is a port where nobody listens. */
async function stand(...all: readonly (AdminStandInOptions | 'away')[]): Promise<void> {
  const lines: string[] = [];
  for (const [at, options] of all.entries()) {
    let port = 1;
    if (options !== 'away') {
      const server = await startAdminStandIn(options);
      servers.push(server);
      ({ port } = server);
    }
    lines.push(`{ id: s${at + 1}, client: "127.0.0.1:${at + 2}", admin: "127.0.0.1:${port}" }`);
  }
  const login = `login: "\${ZK_LOGIN}"`;
  const listed = `ensembles: { orders: { discover: false, ${login}, servers: [${lines.join(', ')}] } }`;
  await writeFile(config, `${listed}\n`);
}

/** The leader comes first in the configuration, to be last in the order. */
async function three(
  more: readonly [AdminStandInOptions?, AdminStandInOptions?, AdminStandInOptions?] = [],
): Promise<void> {
  const [leader = {}, one = {}, other = {}] = more;
  await stand(
    { mode: 'leader', voters: 3, ...leader },
    { mode: 'follower', voters: 3, ...one },
    { mode: 'follower', voters: 3, ...other },
  );
}

async function run(
  more: Partial<SnapshotRestoreOptions> = {},
  terminal: Terminal = aTerminal({ env }),
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const options = { ensemble: 'orders', config, yes: true, ...more };
  const code = await restoreSnapshot(file, options, terminal.io, {});
  return { code, out: terminal.out(), err: terminal.err() };
}

function posts(): readonly number[] {
  return servers.map((server) => server.posts());
}

describe('a snapshot that is restored', () => {
  it('goes to every server, the leader last, and is compared', async () => {
    await three();

    const { code, out, err } = await run();

    expect(code).toBe(0);
    expect(out).toMatch(/s2: follower, 3\.9\.3.*\n.*s3: follower.*\n.*s1: leader/u);
    expect(err).toMatch(/s2: has the snapshot\.\ns3: has the snapshot\.\ns1: has the snapshot\./u);
    expect(out).toContain('Compared: all servers have 4 znodes.');
    expect(out).toContain('--server s2 --out orders-s2.snapshot');
    expect(servers.flatMap(({ taken }) => taken)).toEqual([bytes, bytes, bytes]);
  });

  it('goes into a standalone server, in the name that is configured', async () => {
    await stand({ restore: 'login' });

    expect(await run()).toMatchObject({ code: 0 });
  });

  it('is only told of with --dry-run, and as JSON', async () => {
    await three();

    const { code, out } = await run({ dryRun: true, json: true });

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      snapshot: { zxid: '0x7', znodes: 4, bytes: bytes.length },
      servers: [{ id: 's2' }, { id: 's3' }, { id: 's1' }],
      refusals: [],
    });
    expect(posts()).toEqual([0, 0, 0]);
  });

  it.each([
    ['orders', 0, [1]],
    ['others', 1, [0]],
  ])('is done when %s is typed: %i', async (typed, wanted, sent) => {
    await stand({});
    const terminal = aTerminal({ env, tty: true });
    const running = run({ yes: false }, terminal);
    terminal.type(typed);

    expect(await running).toMatchObject({ code: wanted });
    expect(posts()).toEqual(sent);
  });

  it('is not done where nobody can be asked', async () => {
    await stand({});

    const { code, out } = await run({ yes: false });

    expect(code).toBe(1);
    expect(out).toContain('repeat it with --yes');
    expect(posts()).toEqual([0]);
  });

  it('is refused before anything is sent while a server is away, too old, has clients or is further', async () => {
    await stand(
      { mode: 'leader', voters: 3, clients: ['10.0.0.7:40376'] },
      { mode: 'follower', voters: 3, version: '3.8.0', zxid: 10 },
      'away',
    );

    const { code, out, err } = await run();

    expect(code).toBe(1);
    expect(out).toContain('What was done after the snapshot is lost: 3 transactions.');
    expect(err).toMatch(/Cannot be asked: s3 \(.*127\.0\.0\.1:1/u);
    expect(err).toContain('Too old: s2 (3.8.0)');
    expect(err).toContain('Clients are connected: s1: 10.0.0.7:40376');
    expect(err).toContain('s2 is at 0xa: further than the snapshot');
    expect(posts()).toEqual([0, 0]);
  });

  it('is done despite clients and files when both are said', async () => {
    await stand({ clients: ['10.0.0.7:40376'], zxid: 10 });

    expect((await run()).code).toBe(1);
    expect((await run({ despiteClients: true })).code).toBe(1);
    expect((await run({ despiteClients: true, despiteFiles: true })).code).toBe(0);
  });

  it.each([
    ['off', 'restoring is switched off'],
    ['too-often', 'it took one just now'],
    ['fails', 'it could not take the snapshot'],
  ] as const)('stops at a server that says no (%s), and tells who has it', async (restore, why) => {
    await three([{}, {}, { restore }]);

    const { code, out } = await run();

    expect(code).toBe(1);
    expect(out).toContain(why);
    expect(out).toContain('They have the snapshot: s2\nThey do not have it: s3, s1\n');
    expect(out).toContain('let no client in');
    expect(posts()).toEqual([0, 1, 1]);
  });

  it('that the first server refuses has changed nothing', async () => {
    await three([{}, { restore: 'off' }]);

    const { out } = await run();

    expect(out).toContain('They do not have it: s2, s3, s1\nNothing was changed.');
  });

  it('whose answer did not come may be there', async () => {
    await three([{}, { restore: 'torn' }]);

    const { code, out } = await run();

    expect(code).toBe(1);
    expect(out).toContain('They do not have it: s3, s1\nUnknown: s2\nThe servers differ now');
  });

  it('that was cut, forged or is another one is refused, and nobody is asked', async () => {
    await three();
    const other = await run({ sha256: 'ab'.repeat(32) });
    await writeFile(file, bytes.subarray(0, -30));
    const cut = await run();
    const forged = Buffer.from(bytes);
    forged.write('X', 90);
    await writeFile(file, forged);
    const changed = await run();

    expect([other.code, cut.code, changed.code]).toEqual([1, 1, 1]);
    expect(other.err).toContain('its sha256 is another one. Nothing was sent');
    expect(cut.err).toMatch(/Nothing was sent/u);
    expect(changed.err).toMatch(/Nothing was sent/u);
    expect(posts()).toEqual([0, 0, 0]);
  });

  it('goes back whole or not at all', async () => {
    await stand({});

    const { code, err } = await run({ path: '/a' });

    expect(code).toBe(2);
    expect(err).toContain('--path does not go with --snapshot');
  });

  it('speaks Chinese where the terminal does', async () => {
    await three();

    const { out } = await run({}, aTerminal({ env: { ...env, LANG: 'zh_CN.UTF-8' } }));

    expect(out).toContain('已核对：所有节点都有 4 个 znode。');
  });
});
