import { readFile } from 'node:fs/promises';
import Modem from 'docker-modem';
import type { DockerEngine } from '../../model/container-settings.ts';

/** Status codes of the Engine API that are an answer, and not an error. 304: it is so already. */
const good = { 200: true, 201: true, 204: true, 304: true } as const;

/** The Docker Engine of one machine. Every call rejects with an `EngineError`, or an error of the connection. */
export interface Engine {
  /** The answer as it was sent; undefined where it has no body. */
  call(method: 'GET' | 'POST', path: string, query: Query, signal: AbortSignal): Promise<unknown>;
  /** The output of a program or of a container, stream by stream, until it ends. */
  follow(stream: NodeJS.ReadableStream, onChunk: OnChunk, signal: AbortSignal): Promise<void>;
  open(request: Opening, signal: AbortSignal): Promise<NodeJS.ReadWriteStream>;
}

type Query = Readonly<Record<string, unknown>>;
type OnChunk = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

interface Opening {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: Query;
  /** Whether something is written to it, too. */
  readonly duplex: boolean;
}

/** What the library adds to an error that the engine itself has sent. */
export interface EngineError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly json?: unknown;
}

/** Reads the files of the engine's settings; rejects with the error of the first that cannot be read. */
export async function engineOf(engine: DockerEngine, host: string): Promise<Engine> {
  const modem = new Modem(await optionsOf(engine, host));
  const dial = (request: Modem.DialOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      modem.dial({ ...request, statusCodes: good }, (error: unknown, answer: unknown) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
  return {
    call: (method, path, query, abortSignal) =>
      dial({ method, path, options: { ...query }, abortSignal }),
    open: async ({ method, path, query, duplex }, abortSignal) => {
      const both = duplex ? { hijack: true, openStdin: true } : {};
      const request = { method, path, options: { ...query }, ...both, isStream: true, abortSignal };
      return (await dial(request)) as NodeJS.ReadWriteStream;
    },
    follow: (stream, onChunk, signal) => followed(modem, stream, onChunk, signal),
  };
}

/** What the environment says of Docker (`DOCKER_HOST` and its kin) must not lead a command to another machine. */
async function optionsOf(engine: DockerEngine, host: string): Promise<Modem.ConstructorOptions> {
  if (engine.kind === 'socket')
    return { host: '', socketPath: engine.path, protocol: 'http', timeout: 0 };
  const [ca, cert, key] = await Promise.all([
    readFile(engine.caFile),
    readFile(engine.certFile),
    readFile(engine.keyFile),
  ]);
  return { host, port: engine.port, protocol: 'https', ca, cert, key, timeout: 0 };
}

function followed(
  modem: Modem,
  stream: NodeJS.ReadableStream,
  onChunk: OnChunk,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sink = (name: 'stdout' | 'stderr') => ({
      write: (chunk: Buffer) => {
        onChunk(name, chunk);
        return true;
      },
    });
    const stop = (): void => {
      (stream as Partial<{ destroy(): void }>).destroy?.();
      reject(new Error('stopped'));
    };
    signal.addEventListener('abort', stop, { once: true });
    const over = (error?: Error): void => {
      signal.removeEventListener('abort', stop);
      if (error === undefined) resolve();
      else reject(error);
    };
    modem.demuxStream(
      stream,
      sink('stdout') as unknown as NodeJS.WritableStream,
      sink('stderr') as unknown as NodeJS.WritableStream,
    );
    stream.on('end', () => over());
    stream.on('error', over);
    stream.on('close', () => over());
    if (signal.aborted) stop();
  });
}
