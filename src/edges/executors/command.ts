import { type ChildProcess, spawn } from 'node:child_process';
import { assert } from '../../model/errors.ts';
import type { Executor, ExecutorRun } from '../../ports/executor.ts';
import { argvText, behind, fillArgv, fillReferences, templateOf } from './argv.ts';
import { takenForOption, unavailable } from './ends.ts';
import { canBy, limitsOf, noWay } from './orders.ts';
import { checkBy } from './rehearse.ts';
import { type Environment, isHidden, secretsIn } from './secrets.ts';
import { createTail } from './tail.ts';

/** What a command gets of the bot's environment: enough to find programs, nothing that is secret. */
const passedOn = ['PATH', 'HOME', 'LANG'] as const;

/** How long a command may tidy up between SIGTERM and SIGKILL. */
const graceMs = 2000;

/** How long output is waited for after the end: a server that the command started may hold the pipe open for ever. */
const drainMs = 300;

/**
 * Runs a program on this machine. References `${NAME}` in its command are filled from `env` at the last moment: what is shown
 * carries the name, and the value is hidden in the output, as are the values of secret-looking variables.
 */
export function createCommandExecutor(env: Environment): Executor {
  const run: Executor['run'] = async (settings, ensemble, server, order, signal) => {
    assert(settings.kind === 'command', 'settings of another executor');
    const template = templateOf(settings, order);
    if (template === undefined) return unavailable(noWay(order));
    const prefix = fillArgv(template.argv, ensemble, server);
    const exec = fillArgv(template.exec, ensemble, server);
    if (prefix === undefined || exec === undefined) return takenForOption(server);
    if (signal.aborted) return unavailable('stopped before it began');
    const { argv, values, unset } = fillReferences(prefix, env);
    if (unset.length > 0)
      return unavailable(`the environment variable ${unset.join(', ')} is not set for the bot`);
    const secrets = [...values.filter(isHidden), ...secretsIn(env)];
    const { input, ...limits } = limitsOf(order, settings.timeoutMs);
    return runProgram(behind(argv, exec), minimal(env), { ...limits, input, signal }, secrets);
  };

  return {
    kind: 'command',
    can: (settings, order) => canBy(settings, order),
    describe(settings, ensemble, server, order) {
      assert(settings.kind === 'command', 'settings of another executor');
      const template = templateOf(settings, order);
      if (template === undefined) return '';
      const argv = fillArgv(template.argv, ensemble, server) ?? template.argv;
      return argvText(behind(argv, fillArgv(template.exec, ensemble, server) ?? template.exec));
    },
    run,
    check: checkBy(run),
  };
}

/** The executor in the environment of the bot. */
export const commandExecutor: Executor = createCommandExecutor(process.env);

function minimal(env: Environment): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

function runProgram(
  argv: readonly string[],
  env: Record<string, string>,
  limits: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    readonly input: string | undefined;
    readonly outputMax: number;
  },
  secrets: readonly string[],
): Promise<ExecutorRun> {
  const [program = '', ...args] = argv;
  const startedMs = performance.now();
  const tail = createTail(limits.outputMax, secrets);
  const took = () => Math.round(performance.now() - startedMs);

  return new Promise((resolve) => {
    // A group of its own, so that a timeout reaches what the command started, too.
    const child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    });
    const stopper = stopAfter(child, limits);
    // A program that ends before it has read everything breaks the pipe: its exit says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(limits.input ?? '');
    let drain: NodeJS.Timeout | undefined;

    function finish(run: ExecutorRun): void {
      stopper.clear();
      clearTimeout(drain);
      child.removeAllListeners();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(run);
    }
    child.stdout.on('data', (chunk: Buffer) => tail.add('stdout', chunk));
    child.stderr.on('data', (chunk: Buffer) => tail.add('stderr', chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish({ ...unavailable(whyNot(error, program, env)), tookMs: took() });
    });
    child.on('exit', (code) => {
      const tookMs = took();
      const ended = (): ExecutorRun => {
        const output = tail.text();
        if (stopper.stopped()) return { kind: 'timeout', tookMs, output };
        const kind = code === 0 ? 'done' : 'failed';
        return { kind, ...(code === null ? {} : { exitCode: code }), tookMs, output };
      };
      child.on('close', () => finish(ended()));
      drain = setTimeout(() => finish(ended()), drainMs);
    });
  });
}

/** Ends the command's whole group at the timeout or when told to: politely first, then not. */
function stopAfter(
  child: ChildProcess,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): { stopped(): boolean; clear(): void } {
  let stopped = false;
  let kill: NodeJS.Timeout | undefined;
  function stop(): void {
    if (stopped) return;
    stopped = true;
    signalGroup(child, 'SIGTERM');
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  }
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  return {
    stopped: () => stopped,
    clear() {
      clearTimeout(timer);
      clearTimeout(kill);
      signal.removeEventListener('abort', stop);
      // Whoever outlived the head of a group that was to end, ends now.
      if (stopped) signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Everybody in the group is gone already.
  }
}

function whyNot(
  error: NodeJS.ErrnoException,
  program: string,
  env: Readonly<Record<string, string>>,
): string {
  switch (error.code ?? '') {
    case 'ENOENT':
      return `there is no program "${program}" (PATH is ${env['PATH'] ?? 'empty'}): install it, or write its whole path in restart.command`;
    case 'EACCES':
      return `"${program}" may not be run by the bot's user: make it executable for that user`;
    case 'E2BIG':
      return 'restart.command is too long for this system';
    default:
      return `"${program}" could not be started: ${error.code ?? error.message}`;
  }
}
