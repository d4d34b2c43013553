import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askWord } from './four-letter-word.ts';
import type { HoldOptions } from './sensor-session.ts';
import { LinkError, prepareDial } from './session-dial.ts';
import { heartbeatTimeoutMs, lagMsMax, missesMax } from './session-pulse.ts';
import { createRetry, slowPauseMs } from './session-retry.ts';
import { failureOf, nameOf, type SocketFailure } from './socket-failure.ts';

/**
 * Held connections are renewed this often: ZooKeeper closes one that opened no session after 10 s or a little more.
 * @see zookeeper.sessionlessCnxnTimeout in NIOServerCnxnFactory
 */
export const renewEveryMs = 8000;

/** Time between two `srvr` heartbeats at least: each is a connection, and a line in the server's log at INFO. */
export const srvrEveryMsMin = 1000;

/** A word that nobody waits for is cut off after this. */
const farewellMs = 1000;

/** Holds a server by a bare connection, for where sessions are not wanted: `srvr` is the heartbeat. Answers how to let go. */
export function holdByConnection(options: HoldOptions): () => Promise<void> {
  const holder = new ConnectionHolder(options);
  return () => holder.close();
}

/** A read-only server opens no session for those who want to write. */
const servingMode = /^Mode: (leader|follower|observer|standalone)\s*$/m;

const givenUp: SocketFailure = { reason: 'reset', connected: false, detail: 'given up' };

function endSocket(socket: Socket): Promise<unknown> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  return closed;
}

type Heartbeat = 'serving' | 'not-serving' | 'missed' | 'excused';

class ConnectionHolder {
  readonly #options: HoldOptions;
  readonly #where: string;
  readonly #ending = new AbortController();
  readonly #retry = createRetry(() => performance.now(), Math.random, heartbeatTimeoutMs);
  readonly #sockets = new Set<Socket>();
  readonly #kept: Promise<void>;
  #held: Socket | undefined;
  #heldSinceMs = 0;
  #misses = 0;

  constructor(options: HoldOptions) {
    this.#options = options;
    this.#where = nameOf(options.server.client);
    this.#kept = this.#keep();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all([...this.#sockets].map(endSocket));
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { log } = this.#options;
    while (!this.#ending.signal.aborted) {
      const pauseMs = await this.#round().catch((error: unknown) => {
        log.error({ err: error }, 'a sensor failed in an unknown way');
        return slowPauseMs;
      });
      await sleep(pauseMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  /** Holds, feels, and answers how long to wait. */
  async #round(): Promise<number> {
    const { server, everyMs, notices, log } = this.#options;
    const isDue = performance.now() - this.#heldSinceMs >= renewEveryMs;
    if (this.#held === undefined || isDue) {
      const fault = await this.#renew();
      if (fault !== undefined && this.#held === undefined) {
        log.debug({ server: server.id, ...fault }, 'a sensor found no connection');
        return this.#retry.pauseMs(server.client, fault.reason);
      }
    }
    const heartbeat = await this.#feel();
    if (this.#held === undefined) return this.#retry.pauseMs(server.client, 'reset');
    if (heartbeat === 'missed') this.#misses += 1;
    else if (heartbeat !== 'excused') this.#misses = 0;
    if (this.#misses >= missesMax)
      notices.fellSilent(`${missesMax} srvr in a row unanswered by ${this.#where}`);
    if (heartbeat === 'serving') {
      notices.stands(`${this.#where} answers srvr`);
      this.#retry.forget(server.client);
    }
    // A server that just came is asked again soon, until it serves.
    if (!notices.isStanding() && heartbeat === 'not-serving')
      return this.#retry.pauseMs(server.client, 'not-serving');
    // One miss asks for a second opinion at once.
    return this.#misses === 1 ? 0 : Math.max(everyMs(), srvrEveryMsMin);
  }

  /** Make before break: the old connection goes when the new one stands. */
  async #renew(): Promise<SocketFailure | undefined> {
    const fresh = await this.#connect();
    if ('reason' in fresh) return fresh;
    const old = this.#held;
    this.#held = fresh;
    this.#heldSinceMs = performance.now();
    if (old !== undefined) this.#sayFarewell(old);
    return undefined;
  }

  async #connect(): Promise<Socket | SocketFailure> {
    const { server, tls, opener } = this.#options;
    const to = { server: server.client, opener, ...(tls === undefined ? {} : { tls }) };
    let socket: Socket;
    try {
      const open = await prepareDial(to);
      if (this.#ending.signal.aborted) return givenUp;
      socket = open();
    } catch (error) {
      if (error instanceof LinkError) return error.fault;
      throw error;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return new Promise((resolve) => {
      let isReady = false;
      let isConnected = false;
      let error: Error | undefined;
      const late: SocketFailure = {
        reason: 'timeout',
        connected: false,
        detail: `no connection to ${this.#where} in ${heartbeatTimeoutMs} ms`,
      };
      const timer = setTimeout(() => {
        socket.destroy();
        resolve({ ...late, connected: isConnected });
      }, heartbeatTimeoutMs);
      socket.on('error', (happened) => {
        error = happened;
      });
      socket.once('connect', () => {
        isConnected = true;
      });
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
        clearTimeout(timer);
        isReady = true;
        resolve(socket);
      });
      socket.once('end', () => this.#lost(socket));
      socket.once('close', () => {
        clearTimeout(timer);
        this.#lost(socket);
        const progress = { connected: isConnected, shakingHands: isConnected && !isReady };
        const cause = error ?? new Error('closed');
        resolve(failureOf(cause, server.client, progress));
      });
      // What a server says unasked is not kept.
      socket.resume();
    });
  }

  #lost(socket: Socket): void {
    if (socket !== this.#held || this.#ending.signal.aborted) return;
    this.#held = undefined;
    this.#misses = 0;
    this.#options.notices.broke(`${this.#where} closed the held connection`);
  }

  /** Ends an old connection with a word: a server that is left without one writes a WARN. */
  #sayFarewell(socket: Socket): void {
    socket.write('srvr\n');
    const timer = setTimeout(() => socket.destroy(), farewellMs);
    socket.once('close', () => clearTimeout(timer));
  }

  async #feel(): Promise<Heartbeat> {
    const { server, tls } = this.#options;
    const startedMs = performance.now();
    const answer = await askWord({
      endpoint: server.client,
      word: 'srvr',
      timeoutMs: heartbeatTimeoutMs,
      ...(tls === undefined ? {} : { tls }),
      signal: this.#ending.signal,
    });
    if (answer.kind === 'text') return servingMode.test(answer.text) ? 'serving' : 'not-serving';
    switch (answer.reason) {
      case 'timeout':
        // Our own stop looks like a server that is silent.
        return performance.now() - startedMs > heartbeatTimeoutMs + lagMsMax ? 'excused' : 'missed';
      case 'not-allowed':
        // It declines in words, and that is an answer.
        return 'serving';
      case 'refused':
      case 'unreachable':
      case 'reset':
      case 'unresolved':
      case 'not-serving':
      case 'garbled':
      case 'tls':
        return 'not-serving';
    }
  }
}
