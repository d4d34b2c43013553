import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import { ownTimeoutMs } from '../../model/own-sessions.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { Log } from '../../ports/log.ts';
import type { SocketOpener } from './open-socket.ts';
import type { SessionBook } from './own-sessions.ts';
import { LinkError } from './session-dial.ts';
import { type Link, type LinkRequest, openLink } from './session-link.ts';
import { type Operations, operationsBy } from './session-operations.ts';
import { type Pulse, startPulse } from './session-pulse.ts';
import { createRetry, type Retry } from './session-retry.ts';
import { nameOf, type SocketFailure } from './socket-failure.ts';

/** What happens to a kept session. Told on a stack of its own, in order, and never after `close`. */
export type SessionEvent =
  /** A new session stands: the server answered the whole handshake. */
  | { readonly kind: 'connected'; readonly server: Endpoint; readonly sessionTimeoutMs: number }
  /** A session that stood is gone. With the reason `timeout` we gave it up, else the other end did. */
  | { readonly kind: 'closed'; readonly server: Endpoint; readonly fault: SocketFailure }
  | { readonly kind: 'attempt-failed'; readonly server: Endpoint; readonly fault: SocketFailure }
  /** Two heartbeats in a row went unanswered; the connection still stands. */
  | { readonly kind: 'silent'; readonly server: Endpoint }
  /** Answers in time again. */
  | { readonly kind: 'alive'; readonly server: Endpoint };

export interface SessionOptions {
  /** Tried in turn. */
  readonly servers: readonly Endpoint[];
  readonly tls?: TlsSettings;
  readonly opener: SocketOpener;
  readonly book?: SessionBook;
  /** Time between two heartbeats; never more than a third of the session timeout. */
  readonly pingEveryMs: () => number;
  /** For DNS, TCP, TLS and ZooKeeper's handshake together; without it, 2 s and more with each timeout. */
  readonly handshakeTimeoutMs?: number;
  readonly onEvent: (event: SessionEvent) => void;
  readonly log: Log;
}

/**
 * Keeps one ZooKeeper session standing, with ever new ones: a lost session is never resumed, for nothing here hangs on it (no
 * ephemeral znode, no watch), and a new one is the proof of a server that serves. Requests never wait for a session.
 */
export interface Session extends Operations {
  /** The server it stands on right now. */
  server(): Endpoint | undefined;
  /** Resolves with true when a session stands, with false after `timeoutMs`. */
  stands(timeoutMs: number): Promise<boolean>;
  /** Gives this server up and goes to the next. */
  moveOn(detail: string): void;
  /** Ends everything; resolves when no socket and no timer is left. */
  close(): Promise<void>;
}

/** Asked of the server, which grants 4 s to 40 s by default: long enough for a pause of ours, short enough to leave little behind. */
const sessionTimeoutMs = ownTimeoutMs;

/** A connection that brought nothing for this part of the session timeout is given up, as ZooKeeper's own clients do. */
const silencePart = 2 / 3;

/** A session shorter than this counts as a failed attempt, or a server that ends every session would be asked without a pause. */
const briefMs = 1000;

export function openSession(options: SessionOptions): Session {
  const session = new KeptSession(options);
  return {
    ...operationsBy((request, timeoutMs) => session.request(request, timeoutMs)),
    server: () => session.server(),
    stands: (timeoutMs) => session.stands(timeoutMs),
    moveOn: (detail) => session.moveOn(detail),
    close: () => session.close(),
  };
}

class KeptSession {
  readonly #options: SessionOptions;
  readonly #ending = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #retry: Retry;
  readonly #kept: Promise<void>;
  #link: Link | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#retry = createRetry(() => performance.now(), Math.random, options.handshakeTimeoutMs);
    this.#kept = this.#keep();
  }

  server(): Endpoint | undefined {
    return this.#link?.server;
  }

  stands(timeoutMs: number): Promise<boolean> {
    if (this.#link !== undefined || this.#ending.signal.aborted)
      return Promise.resolve(this.#link !== undefined);
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(this.#link !== undefined);
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  request<T>(request: LinkRequest<T>, timeoutMs: number): Promise<T> {
    if (this.#link !== undefined) return this.#link.request(request, timeoutMs);
    const what = `${request.operation} ${request.path}: no session`;
    return Promise.reject(new NightkeeperError('zookeeper-disconnected', what));
  }

  moveOn(detail: string): void {
    this.#link?.drop({ reason: 'timeout', connected: true, detail });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    for (const wake of this.#waiting) wake();
    await this.#link?.close();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { servers } = this.#options;
    for (let turn = 0; !this.#ending.signal.aborted; turn += 1) {
      const server = servers[turn % servers.length];
      if (server === undefined) return;
      const fault = await this.#attempt(server);
      if (fault !== undefined) await this.#pause(server, fault);
    }
  }

  /** Opens a session and holds it to its end. Answers why, when it did not come to stand or only for a moment. */
  async #attempt(server: Endpoint): Promise<SocketFailure | undefined> {
    try {
      const standing = await this.#open(server);
      const sinceMs = performance.now();
      const fault = await this.#hold(standing);
      if (performance.now() - sinceMs < briefMs) return fault;
      this.#retry.forget(server);
      return undefined;
    } catch (error) {
      const fault = error instanceof LinkError ? error.fault : this.#surprise(error);
      this.#emit({ kind: 'attempt-failed', server, fault });
      return fault;
    }
  }

  async #open(server: Endpoint): Promise<{ readonly link: Link; readonly pulse: Pulse }> {
    const { tls, opener, book } = this.#options;
    let pulse: Pulse | undefined;
    const link = await openLink(
      {
        server,
        opener,
        ...(tls === undefined ? {} : { tls }),
        ...(book === undefined ? {} : { book }),
        sessionTimeoutMs,
        handshakeTimeoutMs: this.#retry.handshakeTimeoutMs(server),
        onPong: () => pulse?.answered(),
      },
      this.#ending.signal,
    );
    pulse = this.#feel(link);
    return { link, pulse };
  }

  async #hold({ link, pulse }: { readonly link: Link; readonly pulse: Pulse }) {
    const { server } = link;
    this.#link = link;
    if (this.#ending.signal.aborted) await link.close();
    this.#emit({ kind: 'connected', server, sessionTimeoutMs: link.sessionTimeoutMs });
    for (const wake of this.#waiting) wake();
    const fault = await link.gone;
    pulse.stop();
    this.#link = undefined;
    if (fault !== undefined) this.#emit({ kind: 'closed', server, fault });
    return fault;
  }

  #feel(link: Link): Pulse {
    const { server } = link;
    return startPulse({
      send: () => link.ping(),
      everyMs: () => Math.min(this.#options.pingEveryMs(), link.sessionTimeoutMs / 3),
      onSilent: () => this.#emit({ kind: 'silent', server }),
      onAlive: () => this.#emit({ kind: 'alive', server }),
      onMiss: () => {
        const silentMs = performance.now() - link.heardMs();
        if (silentMs < link.sessionTimeoutMs * silencePart) return;
        const detail = `nothing from ${nameOf(server)} for ${Math.round(silentMs)} ms`;
        link.drop({ reason: 'timeout', connected: true, detail });
      },
    });
  }

  /** A bug of ours or of the library must not end the watch over a server in silence. */
  #surprise(error: unknown): SocketFailure {
    this.#options.log.error({ err: error }, 'a session attempt failed in an unknown way');
    return { reason: 'garbled', connected: false, detail: String(error) };
  }

  async #pause(server: Endpoint, { reason }: SocketFailure): Promise<void> {
    const pauseMs = this.#retry.pauseMs(server, reason) / this.#options.servers.length;
    await sleep(pauseMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
  }

  #emit(event: SessionEvent): void {
    queueMicrotask(() => {
      if (this.#ending.signal.aborted) return;
      try {
        this.#options.onEvent(event);
      } catch (error) {
        this.#options.log.error({ err: error, event: event.kind }, 'a session listener failed');
      }
    });
  }
}
