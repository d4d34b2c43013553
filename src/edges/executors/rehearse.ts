import { basename } from 'node:path';
import { assert } from '../../model/errors.ts';
import type { Executor, ExecutorCheck } from '../../ports/executor.ts';

/** How long finding out may take, connection included. */
const rehearseMs = 6000;

/**
 * What finds out whether a program could be run, without running it: `sudo -n -l` answers whether sudo would let it through, and
 * `command -v` whether it is there.
 */
export function rehearsalOf(argv: readonly string[]): {
  readonly what: ExecutorCheck['what'];
  readonly argv: readonly string[];
} {
  const [program = '', ...rest] = argv;
  return basename(program) === 'sudo'
    ? { what: 'sudo', argv: [program, '-n', '-l', ...rest] }
    : { what: 'program', argv: ['sh', '-c', 'command -v "$1" >/dev/null', 'sh', program] };
}

/** Runs the rehearsal of a restart in place of the restart, the way the restart would go. */
export function checkBy(run: Executor['run']): NonNullable<Executor['check']> {
  return async (settings, ensemble, server, signal) => {
    assert(settings.kind === 'command' || settings.kind === 'ssh', 'settings of another executor');
    const { what, argv } = rehearsalOf(settings.argv);
    const timeoutMs = Math.min(settings.timeoutMs, rehearseMs);
    const shorter =
      settings.kind === 'ssh'
        ? { connectTimeoutMs: Math.min(settings.connectTimeoutMs, rehearseMs) }
        : {};
    const changed = { ...settings, ...shorter, argv, timeoutMs };
    const done = await run(changed, ensemble, server, { kind: 'restart' }, signal);
    return { what, run: done };
  };
}

/**
 * Reads a line of the log in place of a restart: for that the engine or the cluster must be there, let the bot in, and know the
 * container.
 */
export function checkByLog(run: Executor['run']): NonNullable<Executor['check']> {
  const order = { kind: 'log', lines: 1, outputMax: 200 } as const;
  return async (settings, ensemble, server, signal) => ({
    what: 'container',
    run: await run(settings, ensemble, server, order, signal),
  });
}
