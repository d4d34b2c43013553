import type { Acl } from 'node-zookeeper-client';
import type { Server } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { ownTimeoutMs } from '../../model/own-sessions.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { ClockFacts, ReadCanary } from '../../model/survey.ts';
import type { Clock } from '../../ports/clock.ts';
import { canaryPath } from './canary.ts';
import type { SocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import { openLink } from './session-link.ts';
import { operationsBy } from './session-operations.ts';
import { isReply, ReplyFault } from './session-replies.ts';

/** All permissions there are: read, write, create, delete, admin. */
const everything = 31;

/** What a short session on one server told. */
export interface Visit {
  readonly canary: ReadCanary;
  /** The session while it stood, and between which moments it was opened, by the bot's clock. */
  readonly session?: {
    readonly id: string;
    readonly beganMs: number;
    readonly stoodMs: number;
  };
  /** Whether anybody may do anything to the root; undefined where it could not be asked. */
  readonly rootOpen?: boolean;
}

/**
 * Opens a session on this one server, reads a znode, and calls `during` while the session stands. The read is answered by the
 * server itself; the session is granted by the leader. It leaves nothing behind but two transactions.
 */
export async function visitServer(options: {
  readonly server: Server;
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
  readonly book: SessionBook;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly withAccess: boolean;
  readonly during: (visit: Visit) => Promise<void>;
}): Promise<Visit> {
  const { server, tls, opener, book, clock, timeoutMs } = options;
  const beganMs = clock.now();
  const startedMs = performance.now();
  const took = (): number => Math.round(performance.now() - startedMs);
  const leftMs = (): number => Math.max(1, timeoutMs - took());
  const failed = (error: unknown): Visit => {
    const detail = error instanceof NightkeeperError ? error.message : String(error);
    return { canary: { kind: 'failed', atMs: clock.now(), tookMs: took(), detail } };
  };
  let link: Awaited<ReturnType<typeof openLink>>;
  try {
    link = await openLink({
      server: server.client,
      ...(tls === undefined ? {} : { tls }),
      opener,
      book,
      sessionTimeoutMs: ownTimeoutMs,
      handshakeTimeoutMs: timeoutMs,
    });
  } catch (error) {
    return failed(error);
  }
  const stoodMs = clock.now();
  const sessionMs = took();
  const session = { id: link.sessionId, beganMs, stoodMs };
  const operations = operationsBy((request, ms) => link.request(request, ms));
  try {
    const readAtMs = performance.now();
    await readAny(() => operations.getData(canaryPath, leftMs()));
    const tookMs = Math.round((performance.now() - readAtMs) * 10) / 10;
    const rootOpen = options.withAccess ? await isRootOpen(link, leftMs()) : undefined;
    const visit: Visit = {
      canary: { kind: 'read', atMs: clock.now(), tookMs, sessionMs },
      session,
      ...(rootOpen === undefined ? {} : { rootOpen }),
    };
    await options.during(visit);
    return visit;
  } catch (error) {
    return { ...failed(error), session };
  } finally {
    await link.close();
  }
}

/** Any answer will do: that there is no such znode, or that it is not for us, was read as well. */
async function readAny(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!isReply(error, 'NONODE', 'NOAUTH')) throw error;
  }
}

async function isRootOpen(
  link: Awaited<ReturnType<typeof openLink>>,
  timeoutMs: number,
): Promise<boolean | undefined> {
  try {
    const entries = await link.request<readonly Acl[]>(
      {
        operation: 'getACL',
        path: '/',
        send: (client, done) => client.getACL('/', done),
      },
      timeoutMs,
    );
    return entries.some(({ permission, id }) => permission === everything && id.scheme === 'world');
  } catch (error) {
    if (error instanceof ReplyFault) return undefined;
    throw error;
  }
}

/** The skew that follows from when the server says the session's connection began. */
export function clockOf(
  session: NonNullable<Visit['session']>,
  establishedMs: number,
  atMs: number,
): ClockFacts {
  const { beganMs, stoodMs } = session;
  return {
    atMs,
    skewMs: Math.round(establishedMs - (beganMs + stoodMs) / 2),
    errorMs: Math.ceil((stoodMs - beganMs) / 2) + 1,
    source: 'cons',
  };
}
