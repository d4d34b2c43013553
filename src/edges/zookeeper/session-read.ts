import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { ownTimeoutMs } from '../../model/own-sessions.ts';
import type { TlsSettings } from '../../model/settings.ts';
import { createSocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import { openLink } from './session-link.ts';
import { operationsBy } from './session-operations.ts';

interface ReadOptions {
  readonly tls?: TlsSettings;
  readonly book?: SessionBook;
  readonly timeoutMs: number;
}

/** Reads one znode over a session of its own, from the first server that answers, all within `timeoutMs`. */
export async function readZnode(
  servers: readonly Endpoint[],
  path: string,
  options: ReadOptions,
): Promise<Buffer> {
  const endMs = performance.now() + options.timeoutMs;
  let lastError: unknown = new NightkeeperError('zookeeper-disconnected', 'no server to ask');
  for (const [index, server] of servers.entries()) {
    // Each server gets its share of what is left, so that one that hangs does not use up the time of the others.
    const shareMs = (endMs - performance.now()) / (servers.length - index);
    try {
      return await readFrom(server, path, { ...options, timeoutMs: shareMs });
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

async function readFrom(
  server: Endpoint,
  path: string,
  { tls, book, timeoutMs }: ReadOptions,
): Promise<Buffer> {
  const startedMs = performance.now();
  const link = await openLink({
    server,
    ...(tls === undefined ? {} : { tls }),
    ...(book === undefined ? {} : { book }),
    opener: createSocketOpener(),
    sessionTimeoutMs: ownTimeoutMs,
    handshakeTimeoutMs: timeoutMs,
  });
  try {
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
    return await operationsBy((request, ms) => link.request(request, ms)).getData(path, leftMs);
  } finally {
    await link.close();
  }
}
