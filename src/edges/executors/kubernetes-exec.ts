import { PassThrough, Writable } from 'node:stream';
import type { KubeConfig, V1Status } from '@kubernetes/client-node';
import type { ExecutorRun } from '../../ports/executor.ts';
import { unavailable, whyEnded } from './ends.ts';
import type { Tail } from './tail.ts';

/** The first version of the protocol in which the end of what a program reads can be told (Kubernetes 1.30). */
const closesInput = 'v5.channel.k8s.io';

/** Runs a program in a pod over a web socket, as `kubectl exec` does, and reads what it prints to the end. */
export async function executeInPod(
  config: KubeConfig,
  what: {
    readonly namespace: string;
    readonly pod: string;
    readonly container: string | undefined;
    readonly argv: readonly string[];
    readonly stdin: string | undefined;
  },
  tail: Tail,
  signal: AbortSignal,
): Promise<ExecutorRun> {
  const { Exec } = await import('@kubernetes/client-node');
  const sink = (stream: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        tail.add(stream, chunk);
        done();
      },
    });
  const input = what.stdin === undefined ? null : new PassThrough();
  let onStatus: (status: V1Status) => void = () => undefined;
  const ended = new Promise<V1Status>((resolve) => {
    onStatus = resolve;
  });
  const opening = new Exec(config).exec(
    what.namespace,
    what.pod,
    what.container ?? '',
    [...what.argv],
    sink('stdout'),
    sink('stderr'),
    input,
    false,
    onStatus,
  );
  // The library waits for an answer for ever.
  const socket = await Promise.race([opening, stopped(signal)]);
  if (socket === undefined) {
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    return { kind: 'lost', tookMs: 0, output: 'the API did not answer in time' };
  }
  if (input !== null && socket.protocol !== closesInput) {
    socket.close();
    return unavailable('programs that read something need Kubernetes 1.30 or newer');
  }
  input?.end(what.stdin);
  const status = await Promise.race([ended, gone(socket), stopped(signal)]);
  socket.close();
  return runOf(status, tail);
}

/** Resolves with nothing when the connection ends before the program has. */
function gone(socket: { onclose: unknown }): Promise<undefined> {
  return new Promise((resolve) => {
    socket.onclose = (): void => resolve(undefined);
  });
}

/** Resolves with nothing when it is waited for no longer. */
function stopped(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

function runOf(status: V1Status | undefined, tail: Tail): ExecutorRun {
  const output = tail.text();
  if (status === undefined) return { kind: 'lost', tookMs: 0, output };
  if (status.status === 'Success') return { kind: 'done', exitCode: 0, tookMs: 0, output };
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause === undefined) {
    const said = [output, status.message ?? ''].filter((text) => text !== '').join('\n');
    const why = /not found|no such file/iu.test(said) ? ({ why: 'no-program' } as const) : {};
    return { kind: 'failed', ...why, tookMs: 0, output: said };
  }
  const exitCode = Number(cause.message);
  return { kind: 'failed', exitCode, ...whyEnded(exitCode), tookMs: 0, output };
}
