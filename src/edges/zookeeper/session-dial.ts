import type { Socket } from 'node:net';
import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { SocketOpener } from './open-socket.ts';
import { failureOf, type SocketFailure } from './socket-failure.ts';

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
