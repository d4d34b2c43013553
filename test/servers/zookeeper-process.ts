import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Debian's packages put their jars. */
const jarDir = '/usr/share/java';

/** zookeeper.jar's manifest pulls in the rest of what a plain quorum needs. */
const plainJars = ['zookeeper.jar', 'slf4j-simple.jar'];

/** The AdminServer is silently absent without the servlet API. */
const adminJars = ['servlet-api.jar', 'jetty9-util-ajax.jar'];

/** Without these a Netty server boots, accepts and closes every connection. */
const nettyJars = [
  'netty-codec.jar',
  'netty-resolver.jar',
  'netty-transport-native-unix-common.jar',
];

/** Small heap, one garbage collector thread, no fsync: about 60 MB and 1 s to boot. */
const jvmDefaults = [
  '-Xmx64m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-XX:-UsePerfData',
  '-Djava.net.preferIPv4Stack=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  '-Dzookeeper.forceSync=no',
  '-Dzookeeper.preAllocSize=1024',
  // The default of 60 s lets a server that lost its peers come back a minute late.
  '-Dzookeeper.fastleader.maxNotificationInterval=1000',
];

/** The argv of a server that reads `configFile`. Throws with the remedy when a part is not installed. */
export function serverArgv(
  configFile: string,
  options: {
    readonly admin: boolean;
    readonly netty: boolean;
    readonly jvmFlags: readonly string[];
  },
): readonly string[] {
  const jars = [
    ...plainJars,
    ...(options.admin ? adminJars : []),
    ...(options.netty ? nettyJars : []),
  ].map((name) => join(jarDir, name));
  const missing = jars.filter((jar) => !existsSync(jar));
  if (placeOf('java') === undefined) missing.push('java');
  if (missing.length > 0) {
    throw new Error(
      `ZooKeeper cannot start, missing: ${missing.join(', ')}. Run: apt-get install zookeeper default-jre-headless libservlet-api-java`,
    );
  }
  return [
    'java',
    ...jvmDefaults,
    ...options.jvmFlags,
    '-cp',
    jars.join(':'),
    'org.apache.zookeeper.server.quorum.QuorumPeerMain',
    configFile,
  ];
}

function placeOf(program: string): string | undefined {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, program));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The files of which a server is made: the program of the JVM and the jars of every server. Throws when one is missing. */
export function serverFiles(): readonly string[] {
  return [placeOf('java') ?? 'java', ...plainJars.map((name) => join(jarDir, name))].map((file) =>
    realpathSync(file),
  );
}

/**
 * The files of a server's folder that this launcher and `restart.mjs` share: `argv.json` (how it starts), `pid` (who runs now),
 * `log` (what the JVM printed).
 */
export function startProcess(dir: string): void {
  const argv = JSON.parse(readFileSync(join(dir, 'argv.json'), 'utf8')) as [string, ...string[]];
  const log = openSync(join(dir, 'log'), 'a');
  const child = spawn(argv[0], argv.slice(1), {
    cwd: dir,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  // A JVM that cannot be started shows as a server that does not run: `ready` reports it with the log.
  child.on('error', () => undefined);
  child.unref();
  writeFileSync(join(dir, 'pid'), String(child.pid ?? ''));
}

/** The pid of the server in this folder, or undefined when it does not run. A pid that was given to another program does not count. */
export function runningPid(dir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    // The command line of a zombie is empty, that of a stranger does not name our folder.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${dir}/`) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Signals the server; for a deadly signal resolves when the process is gone. The signal is sent before this returns. */
export async function signalProcess(dir: string, signal: NodeJS.Signals): Promise<void> {
  const pid = runningPid(dir);
  if (pid === undefined) return;
  process.kill(pid, signal);
  if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
  const deadlineMs = Date.now() + 10_000;
  while (!hasEnded(pid)) {
    if (Date.now() > deadlineMs) throw new Error(`ZooKeeper ${pid} outlives ${signal} by 10 s`);
    await sleep(2);
  }
}

/** Whether the last thread is gone, and with it every socket: until then a port may still be taken. */
function hasEnded(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).length;
    return threads <= 1 && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/**
 * Waits for its standard input to close, then kills every server under the folder `$0` and removes the folder; the line `off`
 * calls it off.
 */
export const guardScript =
  'read line; [ "$line" = off ] && exit; ' +
  'for file in "$0"/*/pid; do pid=$(cat "$file"); ' +
  'grep -qs "$0/" "/proc/$pid/cmdline" && kill -9 "$pid"; done; rm -rf "$0"';

/** Leaves no server behind when this process ends, however it ends. Answers how to call the guard off. */
export function guardServers(dir: string): () => void {
  const guard = spawn('/bin/sh', ['-c', guardScript, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.stdin.on('error', () => undefined);
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return () => guard.stdin.end('off\n');
}

/**
 * A script for a recovery: `node restart.mjs zk2` kills what is left of the server and starts it anew, detached; `stop` or `start`
 * behind it does one half. It stands alone, for it runs in a process of its own.
 */
export const restartScript = `import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dir = join(import.meta.dirname, process.argv[2] ?? '');
if (!process.argv[2] || !existsSync(join(dir, 'argv.json'))) {
  console.error('no such server: ' + process.argv[2]);
  process.exit(2);
}

function running(pid) {
  try {
    return pid > 1 && readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes(dir + '/');
  } catch {
    return false;
  }
}

function hasEnded(pid) {
  try {
    const threads = readdirSync('/proc/' + pid + '/task').length;
    return threads <= 1 && / Z /.test(readFileSync('/proc/' + pid + '/stat', 'utf8'));
  } catch {
    return true;
  }
}

const old = Number(existsSync(join(dir, 'pid')) ? readFileSync(join(dir, 'pid'), 'utf8') : 0);
const wasRunning = running(old);
const half = process.argv[3] ?? '';
if (half === 'start' && wasRunning) {
  console.error(process.argv[2] + ' runs already');
  process.exit(3);
}
if (wasRunning) process.kill(old, half === 'stop' ? 'SIGTERM' : 'SIGKILL');
while (wasRunning && !hasEnded(old)) await new Promise((resolve) => setTimeout(resolve, 2));
if (half === 'stop') {
  console.log('stopped ' + process.argv[2]);
  process.exit(0);
}
const [program, ...args] = JSON.parse(readFileSync(join(dir, 'argv.json'), 'utf8'));
const log = openSync(join(dir, 'log'), 'a');
const child = spawn(program, args, { cwd: dir, detached: true, stdio: ['ignore', log, log] });
closeSync(log);
child.unref();
writeFileSync(join(dir, 'pid'), String(child.pid));
console.log('started ' + process.argv[2] + ', pid ' + child.pid);
`;

/** What `zkCli.sh` of Debian's package `zookeeper` runs, for machines that have the jars alone. Add an address: it reads its input. */
export const clientArgv: readonly string[] = [
  'java',
  '-Xmx64m',
  '-XX:TieredStopAtLevel=1',
  '-cp',
  plainJars.map((name) => join(jarDir, name)).join(':'),
  'org.apache.zookeeper.ZooKeeperMain',
  '-server',
];
