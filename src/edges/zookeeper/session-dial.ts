import type { Socket } from 'node:net';
import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { SocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import type { KnownSession } from './session-known.ts';
import { failureOf, type SocketFailure } from './socket-failure.ts';

/** What a link to a server needs. */
export interface LinkOptions {
  readonly server: Endpoint;
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
  /** What we ask for; the server grants between 2 and 20 of its ticks. */
  readonly sessionTimeoutMs: number;
  /** For DNS, TCP, TLS and ZooKeeper's own handshake together. */
  readonly handshakeTimeoutMs: number;
  /** Told of each heartbeat that was answered; nobody need know where none is sent. */
  readonly onPong?: () => void;
  /** Where it is noted that a session was opened. */
  readonly book?: SessionBook;
  /** A session to take up; a new one where absent. */
  readonly session?: KnownSession;
  /** Sees every answer first, and says whether it was one to `write`. */
  readonly onOther?: (frame: Buffer) => boolean;
  /** Where answers may be larger than those of the library's requests. */
  readonly replyBytesMax?: number;
}

/** A connection that did not come to stand. */
export class LinkError extends NightkeeperError {
  readonly fault: SocketFailure;

  constructor(fault: SocketFailure) {
    super('zookeeper-disconnected', fault.detail);
    this.name = 'LinkError';
    this.fault = fault;
  }
}

/** Makes ready to connect: the function it answers begins. Both throw nothing but `LinkError`. */
export async function prepareDial(to: {
  readonly server: Endpoint;
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
}): Promise<() => Socket> {
  const open = await to.opener.prepare(to.server, to.tls);
  if (typeof open === 'string')
    throw new LinkError({ reason: 'tls', connected: false, detail: open });
  return () => {
    try {
      return open();
    } catch (error) {
      // A port that is none is thrown at once.
      const cause = error instanceof Error ? error : new Error(String(error));
      throw new LinkError(failureOf(cause, to.server, { connected: false, shakingHands: false }));
    }
  };
}
