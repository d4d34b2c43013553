import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import { openClient } from './client.ts';
import type { Scene } from './scene.ts';
import { withFlags, withSmallDisk } from './tamper.ts';
import type { Fault } from './trial.ts';

/** Disks, descriptors, memory. Each of these begins with a follower that `prepare` set apart. */
export const resourceFaults: readonly Fault[] = [
  fullDisk(),
  slowFsync(),
  fewDescriptors(),
  tinyHeap(),
];

function fullDisk(): Fault {
  let victim: ZooKeeperServer;
  let undo: (() => Promise<void>) | undefined;
  const filler = () => join(victim.dir, 'data', 'filler');
  return {
    name: 'full disk',
    size: 'three',
    needs: ['mounts'],
    expected: ['disk-full-now'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    lastsMs: 20_000,
    async prepare(scene) {
      victim = await scene.follower();
      undo = await withSmallDisk(victim, 12);
    },
    async inject(scene) {
      fill(filler());
      // What was allocated in advance takes some more writes.
      const client = await clientOf(scene, await scene.ensemble.leader());
      await client.create('/bulk', Buffer.alloc(0));
      for (let round = 0; round < 400; round += 1) await client.set('/bulk', Buffer.alloc(4096));
      await client.close();
      return {
        servers: [victim.id],
        async recover() {
          rmSync(filler());
          if (!victim.running()) victim.start();
          await Promise.resolve();
        },
      };
    },
    restore: async () => await undo?.(),
  };
}

/** Writes zeros until there is no room left. */
function fill(file: string): void {
  try {
    for (let megabytes = 1; megabytes <= 1024; megabytes += 1)
      writeFileSync(file, Buffer.alloc(1 << 20), { flag: 'a' });
  } catch {
    return;
  }
  throw new Error('the disk is larger than expected');
}

function slowFsync(): Fault {
  return {
    name: 'slow fsync',
    size: 'three',
    needs: ['strace'],
    expected: ['fsync-slow'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const strace = spawn(
        'strace',
        [
          '-qq',
          '-f',
          '-e',
          'trace=fdatasync',
          '-e',
          'inject=fdatasync:delay_exit=400000',
          '-o',
          '/dev/null',
          '-p',
          String(victim.pid()),
        ],
        { stdio: 'ignore' },
      );
      return {
        servers: [victim.id],
        recover: () => {
          strace.kill('SIGINT');
        },
      };
    },
  };
}

function fewDescriptors(): Fault {
  return {
    name: 'file-descriptor limit',
    size: 'three',
    needs: ['prlimit'],
    expected: ['fd-exhaustion', 'member-accept-starved'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    lastsMs: 15_000,
    async inject(scene) {
      const victim = await scene.follower();
      const pid = victim.pid();
      if (pid === undefined) throw new Error('the follower does not run');
      const [, soft = '', hard = ''] =
        /^Max open files\s+(\d+)\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
      limit(pid, readdirSync(`/proc/${pid}/fd`).length, hard);
      return { servers: [victim.id], recover: () => limit(pid, Number(soft), hard) };
    },
  };
}

/** Only the soft limit moves: it may be raised again. */
function limit(pid: number, soft: number, hard: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:${hard}`]);
}

/** Nodes of the storm, and their size: with the 10 MB a server needs by itself they leave little of the heap of 32 MB. */
const bulkNodes = 3000;
const bulkBytes = 5500;

function tinyHeap(): Fault {
  let victim: ZooKeeperServer;
  let undo: (() => Promise<void>) | undefined;
  return {
    name: 'tiny heap with a garbage storm',
    size: 'three',
    expected: ['heap-pressure', 'jvm-pause'],
    about: 'server',
    // The live set of a heap is the least of some readings.
    patienceMs: 100_000,
    async prepare(scene) {
      victim = await scene.follower();
      undo = await withFlags(victim, ['-Xmx32m'], (lines) => [...lines, 'jvm.pause.monitor=true']);
    },
    async inject(scene) {
      const client = await clientOf(scene, victim);
      await client.create('/storm', Buffer.alloc(0));
      await inTurns(bulkNodes, 50, (index) =>
        client.create(`/storm/${index}`, Buffer.alloc(bulkBytes)),
      );
      let isOver = false;
      const storm = (async () => {
        while (!isOver)
          await inTurns(200, 50, (index) => client.get(`/storm/${index}`)).catch(() => {
            isOver = true;
          });
      })();
      return {
        servers: [victim.id],
        async recover() {
          isOver = true;
          await storm;
          client.vanish();
          const tidy = await clientOf(scene, await scene.ensemble.leader());
          await inTurns(bulkNodes, 50, (index) => tidy.remove(`/storm/${index}`));
          await tidy.close();
        },
      };
    },
    restore: async () => await undo?.(),
  };
}

export function clientOf(scene: Scene, server: ZooKeeperServer, ticket?: Buffer) {
  return openClient({
    host: server.host,
    port: server.clientPort,
    from: scene.place.strangerFrom,
    requestTimeoutMs: 20_000,
    ...(ticket === undefined ? {} : { ticket }),
  });
}

/** Does something many times, so many at once. */
export async function inTurns(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < count; from += atOnce)
    await Promise.all(
      Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => act(from + index)),
    );
}
