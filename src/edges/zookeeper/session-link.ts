import type { Socket } from 'node:net';
import { type Client, createClient, type Done, Exception } from 'node-zookeeper-client';
import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import type { NotedSession } from './own-sessions.ts';
import { LinkError, type LinkOptions, prepareDial } from './session-dial.ts';
import { createFrameCutter, handshakeBytes, replyBytes } from './session-frames.ts';
import { ReplyFault } from './session-replies.ts';
import { connectRequest, isHandshake, isPong, pingRequest } from './session-wire.ts';
import { failureOf, nameOf, type SocketFailure } from './socket-failure.ts';

/**
 * One connection with one ZooKeeper session on it, from the dial to the end. It never reconnects: whoever wants to go on opens
 * another one, with a new library client in it, so nothing of a broken connection (bytes, requests, transaction ids) can reach
 * the next one.
 */
export interface Link {
  readonly server: Endpoint;
  /** As the server granted it. */
  readonly sessionTimeoutMs: number;
  /** As `0x` and hex digits without leading zeros: how the server itself writes it. */
  readonly sessionId: string;
  /** Why the connection ended; `undefined` when we ended it with `close`. Never rejects. */
  readonly gone: Promise<SocketFailure | undefined>;
  /** Milliseconds (of `performance.now`) at which the last complete frame came. */
  heardMs(): number;
  /** Sends a heartbeat; answers come in order, to `onPong`. */
  ping(): void;
  /** Sends frames of the caller's own making; their answers go to `onOther`. Lost where the link is gone. */
  write(frames: Buffer): void;
  /** Sends one request. Rejects after `timeoutMs` (`zookeeper-timeout`), at once when the link is gone (`zookeeper-disconnected`). */
  request<T>(request: LinkRequest<T>, timeoutMs: number): Promise<T>;
  /** Ends it without a word to the server; `gone` answers with the fault. */
  drop(fault: SocketFailure): void;
  /** Ends the session on the server, waits for that at most a second, and resolves when the socket is closed. */
  close(): Promise<void>;
}

export interface LinkRequest<T> {
  readonly operation: string;
  readonly path: string;
  send(client: Client, done: Done<T>): void;
}

/** A server that has stopped does not end a session: we wait this long, then cut. */
const closeTimeoutMs = 1000;

/** Requests without an answer on one link: more are refused at once, so that a hung server costs no memory. */
const requestsMax = 1000;

// The library throws for numbers it does not know (a quota, a throttled request) from inside of a socket's event.
Exception.create = (code) =>
  Object.assign(new Error(`reply ${code}`), { code, getCode: () => code });

/** States of the library's own machine. */
const libraryConnecting = 1;
const libraryConnected = 2;

/** Connects and opens a new session. Rejects with a `LinkError`, and with nothing left behind; so does an abort. */
export async function openLink(options: LinkOptions, signal?: AbortSignal): Promise<Link> {
  const open = await prepareDial(options);
  if (signal?.aborted === true) throw new LinkError(givenUp);
  const link = new SocketLink(options, open());
  const abort = () => link.drop(givenUp);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await link.opened;
    return link;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

const givenUp: SocketFailure = { reason: 'reset', connected: false, detail: 'given up' };

class SocketLink implements Link {
  readonly server: Endpoint;
  readonly opened: Promise<void>;
  readonly gone: Promise<SocketFailure | undefined>;
  readonly #options: LinkOptions;
  readonly #client = createClient('given-by-hand:1', { sessionTimeout: 10_000, retries: 0 });
  readonly #frames = createFrameCutter();
  readonly #failures = new Set<(error: NightkeeperError) => void>();
  readonly #socket: Socket;
  #state: 'opening' | 'standing' | 'closing' | 'gone' = 'opening';
  readonly #handshakeTimer: NodeJS.Timeout;
  #socketError: Error | undefined;
  #noted: NotedSession | undefined;
  #isConnected = false;
  #isReady = false;
  #heardMs = 0;
  #opened: () => void = () => undefined;
  #refused: (error: LinkError) => void = () => undefined;
  #gone: (fault: SocketFailure | undefined) => void = () => undefined;

  constructor(options: LinkOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.server = options.server;
    this.opened = new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#refused = reject;
    });
    this.gone = new Promise((resolve) => {
      this.#gone = resolve;
    });
    // Also covers the lookup of the name: a resolver may take half a minute to give up.
    this.#handshakeTimer = setTimeout(() => this.drop(this.#late()), options.handshakeTimeoutMs);
    this.#listen();
  }

  get sessionTimeoutMs(): number {
    return this.#client.connectionManager.sessionTimeout;
  }

  get sessionId(): string {
    return `0x${this.#client.connectionManager.sessionId.toString('hex').replace(/^0+(?=.)/u, '')}`;
  }

  heardMs(): number {
    return this.#heardMs;
  }

  ping(): void {
    if (this.#state === 'standing') this.#socket.write(pingRequest);
  }

  write(frames: Buffer): void {
    if (this.#state === 'standing') this.#socket.write(frames);
  }

  request<T>(request: LinkRequest<T>, timeoutMs: number): Promise<T> {
    const { operation, path } = request;
    return new Promise((resolve, reject) => {
      if (this.#state !== 'standing') {
        reject(new NightkeeperError('zookeeper-disconnected', `${operation} ${path}: no session`));
        return;
      }
      if (this.#client.connectionManager.pendingQueue.length >= requestsMax) {
        reject(new NightkeeperError('zookeeper-timeout', `${operation} ${path}: too many wait`));
        return;
      }
      const late = new NightkeeperError(
        'zookeeper-timeout',
        `${operation} ${path}: no answer in ${Math.round(timeoutMs)} ms`,
      );
      // Whatever has come meanwhile is read before the verdict, so a busy loop of ours does not look like a slow server.
      const timer = setTimeout(() => setImmediate(() => fail(late)), timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#failures.delete(fail);
      };
      const fail = (error: NightkeeperError): void => {
        settle();
        reject(error);
      };
      this.#failures.add(fail);
      try {
        request.send(this.#client, (error, result) => {
          if (error) return fail(new ReplyFault(operation, path, error.code));
          settle();
          resolve(result);
        });
      } catch (cause) {
        const what = `${operation} ${path}: not sent`;
        fail(new NightkeeperError('zookeeper-protocol', what, { cause }));
      }
    });
  }

  drop(fault: SocketFailure): void {
    this.#end(fault);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket.closed) return this.#end(undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    if (this.#state === 'standing') {
      this.#state = 'closing';
      this.#fail('the session is being closed');
      this.#client.close();
      const timer = setTimeout(() => this.#end(undefined), closeTimeoutMs);
      await this.gone;
      clearTimeout(timer);
    }
    this.#end(undefined);
    await closed;
  }

  #listen(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.#socketError = error;
    });
    // Not only at `close`, which waits for our own unsent bytes.
    socket.on('end', () => this.#end(this.#ended()));
    socket.on('close', () => this.#end(this.#closed()));
    socket.on('drain', () => this.#client.connectionManager.onSocketDrain());
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.once('connect', () => {
      this.#isConnected = true;
    });
    socket.once(this.#options.tls === undefined ? 'connect' : 'secureConnect', () => {
      this.#isReady = true;
      const machine = this.#client.connectionManager;
      machine.socket = socket;
      machine.xid = 1;
      machine.setState(libraryConnecting);
      socket.write(connectRequest(this.#options.sessionTimeoutMs, this.#options.session));
      this.#noted = this.#options.book?.asked(this.server);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#state === 'gone') return;
    const { onPong, onOther, replyBytesMax: max = replyBytes.max } = this.#options;
    try {
      this.#frames.push(chunk);
      for (;;) {
        const bytes = this.#state === 'opening' ? handshakeBytes : { ...replyBytes, max };
        const frame = this.#frames.next(bytes);
        if (frame === undefined) return;
        this.#heardMs = performance.now();
        if (this.#state === 'opening') this.#shakeHands(frame);
        else if (isPong(frame)) onPong?.();
        else if (onOther?.(frame) !== true) this.#client.connectionManager.onSocketData(frame);
      }
    } catch (error) {
      const what = error instanceof NightkeeperError ? error.message : 'an unreadable answer';
      this.drop(this.#fault('garbled', `${what} from ${nameOf(this.server)}`));
    }
  }

  #shakeHands(frame: Buffer): void {
    if (!isHandshake(frame)) throw new NightkeeperError('zookeeper-protocol', 'no handshake');
    const machine = this.#client.connectionManager;
    machine.onSocketData(frame);
    // The library would ping in its own way, and only while nothing else is said.
    this.#socket.setTimeout(0);
    if (machine.state !== libraryConnected)
      return this.drop(this.#fault('not-serving', `no session from ${nameOf(this.server)}`));
    clearTimeout(this.#handshakeTimer);
    this.#state = 'standing';
    this.#noted?.granted(this.sessionTimeoutMs, this.sessionId);
    this.#opened();
  }

  #end(fault: SocketFailure | undefined): void {
    if (this.#state === 'gone') return;
    const was = this.#state;
    this.#state = 'gone';
    clearTimeout(this.#handshakeTimer);
    this.#socket.destroy();
    this.#fail('the connection ended');
    this.#noted?.ended(was, fault);
    if (was === 'opening') this.#refused(new LinkError(fault ?? givenUp));
    this.#gone(was === 'closing' ? undefined : fault);
  }

  #fail(why: string): void {
    const error = new NightkeeperError('zookeeper-disconnected', why);
    for (const fail of this.#failures) fail(error);
  }

  #closed(): SocketFailure {
    if (this.#socketError !== undefined) {
      const progress = {
        connected: this.#isConnected,
        shakingHands: this.#isConnected && !this.#isReady,
      };
      return failureOf(this.#socketError, this.server, progress);
    }
    // Neither the server nor the network ended it: the library does, when answers come out of order.
    return this.#fault('garbled', `answers out of order from ${nameOf(this.server)}`);
  }

  #ended(): SocketFailure {
    const when = this.#state === 'opening' ? 'the handshake' : 'the session';
    return this.#fault('reset', `${nameOf(this.server)} closed ${when}`);
  }

  #late(): SocketFailure {
    const what = this.#isConnected ? 'opened no session' : 'took no connection';
    const inMs = this.#options.handshakeTimeoutMs;
    return this.#fault('timeout', `${nameOf(this.server)} ${what} in ${inMs} ms`);
  }

  #fault(reason: SocketFailure['reason'], detail: string): SocketFailure {
    return { reason, connected: this.#isConnected, detail };
  }
}
