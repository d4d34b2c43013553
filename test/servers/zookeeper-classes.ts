import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configLines, planServers, serverLines } from './zookeeper-config.ts';
import { serverArgv, serverFiles } from './zookeeper-process.ts';
import { askWord } from './zookeeper-word.ts';

/** Where the archives lie; a build has its own. */
const cacheDir = join(import.meta.dirname, '../../.cache');

/** How long the server may take whose classes are archived; 3 s on a quiet machine. */
const makeMsMax = 90_000;

let making: Promise<string | undefined> | undefined;

/**
 * The classes of a ZooKeeper server in one file, as a JVM has them when they are loaded and checked: a server that is started with it
 * has half the work, and the tests start hundreds. Made once for this JVM and these jars, by a server that runs for a moment.
 * Undefined where none can be made: servers start without it as well.
 */
export function archivedClasses(): Promise<string | undefined> {
  making ??= findOrMake().catch(() => undefined);
  return making;
}

async function findOrMake(): Promise<string> {
  const parts = serverFiles().map((path) => `${path} ${statSync(path).mtimeMs}`);
  const key = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
  const file = join(cacheDir, `zookeeper-${key}.jsa`);
  if (!existsSync(file)) await make(file);
  return file;
}

/** Runs the only member of an ensemble: one that stands alone knows nothing of elections, and loads less. */
async function make(file: string): Promise<void> {
  mkdirSync(cacheDir, { recursive: true });
  const dir = mkdtempSync(join(cacheDir, 'making-'));
  const [plan] = await planServers(1, 0);
  if (plan === undefined) throw new Error('no plan');
  writeFileSync(join(dir, 'myid'), `${plan.sid}\n`);
  const timing = { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 };
  const own = configLines({ extraConfig: { standaloneEnabled: false } }, timing, plan, dir);
  const configFile = join(dir, 'zoo.cfg');
  writeFileSync(configFile, [...own, ...serverLines([plan], {}), ''].join('\n'));
  const made = join(dir, 'classes.jsa');
  const jvmFlags = [`-XX:ArchiveClassesAtExit=${made}`];
  const [program = '', ...args] = serverArgv(configFile, { admin: false, netty: false, jvmFlags });
  const child = spawn(program, args, { cwd: dir, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const endMs = Date.now() + makeMsMax;
    const serves = async () => /^Mode: /mu.test(await askWord(plan.host, plan.client, 'srvr'));
    while (child.exitCode === null && !(await serves()) && Date.now() < endMs) await sleep(20);
    await askWord(plan.host, plan.client, 'mntr');
    child.kill('SIGTERM');
    const late = setTimeout(kill, makeMsMax);
    await ended;
    clearTimeout(late);
    // Somebody else may have been at it too: the last one stays.
    renameSync(made, file);
  } finally {
    process.off('exit', kill);
    kill();
    rmSync(dir, { recursive: true, force: true });
  }
}
