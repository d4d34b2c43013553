import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../../model/ensemble.ts';
import { NightkeeperError } from '../../model/errors.ts';
import type { TlsSettings } from '../../model/settings.ts';
import type { TreeOptions } from '../../ports/znode-tree.ts';
import { createSocketOpener } from './open-socket.ts';
import { LinkError } from './session-dial.ts';
import { type Link, openLink } from './session-link.ts';
import { type Pulse, startPulse } from './session-pulse.ts';
import { ReplyFault, replyName, throttled, voidSession } from './session-replies.ts';
import { authFrame, authXid, readRequest, type TreeRequest } from './tree-wire.ts';

/** An answer: error 0 and a body, or an error's number. */
export interface TreeReply {
  readonly error: number;
  readonly frame: Buffer;
}

/** Asks one server after the other, whichever stands, until `close`. */
export interface TreeLink {
  /** A question that may be asked twice: rejects only when no server is found in time. */
  ask(request: TreeRequest): Promise<TreeReply>;
  /** What may not be said twice: undefined when the connection ended before the answer. */
  say(request: TreeRequest): Promise<TreeReply | undefined>;
  zxid(): bigint;
  close(): Promise<void>;
}

interface Pending {
  readonly request: TreeRequest;
  readonly twice: boolean;
  xid: number;
  sentMs: number;
  done(reply: TreeReply | undefined): void;
  fail(error: Error): void;
}

/** Asked of the server: long enough for a pause of ours. */
const sessionTimeoutMs = 30_000;
const handshakeTimeoutMs = 4_000;

/** A server that does not answer the oldest question for so long is left for another one. */
const answerMsMax = 10_000;
const watchEveryMs = 1_000;

/** Between two rounds through all servers. */
const roundPauseMs = 500;

/** A list of a million children has about 20 MiB. The bound keeps a stranger from filling our memory. */
const replyBytesMax = 256 * 1024 * 1024;

/** Above what the library counts, so that every answer finds its way. */
const firstXid = 0x10000000;

const throttledPauseMs = 200;

export async function openTreeLink(
  servers: readonly Endpoint[],
  tls: TlsSettings | undefined,
  options: TreeOptions,
): Promise<TreeLink> {
  const link = new SteadyLink(servers, tls, options);
  await link.connect();
  return link;
}

class SteadyLink implements TreeLink {
  readonly #servers: readonly Endpoint[];
  readonly #tls: TlsSettings | undefined;
  readonly #options: TreeOptions;
  readonly #opener = createSocketOpener();
  readonly #ending = new AbortController();
  readonly #watch: NodeJS.Timeout;
  readonly #onAbort = (): void => void this.close();
  #link: Link | undefined;
  #turn = Math.floor(Math.random() * 1000);
  #waiting: Pending[] = [];
  /** Sent and not answered, oldest first, from `#oldest` on. */
  #sent: Pending[] = [];
  #oldest = 0;
  #xid = firstXid;
  #zxid = 0n;
  #flushing = false;
  #authorized: ((error: number) => void) | undefined;
  #final: Error | undefined;

  constructor(servers: readonly Endpoint[], tls: TlsSettings | undefined, options: TreeOptions) {
    this.#servers = servers;
    this.#tls = tls;
    this.#options = options;
    this.#watch = setInterval(() => this.#look(), watchEveryMs);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  zxid(): bigint {
    return this.#zxid;
  }

  ask(request: TreeRequest): Promise<TreeReply> {
    return this.#enqueue(request, true) as Promise<TreeReply>;
  }

  say(request: TreeRequest): Promise<TreeReply | undefined> {
    return this.#enqueue(request, false);
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#ending.abort();
    this.#give(new NightkeeperError('zookeeper-disconnected', 'the session was closed'));
    await this.#link?.close();
  }

  /** Finds a server that gives a session, within the patience. Throws what the last one said. */
  async connect(): Promise<void> {
    const endMs = performance.now() + this.#options.patienceMs;
    let last: unknown = new NightkeeperError('zookeeper-disconnected', 'no server to ask');
    do {
      for (let tried = 0; tried < this.#servers.length; tried += 1) {
        const server = this.#servers[this.#turn % this.#servers.length];
        if (server === undefined || this.#ending.signal.aborted) throw last;
        this.#turn += 1;
        try {
          return await this.#open(server);
        } catch (error) {
          last = error;
          if (!(error instanceof LinkError)) throw error;
        }
      }
      await sleep(roundPauseMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    } while (performance.now() < endMs && !this.#ending.signal.aborted);
    throw last;
  }

  async #open(server: Endpoint): Promise<void> {
    let pulse: Pulse | undefined;
    const link = await openLink(
      {
        server,
        ...(this.#tls === undefined ? {} : { tls: this.#tls }),
        opener: this.#opener,
        sessionTimeoutMs,
        handshakeTimeoutMs,
        onPong: () => pulse?.answered(),
        onOther: (frame) => this.#receive(frame),
        replyBytesMax,
      },
      this.#ending.signal,
    );
    pulse = startPulse({
      send: () => link.ping(),
      everyMs: () => link.sessionTimeoutMs / 6,
      onSilent: () => undefined,
      onAlive: () => undefined,
      onMiss: () => undefined,
    });
    void link.gone.then((fault) => {
      pulse.stop();
      if (this.#link === link) this.#lost(fault?.detail ?? 'closed');
      this.#authorized?.(notSaid);
    });
    try {
      await this.#login(link);
    } catch (error) {
      await link.close();
      throw error;
    }
    this.#link = link;
    // Nothing is read before this server has caught up with the one before it.
    const nobody = (): void => undefined;
    const request = readRequest('sync', '/');
    this.#waiting.unshift({ request, twice: true, xid: 0, sentMs: 0, done: nobody, fail: nobody });
    this.#flush();
  }

  /** Before anything else: requests in front of it would be those of nobody. */
  async #login(link: Link): Promise<void> {
    for (const { scheme, credential } of this.#options.logins) {
      const error = await new Promise<number>((resolve) => {
        const late = setTimeout(() => resolve(notSaid), handshakeTimeoutMs);
        this.#authorized = (code) => {
          clearTimeout(late);
          resolve(code);
        };
        link.write(authFrame(scheme, credential));
      });
      this.#authorized = undefined;
      if (error === notSaid)
        throw new LinkError({ reason: 'reset', connected: true, detail: 'no answer to the login' });
      if (error !== 0) throw new ReplyFault('login', scheme, error);
    }
  }

  #enqueue(request: TreeRequest, twice: boolean): Promise<TreeReply | undefined> {
    return new Promise((done, fail) => {
      if (this.#final !== undefined) return fail(this.#final);
      if (!twice && this.#link === undefined) return done(undefined);
      this.#waiting.push({ request, twice, xid: 0, sentMs: 0, done, fail });
      if (this.#flushing) return;
      // Whatever is asked in this turn goes out as one piece.
      this.#flushing = true;
      setImmediate(() => {
        this.#flushing = false;
        this.#flush();
      });
    });
  }

  #flush(): void {
    const link = this.#link;
    if (link === undefined || this.#waiting.length === 0) return;
    const nowMs = performance.now();
    const frames = this.#waiting.map((pending) => {
      this.#xid = this.#xid === 0x7fffffff ? firstXid : this.#xid + 1;
      pending.xid = this.#xid;
      pending.sentMs = nowMs;
      pending.request.frame.writeInt32BE(pending.xid, 4);
      this.#sent.push(pending);
      return pending.request.frame;
    });
    this.#waiting = [];
    link.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  #receive(frame: Buffer): boolean {
    const xid = frame.readInt32BE(4);
    const error = frame.readInt32BE(16);
    if (xid === authXid) {
      this.#authorized?.(error);
      return true;
    }
    if (xid < firstXid) return false;
    const pending = this.#sent[this.#oldest];
    if (pending?.xid !== xid)
      throw new NightkeeperError('zookeeper-protocol', 'answers out of order');
    this.#oldest += 1;
    if (this.#oldest > 1024) {
      this.#sent = this.#sent.slice(this.#oldest);
      this.#oldest = 0;
    }
    const zxid = frame.readBigInt64BE(8);
    if (zxid > this.#zxid) this.#zxid = zxid;
    if (error === throttled && pending.twice) this.#later(pending);
    else if (error !== 0 && voidSession.includes(replyName(error))) this.#void(pending);
    else pending.done({ error, frame });
    return true;
  }

  #later(pending: Pending): void {
    setTimeout(() => {
      if (this.#final !== undefined) return pending.fail(this.#final);
      this.#waiting.push(pending);
      this.#flush();
    }, throttledPauseMs);
  }

  #void(pending: Pending): void {
    if (pending.twice) this.#waiting.push(pending);
    else pending.done(undefined);
    this.#link?.drop({ reason: 'reset', connected: true, detail: 'the session is void' });
  }

  /** The server is gone: what may be asked twice goes to the next one, in the order it was asked. */
  #lost(detail: string): void {
    this.#link = undefined;
    const open = this.#sent.slice(this.#oldest);
    this.#sent = [];
    this.#oldest = 0;
    const all = [...open, ...this.#waiting];
    this.#waiting = all.filter(({ twice }) => twice);
    for (const pending of all) if (!pending.twice) pending.done(undefined);
    if (this.#ending.signal.aborted) return;
    this.#options.onLost?.(detail);
    this.connect().catch((error: unknown) =>
      this.#give(error instanceof Error ? error : new Error(String(error))),
    );
  }

  #look(): void {
    const oldest = this.#sent[this.#oldest];
    if (oldest === undefined || performance.now() - oldest.sentMs < answerMsMax) return;
    const detail = `${oldest.request.what}: no answer in ${answerMsMax} ms`;
    this.#link?.drop({ reason: 'timeout', connected: true, detail });
  }

  #give(error: Error): void {
    if (this.#final !== undefined) return;
    this.#final = error;
    const open = [...this.#sent.slice(this.#oldest), ...this.#waiting];
    this.#sent = [];
    this.#oldest = 0;
    this.#waiting = [];
    for (const pending of open) pending.fail(error);
  }
}

/** No error of ZooKeeper: the login was not answered. */
const notSaid = 1;
