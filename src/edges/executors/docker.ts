import type { DockerSettings } from '../../model/container-settings.ts';
import type { EnsembleId, Server } from '../../model/ensemble.ts';
import { assert } from '../../model/errors.ts';
import type { ExecOrder, Order } from '../../model/order.ts';
import type { Executor, ExecutorRun } from '../../ports/executor.ts';
import { argvText, fillArgv, fillText } from './argv.ts';
import { deadline } from './deadline.ts';
import { type Engine, type EngineError, engineOf } from './docker-engine.ts';
import { isTlsFault, takenForOption, unavailable, whyEnded } from './ends.ts';
import { limitsOf } from './orders.ts';
import { checkByLog } from './rehearse.ts';
import { type Environment, secretsIn } from './secrets.ts';
import { createTail, type Tail } from './tail.ts';

/** A name or an id, as the Engine API takes it in a path. */
const containerName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/u;

/** Restarts, stops and starts the container of a server, and runs programs inside it, through the Engine API. */
export function createDockerExecutor(env: Environment): Executor {
  const run: Executor['run'] = async (settings, ensemble, server, order, signal) => {
    assert(settings.kind === 'docker', 'settings of another executor');
    const name = fillText(settings.container, ensemble, server);
    if (!containerName.test(name)) return unavailable(`"${name}" is no name of a container`);
    if (signal.aborted) return unavailable('stopped before it began');
    const startedMs = performance.now();
    const ended = await runThere({ settings, ensemble, server, order, name, env }, signal);
    return { ...ended, tookMs: Math.round(performance.now() - startedMs) };
  };

  return {
    kind: 'docker',
    can: () => true,
    describe(settings, ensemble, server, order) {
      assert(settings.kind === 'docker', 'settings of another executor');
      const { engine } = settings;
      const name = fillText(settings.container, ensemble, server);
      const at =
        engine.kind === 'socket'
          ? ''
          : ` -H tcp://${fillText(engine.host, ensemble, server)}:${engine.port}`;
      return `docker${at} ${wordsOf(order, name, ensemble, server)}`;
    },
    run,
    check: checkByLog(run),
  };
}

/** The executor in the environment of the bot. */
export const dockerExecutor: Executor = createDockerExecutor(process.env);

interface Task {
  readonly settings: DockerSettings;
  readonly ensemble: EnsembleId;
  readonly server: Server;
  readonly order: Order;
  readonly name: string;
  readonly env: Environment;
}

function wordsOf(order: Order, name: string, ensemble: EnsembleId, server: Server): string {
  switch (order.kind) {
    case 'restart':
    case 'stop':
    case 'start':
      return `${order.kind} ${name}`;
    case 'log':
      return `logs --tail ${order.lines} ${name}`;
    case 'exec':
      return `exec ${name} ${argvText(fillArgv(order.argv, ensemble, server) ?? order.argv)}`;
  }
}

/** First it is asked whether the engine is there: what goes wrong until then has changed nothing. */
async function runThere(task: Task, signal: AbortSignal): Promise<ExecutorRun> {
  const { settings, ensemble, server, order, env } = task;
  const { timeoutMs, outputMax } = limitsOf(order, settings.timeoutMs);
  const tail = createTail(outputMax, secretsIn(env));
  const connecting = deadline(settings.connectTimeoutMs, signal);
  const running = deadline(timeoutMs, signal);
  const startedMs = performance.now();
  let began = false;
  try {
    const host =
      settings.engine.kind === 'tls' ? fillText(settings.engine.host, ensemble, server) : '';
    const engine = await engineOf(settings.engine, host);
    await engine.call('GET', '/_ping', {}, connecting.signal);
    connecting.clear();
    // A process that was paused meanwhile must not give late what another one has long taken over.
    if (performance.now() - startedMs > settings.connectTimeoutMs)
      return unavailable('the connection took too long, so nothing was done');
    began = true;
    return await give(engine, task, tail, running.signal);
  } catch (error) {
    const fault = error as EngineError;
    return began ? failed(fault, tail, running.signal) : notReached(fault, settings);
  } finally {
    connecting.clear();
    running.clear();
  }
}

async function give(
  engine: Engine,
  { order, name, ensemble, server }: Task,
  tail: Tail,
  signal: AbortSignal,
): Promise<ExecutorRun> {
  const path = `/containers/${name}`;
  switch (order.kind) {
    case 'restart':
    case 'stop':
    case 'start':
      await engine.call('POST', `${path}/${order.kind}`, {}, signal);
      return { kind: 'done', tookMs: 0, output: '' };
    case 'log': {
      const query = { stdout: 1, stderr: 1, tail: order.lines };
      const opening = { method: 'GET', path: `${path}/logs?`, query, duplex: false } as const;
      const stream = await engine.open(opening, signal);
      await engine.follow(stream, (from, chunk) => tail.add(from, chunk), signal);
      return { kind: 'done', tookMs: 0, output: tail.text() };
    }
    case 'exec': {
      const argv = fillArgv(order.argv, ensemble, server);
      return argv === undefined
        ? takenForOption(server)
        : await execute(engine, path, { ...order, argv }, tail, signal);
    }
  }
}

/** Makes the program, starts it, reads what it prints to the end, and asks how it ended. */
async function execute(
  engine: Engine,
  path: string,
  { argv, stdin }: ExecOrder,
  tail: Tail,
  signal: AbortSignal,
): Promise<ExecutorRun> {
  const duplex = stdin !== undefined;
  const made = await engine.call(
    'POST',
    `${path}/exec`,
    { Cmd: argv, AttachStdout: true, AttachStderr: true, AttachStdin: duplex },
    signal,
  );
  const id = encodeURIComponent((made as { readonly Id: string }).Id);
  const opening = {
    method: 'POST',
    path: `/exec/${id}/start`,
    query: { Detach: false, Tty: false },
    duplex,
  } as const;
  const stream = await engine.open(opening, signal);
  if (duplex) stream.end(stdin);
  await engine.follow(stream, (from, chunk) => tail.add(from, chunk), signal);
  const { ExitCode: exitCode, Running: isRunning } = (await engine.call(
    'GET',
    `/exec/${id}/json`,
    {},
    signal,
  )) as { readonly ExitCode: number | null; readonly Running: boolean };
  const output = tail.text();
  if (isRunning || exitCode === null) return { kind: 'lost', tookMs: 0, output };
  if (exitCode === 0) return { kind: 'done', exitCode, tookMs: 0, output };
  return { kind: 'failed', exitCode, ...whyEnded(exitCode), tookMs: 0, output };
}

/** What the engine answers is known; when it falls silent in the middle, nobody knows what it did. */
function failed(error: EngineError, tail: Tail, signal: AbortSignal): ExecutorRun {
  const said = saidBy(error);
  if (error.statusCode === undefined) {
    const late = signal.aborted ? 'the engine did not answer in time' : (error.code ?? 'gone');
    return { kind: 'lost', tookMs: 0, output: tail.text() || late };
  }
  switch (error.statusCode) {
    case 401:
    case 403:
      return unavailable(said, 'engine-forbidden');
    case 404:
      return unavailable(said, 'no-container');
    case 409:
      return unavailable(said, 'container-stopped');
    default:
      return { kind: 'failed', tookMs: 0, output: said };
  }
}

/** The engine's own words; the library puts its own around them. */
function saidBy({ json, message }: EngineError): string {
  const said = (json as { readonly message?: unknown } | null | undefined)?.message;
  return (typeof said === 'string' ? said : message).trim();
}

/** Why no command was given: nothing has happened there. */
function notReached(error: EngineError, { engine, connectTimeoutMs }: DockerSettings): ExecutorRun {
  const code = error.code ?? '';
  const at = engine.kind === 'socket' ? engine.path : `port ${engine.port}`;
  if (error.statusCode === 401 || error.statusCode === 403)
    return unavailable(saidBy(error), 'engine-forbidden');
  if (isTlsFault(code) || isTlsFile(error, engine))
    return unavailable(
      `no trusted TLS connection to the Docker Engine: ${code || error.message}`,
      'engine-tls',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return unavailable(`${at} may not be used by the bot's user`, 'engine-forbidden');
  if (code === 'ABORT_ERR')
    return unavailable(`the engine did not answer within ${connectTimeoutMs} ms`, 'no-engine');
  return unavailable(`no Docker Engine at ${at}: ${code || error.message}`, 'no-engine');
}

/** A file of the section that cannot be read, or is no certificate. */
function isTlsFile(
  error: EngineError & { readonly path?: string },
  engine: DockerSettings['engine'],
) {
  return engine.kind === 'tls' && error.path !== undefined;
}
