import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenTcp } from './tcp.ts';
import { startEnsemble, type ZooKeeperEnsemble } from './zookeeper.ts';
import { guardScript, runningPid, startProcess } from './zookeeper-process.ts';

const run = promisify(execFile);

/** A process that was killed and not yet collected by its parent counts one thread. */
function threadsOf(pid: number): number {
  return existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`).length : 0;
}

describe('startEnsemble', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 3 });
  });
  afterAll(() => ensemble.close());

  it('starts three servers with one leader', async () => {
    const leader = await ensemble.leader();
    const followers = await ensemble.followers();

    expect(ensemble.servers.map(({ id }) => id)).toEqual(['zk1', 'zk2', 'zk3']);
    expect([leader, ...followers].map(({ id }) => id).sort()).toEqual(['zk1', 'zk2', 'zk3']);
  });

  it('restarts a killed server by the argv it hands out, and tracks the new process', async () => {
    const [follower] = await ensemble.followers();
    const oldPid = follower!.pid();
    await follower!.kill('SIGKILL');
    const wasRunning = follower!.running();
    const [program, ...args] = ensemble
      .restartArgv()
      .map((part) => part.replace('{server}', follower!.id));

    await run(program!, args);
    await ensemble.ready();

    expect(wasRunning).toBe(false);
    expect(follower!.pid()).toBeGreaterThan(1);
    expect(follower!.pid()).not.toBe(oldPid);
  });

  it('restarts a server that still runs', async () => {
    const server = ensemble.servers[0]!;
    const oldPid = server.pid();

    await run(
      process.execPath,
      ensemble
        .restartArgv()
        .slice(1)
        .map((part) => part.replace('{server}', server.id)),
    );
    await ensemble.ready();

    expect(server.pid()).not.toBe(oldPid);
  });

  it('leaves neither process nor folder behind', async () => {
    const other = await startEnsemble({ servers: 1 });
    const pid = other.servers[0]!.pid();

    await other.close();

    expect(threadsOf(pid!)).toBeLessThanOrEqual(1);
    expect(existsSync(other.dir)).toBe(false);
  });
});

describe('an ensemble that cannot start', () => {
  it('fails at once and shows what the server said', async () => {
    const startedMs = performance.now();

    const starting = startEnsemble({ servers: 1, extraConfig: { tickTime: 'never' } });

    await expect(starting).rejects.toThrow(/NumberFormatException|Error processing/);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('tries other ports, and says so when every port is taken', async () => {
    const taken = await listenTcp(() => undefined);
    try {
      const starting = startEnsemble({ servers: 1, extraConfig: { clientPort: taken.port } });

      await expect(starting).rejects.toThrow(/Address already in use[\s\S]*attempt 4/);
    } finally {
      await taken.close();
    }
  });
});

describe('the guard of an ensemble', () => {
  it('kills the servers and removes the folder when the process that started them is gone', async () => {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'nightkeeper-zk-')));
    const serverDir = join(dir, 'zk1');
    mkdirSync(serverDir);
    // A stand-in for a server: the guard knows its own by the folder in the command line.
    const argv = [process.execPath, '-e', 'setInterval(() => {}, 1e6)', `${serverDir}/zoo.cfg`];
    writeFileSync(join(serverDir, 'argv.json'), JSON.stringify(argv));
    startProcess(serverDir);
    const pid = runningPid(serverDir)!;
    const guard = spawn('/bin/sh', ['-c', guardScript, dir], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });

    guard.stdin.end();
    await once(guard, 'exit');

    expect(existsSync(dir)).toBe(false);
    await expect.poll(() => threadsOf(pid)).toBeLessThanOrEqual(1);
  });
});
