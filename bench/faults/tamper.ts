import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';

/** Starts a server anew with further JVM flags and another configuration. Answers how to start it as it was before. */
export async function withFlags(
  server: ZooKeeperServer,
  flags: readonly string[],
  change: (lines: readonly string[]) => readonly string[],
): Promise<() => Promise<void>> {
  const file = join(server.dir, 'argv.json');
  const before = readFileSync(file, 'utf8');
  const argv = JSON.parse(before) as string[];
  // Of two flags of the same name the JVM takes the last.
  argv.splice(argv.indexOf('-cp'), 0, ...flags);
  await server.kill('SIGKILL');
  writeFileSync(file, JSON.stringify(argv));
  const undo = await withConfig(server, change);
  return async () => {
    await server.kill('SIGKILL');
    writeFileSync(file, before);
    await undo();
  };
}

/** Starts a server anew with another configuration. Answers how to start it as it was before. */
export async function withConfig(
  server: ZooKeeperServer,
  change: (lines: readonly string[]) => readonly string[],
): Promise<() => Promise<void>> {
  const file = join(server.dir, 'zoo.cfg');
  const before = readFileSync(file, 'utf8');
  await server.kill('SIGKILL');
  writeFileSync(file, `${change(before.trimEnd().split('\n')).join('\n')}\n`);
  server.start();
  return async () => {
    await server.kill('SIGKILL');
    writeFileSync(file, before);
    server.start();
  };
}

/** Moves the data of a server onto a disk of its own of this size. Answers how to move it back. */
export async function withSmallDisk(
  server: ZooKeeperServer,
  megabytes: number,
): Promise<() => Promise<void>> {
  const data = join(server.dir, 'data');
  await server.kill('SIGKILL');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'nightkeeper-faults', data]);
  // It is filled by its peers.
  writeFileSync(join(data, 'myid'), `${server.sid}\n`);
  server.start();
  return async () => {
    await server.kill('SIGKILL');
    execFileSync('umount', ['-l', data]);
    server.start();
  };
}
