import { type ChildProcess, spawn } from 'node:child_process';
import { type Dirent, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** The bot as people run it: built, in a process of its own. */
export interface BotProcess {
  /** `http://127.0.0.1:NNNN` */
  readonly url: string;
  readonly configFile: string;
  readonly pid: number;
  /** Writes its file anew, as an operator does while it runs; everything but `http`, as YAML. */
  configure(yaml: string): void;
  /** Everything it has printed so far. */
  output(): string;
  /** Runs a chat line as the local person. */
  command(line: string): Promise<{ readonly outcome: string; readonly blocks: readonly unknown[] }>;
  get(path: string): Promise<unknown>;
  /** Resolves with the exit code when it is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  close(): Promise<void>;
}

/** A start takes 2 s on a quiet machine, and many times that beside others. */
const startMsMax = 90_000;

/** The built command line: this file runs from the sources in tests, and built in the bench. */
const cli = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/src/app/cli.js' : '../../src/app/cli.js',
    import.meta.url,
  ),
);

/** Starts the built bot with this configuration and waits until `/readyz` says that it watches everything. */
export async function startBotProcess(options: {
  /** Everything but `http`, as YAML. */
  readonly yaml: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly readyWithinMs?: number;
}): Promise<BotProcess> {
  mustBeBuilt();
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-bot-'));
  const port = options.port ?? (await freePort());
  const configFile = join(dir, 'nightkeeper.yaml');
  const configure = (yaml: string): void =>
    writeFileSync(configFile, `http: { host: 127.0.0.1, port: ${port} }\n${yaml}`);
  configure(options.yaml);
  const child = spawn(process.execPath, [cli, 'start', '-c', configFile], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-200_000);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const bot = processOf(child, { url, configFile, dir, configure, printed: () => printed });
  try {
    const look = async () => child.exitCode !== null || (await ready(url));
    await until('the bot is ready', look, options.readyWithinMs ?? startMsMax);
    if (child.exitCode !== null) throw new Error(`the bot ended with ${child.exitCode}`);
  } catch (error) {
    await bot.close();
    throw new Error(`the bot did not become ready\n${printed.slice(-4000)}`, { cause: error });
  }
  return bot;
}

/** What runs is what was built: an old build would prove nothing about the sources. */
function mustBeBuilt(): void {
  const built = statSync(cli, { throwIfNoEntry: false });
  const sources = join(dirname(cli), '../../../src');
  const isOld = (file: Dirent): boolean =>
    file.isFile() && statSync(join(file.parentPath, file.name)).mtimeMs > (built?.mtimeMs ?? 0);
  const files = readdirSync(sources, { recursive: true, withFileTypes: true });
  if (built === undefined || files.some(isOld))
    throw new Error('the bot is not built from these sources. Run: node scripts/build.mjs');
}

function processOf(
  child: ChildProcess,
  own: Pick<BotProcess, 'url' | 'configFile' | 'configure'> & {
    readonly dir: string;
    readonly printed: () => string;
  },
): BotProcess {
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    url: own.url,
    configFile: own.configFile,
    configure: own.configure,
    pid: child.pid ?? -1,
    output: own.printed,
    async command(line) {
      const response = await fetch(`${own.url}/api/v1/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ line }),
      });
      return (await response.json()) as Awaited<ReturnType<BotProcess['command']>>;
    },
    async get(path) {
      return await (await fetch(`${own.url}${path}`)).json();
    },
    async kill(signal) {
      child.kill(signal);
      return await gone;
    },
    async close() {
      if (!ended()) child.kill('SIGKILL');
      await gone;
      rmSync(own.dir, { recursive: true, force: true });
    },
  };
}

async function ready(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
