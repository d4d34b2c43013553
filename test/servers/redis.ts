import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long a server may take to answer PING; replaying a big append-only file on a busy machine takes a while. */
const startMsMax = 15_000;

/** How long a server may take to end after a signal. */
const stopMsMax = 10_000;

/** Tries to find a port: another process may take the free one before Redis binds it. */
const portTriesMax = 5;

/** A real redis-server with its own port and folder. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Sends a signal; for SIGKILL and SIGTERM resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again on the same port and folder; one that still runs is killed first. Resolves when it answers. */
  restart(): Promise<void>;
  /** Ends the server and removes the folder, if it made it. */
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Append-only file, as production needs it; default true. */
  readonly appendonly?: boolean;
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** Where the data lies; a temporary folder by default. */
  readonly dir?: string;
  readonly port?: number;
  /** Where `args` set one: what the first question must be asked with. */
  readonly password?: string;
  /** Further lines of configuration: `['--maxmemory-policy', 'noeviction']`. */
  readonly args?: readonly string[];
}

/** Starts redis-server and resolves when it answers PING. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'nightkeeper-redis-')));
  const { port, child } = await launch(options, dir);
  let running = child;

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (hasEnded(running)) return;
    running.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await ended(running);
  }

  function killOnExit(): void {
    running.kill('SIGKILL');
  }
  process.once('exit', killOnExit);

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return running.pid ?? 0;
    },
    kill,
    async restart() {
      await kill('SIGKILL');
      running = await run(options, dir, port);
    },
    async close() {
      process.off('exit', killOnExit);
      await kill('SIGKILL');
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function launch(
  options: RedisServerOptions,
  dir: string,
): Promise<{ port: number; child: ChildProcess }> {
  if (options.port !== undefined)
    return { port: options.port, child: await run(options, dir, options.port) };
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await run(options, dir, port) };
    } catch (error) {
      if (attempt === portTriesMax || !/in use/iu.test(String(error))) throw error;
    }
  }
}

async function run(options: RedisServerOptions, dir: string, port: number): Promise<ChildProcess> {
  const appendonly = options.appendonly ?? true;
  const child = spawn(
    'redis-server',
    [
      ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--daemonize', 'no'],
      ['--appendonly', appendonly ? 'yes' : 'no'],
      ['--appendfsync', options.appendfsync ?? 'everysec'],
      ['--save', ''],
      options.args ?? [],
    ].flat(),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let spawnError: NodeJS.ErrnoException | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });
  const deadline = Date.now() + startMsMax;
  while (!(await answersPing(port, options.password))) {
    if (spawnError?.code === 'ENOENT')
      throw new Error(
        'redis-server is not installed: run "apt-get install -y redis-server" (Debian, Ubuntu) or "brew install redis" (macOS)',
        { cause: spawnError },
      );
    if (hasEnded(child)) throw new Error(`redis-server on port ${port} ended at once: ${printed}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(
        `redis-server on port ${port} did not answer in ${startMsMax} ms: ${printed}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // The port may answer although it is another Redis that holds it: ours has ended then.
  if (hasEnded(child)) throw new Error(`port ${port} is in use by another Redis: ${printed}`);
  return child;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`redis-server ${child.pid} did not end in ${stopMsMax} ms`)),
      stopMsMax,
    );
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A port nobody listens on right now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** True when a Redis answers here and has loaded its data. */
async function answersPing(port: number, password: string | undefined): Promise<boolean> {
  const auth = password === undefined ? '' : `AUTH ${password}\r\n`;
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(1000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.write(`${auth}PING\r\n`));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
      if (answer.includes('+PONG')) done(true);
      else if (answer.includes('-')) done(false);
    });
    socket.once('close', () => done(false));
  });
}
