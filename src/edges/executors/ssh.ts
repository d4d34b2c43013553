import { readFile } from 'node:fs/promises';
import { Client, type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { assert } from '../../model/errors.ts';
import type { Order } from '../../model/order.ts';
import type { SshSettings } from '../../model/settings.ts';
import type { Executor, ExecutorRun } from '../../ports/executor.ts';
import { argvText, fillArgv, fillText, templateOf } from './argv.ts';
import { takenForOption, unavailable, whyEnded } from './ends.ts';
import {
  fingerprintOfKey,
  type HostKeyVerdict,
  judgeHostKey,
  knownKeyTypes,
} from './known-hosts.ts';
import { canBy, limitsOf, noWay } from './orders.ts';
import { checkBy } from './rehearse.ts';
import { type Environment, secretsIn } from './secrets.ts';
import { createTail, type Tail } from './tail.ts';

/** A connection that says nothing is asked this often whether it still stands, and given up after three questions. */
const keepAliveMs = 5000;

/** How long output is waited for after the end of the command: what it started may hold the channel open for ever. */
const drainMs = 300;

/** What sudo says when it would ask for a password and nobody is there to type one (`sudo -n`, sudo(8)). */
const sudoWantsPassword =
  /sudo: (?:a password is required|a terminal is required to read the password|no tty present)/u;

/** Asked for an RSA key, a machine signs with SHA-2: SHA-1 is not taken any more (RFC 8332). */
const algorithmsOf: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Where a run goes and how, after every file was read. */
interface Way {
  readonly host: string;
  readonly port: number;
  readonly line: string;
  readonly connect: ConnectConfig;
  /** What was found out about the key that the machine showed. */
  readonly verdict: () => HostKeyVerdict | undefined;
  readonly shown: () => string;
}

/** Runs a command on the machine of a server over SSH. The machine's key is always checked, and no password is ever typed. */
export function createSshExecutor(env: Environment): Executor {
  const run: Executor['run'] = async (settings, ensemble, server, order, signal) => {
    assert(settings.kind === 'ssh', 'settings of another executor');
    const template = templateOf(settings, order);
    if (template === undefined) return unavailable(noWay(order));
    const argv = fillArgv([...template.argv, ...template.exec], ensemble, server);
    if (argv === undefined) return takenForOption(server);
    if (signal.aborted) return unavailable('stopped before it began');
    const host = fillText(settings.host, ensemble, server);
    const way = await prepare(settings, host, argvText(argv), env);
    return 'kind' in way ? way : runThere(way, settings, { order, env }, signal);
  };

  return {
    kind: 'ssh',
    can: (settings, order) => canBy(settings, order),
    describe(settings, ensemble, server, order) {
      assert(settings.kind === 'ssh', 'settings of another executor');
      const template = templateOf(settings, order);
      if (template === undefined) return '';
      const host = fillText(settings.host, ensemble, server);
      const whole = [...template.argv, ...template.exec];
      return `${settings.user}@${host}: ${argvText(fillArgv(whole, ensemble, server) ?? whole)}`;
    },
    run,
    check: checkBy(run),
  };
}

/** The executor in the environment of the bot. */
export const sshExecutor: Executor = createSshExecutor(process.env);

/** Reads the key and what is known of the machine; or says which file is missing. */
async function prepare(
  settings: SshSettings,
  host: string,
  line: string,
  env: Environment,
): Promise<Way | ExecutorRun> {
  const { login, trust, port } = settings;
  const agent = env['SSH_AUTH_SOCK'];
  if (login.kind === 'agent' && (agent === undefined || agent === ''))
    return unavailable(
      'no SSH agent: the environment variable SSH_AUTH_SOCK is not set for the bot',
    );
  const key = login.kind === 'key' ? await textOf(login.file) : '';
  if (key === undefined) return unavailable('the key file of restart.ssh cannot be read');
  const known = trust.kind === 'known-hosts' ? await textOf(trust.file) : '';
  if (known === undefined) return unavailable('the known_hosts file of restart.ssh cannot be read');

  let verdict: HostKeyVerdict | undefined;
  let shown = '';
  const types = knownKeyTypes(known, { host, port }).flatMap((type) => algorithmsOf[type] ?? []);
  return {
    host,
    port,
    line,
    verdict: () => verdict,
    shown: () => shown,
    connect: {
      host,
      port,
      username: settings.user,
      readyTimeout: settings.connectTimeoutMs,
      keepaliveInterval: keepAliveMs,
      keepaliveCountMax: 3,
      ...(login.kind === 'agent' ? { agent: agent ?? '' } : { privateKey: key }),
      ...(login.kind === 'key' && login.passphrase !== undefined
        ? { passphrase: login.passphrase }
        : {}),
      ...(types.length === 0 ? {} : { algorithms: { serverHostKey: types } }),
      hostVerifier: (shownKey: Buffer) => {
        shown = fingerprintOfKey(shownKey);
        verdict =
          trust.kind === 'known-hosts'
            ? judgeHostKey(known, { host, port }, shownKey)
            : trust.sha256.includes(shown)
              ? 'known'
              : 'changed';
        return verdict === 'known';
      },
    },
  };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function runThere(
  way: Way,
  settings: SshSettings,
  { order, env }: { readonly order: Order; readonly env: Environment },
  signal: AbortSignal,
): Promise<ExecutorRun> {
  const startedMs = performance.now();
  const { timeoutMs, outputMax, input } = limitsOf(order, settings.timeoutMs);
  const own =
    settings.login.kind === 'key' && settings.login.passphrase !== undefined
      ? [settings.login.passphrase]
      : [];
  const tail = createTail(outputMax, [...own, ...secretsIn(env)]);
  const client = new Client();

  return new Promise((resolve) => {
    let began = false;
    let drain: NodeJS.Timeout | undefined;
    const stop = (): void =>
      finish(began ? { kind: 'timeout', tookMs: 0, output: tail.text() } : unavailable('stopped'));
    const timer = setTimeout(stop, settings.connectTimeoutMs + timeoutMs);
    signal.addEventListener('abort', stop, { once: true });

    function finish(run: ExecutorRun): void {
      clearTimeout(timer);
      clearTimeout(drain);
      signal.removeEventListener('abort', stop);
      client.removeAllListeners();
      // What still comes in while the socket closes concerns nobody.
      client.on('error', () => undefined);
      client.destroy();
      resolve({ ...run, tookMs: Math.round(performance.now() - startedMs) });
    }
    function gone(error?: Error & { readonly level?: string }): void {
      if (began) finish({ kind: 'lost', tookMs: 0, output: tail.text() });
      else finish(whyNot(way, settings, error));
    }
    client.on('error', gone);
    client.on('close', () => gone());
    client.on('ready', () => {
      // A process that was paused meanwhile must not run late what another one has long taken over.
      if (performance.now() - startedMs > settings.connectTimeoutMs) {
        finish(unavailable('the connection took too long, so nothing was run'));
        return;
      }
      began = true;
      client.exec(way.line, (error, channel) => {
        if (error !== undefined) {
          finish(unavailable('the machine opens no channel for commands'));
          return;
        }
        listen(channel, tail, input, (code) => {
          const ended = (): void => finish(endOf(code, tail));
          channel.on('close', ended);
          drain = setTimeout(ended, drainMs);
        });
      });
    });
    try {
      client.connect(way.connect);
    } catch (error) {
      // A key that is no key, or a wrong passphrase.
      finish(unavailable(`the key of restart.ssh cannot be used: ${messageOf(error)}`));
    }
  });
}

/** Gives a command what it reads, collects what it prints, and tells its exit code: undefined when a signal ended it. */
function listen(
  channel: ClientChannel,
  tail: Tail,
  input: string | undefined,
  onExit: (code: number | undefined) => void,
): void {
  channel.on('data', (chunk: Buffer) => tail.add('stdout', chunk));
  channel.stderr.on('data', (chunk: Buffer) => tail.add('stderr', chunk));
  channel.on('exit', (code: number | null) => onExit(code ?? undefined));
  channel.end(input);
}

function endOf(code: number | undefined, tail: Tail): ExecutorRun {
  const output = tail.text();
  if (code === 0) return { kind: 'done', exitCode: 0, tookMs: 0, output };
  const why = sudoWantsPassword.test(output) ? { why: 'sudo-password' as const } : whyEnded(code);
  return {
    kind: 'failed',
    ...(code === undefined ? {} : { exitCode: code }),
    ...why,
    tookMs: 0,
    output,
  };
}

/** Why no command could be run, in words that say what to do. Nothing has happened on the machine. */
function whyNot(
  way: Way,
  settings: SshSettings,
  error: (Error & { readonly level?: string; readonly code?: string }) | undefined,
): ExecutorRun {
  const at = `${way.host}:${way.port}`;
  switch (way.verdict()) {
    case 'changed':
      return unavailable(
        `the machine at ${at} shows another host key (${way.shown()}) than the one that is trusted`,
        'host-key-changed',
      );
    case 'unknown':
      return unavailable(
        `the machine at ${at} is not in the known_hosts file; it shows ${way.shown()}`,
        'host-key-unknown',
      );
    case 'known':
    case undefined:
      break;
  }
  if (error?.level === 'client-authentication')
    return unavailable(`${at} does not let ${settings.user} in with this key`, 'login-refused');
  if (error?.level === 'client-timeout')
    return unavailable(`${at} did not answer within ${settings.connectTimeoutMs} ms`);
  return unavailable(
    `no SSH connection to ${at}: ${error === undefined ? 'closed' : (error.code ?? messageOf(error))}`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
