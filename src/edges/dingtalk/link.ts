import { DWClient, type DWClientDownStream } from 'dingtalk-stream';
import { z } from 'zod';
import type { Log } from '../../ports/log.ts';
import { type DingTalkConfig, defaultApiUrl } from './config.ts';
import { ApiError, answerOf } from './failure.ts';
import { answerData, type Frame, type FrameAnswer, readFrame } from './frames.ts';
import { answerMs } from './limits.ts';

/** How long the gateway may take to give a ticket, and the socket to stand. */
export const openMs = 5000;

/** How often the other end is asked whether it lives, and how long it may be silent before the socket counts as dead. */
export const pulse = { everyMs: 10_000, silentMsMax: 25_000 } as const;

/** What the gateway sends us. No events: each one that is ticked in the console would cost quota. */
export const subscriptions = [
  { type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' },
  { type: 'CALLBACK', topic: '/v1.0/card/instances/callback' },
] as const;

const gatewaySchema = z.object({
  endpoint: z.string().regex(/^wss?:\/\//u),
  ticket: z.string().min(1),
});

/** The parts of the SDK's client that its types keep to themselves. */
interface Inside {
  dw_url?: string;
  socket?: Socket | undefined;
}

interface Socket {
  readonly readyState: number;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  removeAllListeners(event: string): unknown;
  ping(data?: string): void;
  send(text: string): void;
  close(): void;
  terminate(): void;
}

/** `readyState` of a socket that takes frames. */
const openState = 1;

/** Frames after which it is known how far the clocks are apart. */
const framesKnown = 10;

export interface LinkOptions {
  readonly settings: DingTalkConfig;
  readonly log: Log;
  /** Never throws; the answer goes back over the socket the frame came from. */
  readonly onFrame: (frame: Frame) => Promise<FrameAnswer>;
  /** DingTalk asked to move to another socket: this one hears nothing more. */
  readonly onLeave: () => void;
  readonly pulse?: { readonly everyMs: number; readonly silentMsMax: number };
}

/**
 * One socket of the stream, for as long as it lives. The SDK speaks the protocol; connecting, telling that the other end is gone
 * and giving up are done here, because the SDK's own ways of doing so open sockets without end, end the process or go deaf.
 */
export class Link extends DWClient {
  readonly #options: LinkOptions;
  readonly #gone: Promise<void>;
  #markGone: () => void = () => undefined;
  #pulse: NodeJS.Timeout | undefined;
  #heardMs = 0;
  /** The least time between the sending of a frame and our reading it: what the clocks are apart, and the way. */
  #apartMs = Number.POSITIVE_INFINITY;
  #framesRead = 0;
  #closed = false;
  /** Pings that ask whether what was sent before them has arrived, by their number. */
  readonly #asked = new Map<number, (arrivedMs: number | undefined) => void>();
  #lastAsked = 0;

  constructor(options: LinkOptions) {
    const { clientId, clientSecret } = options.settings;
    // Both are read by the SDK, though its types do not say so. The list is a fresh one: the SDK's own is shared and written to.
    const more = {
      autoReconnect: false,
      subscriptions: subscriptions.map((each) => ({ ...each })),
    };
    super({ clientId, clientSecret, keepAlive: false, ua: 'nightkeeper', ...more });
    this.#options = options;
    this.#gone = new Promise((resolve) => {
      this.#markGone = resolve;
    });
  }

  /** Resolves when the socket is closed, from whichever side. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** When the last frame came, of any kind; `performance.now()`. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Opens the socket. Throws when the gateway refuses, or when it does not stand in time; then nothing is left of it. */
  async open(signal: AbortSignal): Promise<void> {
    // Held here: a signal of `AbortSignal.any` over `AbortSignal.timeout` may be collected before its time is up, and then never aborts.
    const late = new AbortController();
    const stop = (): void => late.abort(signal.reason);
    const timer = setTimeout(
      () => late.abort(new DOMException('no answer in time', 'TimeoutError')),
      openMs,
    );
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await this.getEndpoint(late.signal);
      await this.#handshake(late.signal);
    } catch (error) {
      this.drop();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** The SDK's own call has no time limit and knows one address only. */
  override async getEndpoint(signal = AbortSignal.timeout(openMs)): Promise<this> {
    const { settings } = this.#options;
    const base = (settings.apiUrl ?? defaultApiUrl).replace(/\/+$/u, '');
    const response = await fetch(`${base}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        clientId: settings.clientId,
        clientSecret: settings.clientSecret,
        ua: this.config.ua,
        subscriptions: this.config.subscriptions,
      }),
      redirect: 'error',
      signal,
    });
    const read = gatewaySchema.safeParse(answerOf(response.status, await response.text()));
    if (!read.success) throw new ApiError(200, 'unreadable-answer');
    const { endpoint, ticket } = read.data;
    this.#inside.dw_url = `${endpoint}?ticket=${encodeURIComponent(ticket)}`;
    return this;
  }

  /** The SDK makes the socket and reads its frames; what it would do when the socket opens, fails and closes is done here. */
  #handshake(signal: AbortSignal): Promise<void> {
    // It settles by listeners that are taken away below.
    this._connect().catch(() => undefined);
    const { socket } = this.#inside;
    if (socket === undefined) throw new ApiError(200, 'no-socket');
    for (const event of ['open', 'error', 'close']) socket.removeAllListeners(event);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        reject(signal.reason as Error);
        socket.terminate();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      socket.on('open', () => {
        signal.removeEventListener('abort', giveUp);
        this.connected = true;
        this.#keepPulse(socket);
        resolve();
      });
      socket.on('error', (error) => {
        reject(error as Error);
        socket.terminate();
      });
      socket.on('close', () => {
        signal.removeEventListener('abort', giveUp);
        reject(new ApiError(0, 'closed'));
        this.#finish();
      });
    });
  }

  /** Notices a socket whose other end is gone without a word. */
  #keepPulse(socket: Socket): void {
    const { everyMs, silentMsMax } = this.#options.pulse ?? pulse;
    let aliveMs = performance.now();
    this.#heardMs = aliveMs;
    const isAlive = (): void => {
      aliveMs = performance.now();
    };
    for (const event of ['pong', 'ping', 'message']) socket.on(event, isAlive);
    socket.on('pong', (payload) => this.#arrived(Number(payload), performance.now()));
    this.#pulse = setInterval(() => {
      if (performance.now() - aliveMs > silentMsMax) socket.terminate();
      else if (socket.readyState === openState) socket.ping();
    }, everyMs);
  }

  #finish(): void {
    this.connected = false;
    clearInterval(this.#pulse);
    this.#arrived(this.#lastAsked, undefined);
    this.#markGone();
  }

  /** Says goodbye; `gone` follows when the other end does too. */
  leave(): void {
    this.#closed = true;
    this.#inside.socket?.close();
  }

  /** Cuts the socket at once. */
  drop(): void {
    this.#closed = true;
    this.#inside.socket?.terminate();
    if (this.#inside.socket === undefined) this.#finish();
  }

  /** Reads what the SDK's socket hears. Nothing that comes in, and nothing that is done with it, may throw into the socket. */
  override onDownStream(data: string): void {
    this.#heardMs = performance.now();
    const frame = readFrame(data, this.#heardMs);
    if (frame === undefined) {
      this.#options.log.warn({}, 'dingtalk sent a frame that cannot be read');
      return;
    }
    try {
      if (frame.type === 'SYSTEM') super.onDownStream(data);
      else this.#take({ ...frame, heardMs: frame.heardMs - this.#waited(frame) });
    } catch (error) {
      this.#options.log.warn(
        { err: error, topic: frame.headers.topic },
        'a frame of dingtalk failed',
      );
    }
  }

  /** A ping is answered by the SDK. */
  override onSystem(downstream: DWClientDownStream): void {
    if (downstream.headers.topic !== 'disconnect') return super.onSystem(downstream);
    this.#options.onLeave();
  }

  /** How long a frame lay there before it was read: a busy process reads late, and DingTalk's patience counts from the sending. */
  #waited({ headers }: Frame): number {
    const apartMs = Date.now() - headers.time;
    if (!Number.isFinite(apartMs)) return 0;
    this.#apartMs = Math.min(this.#apartMs, apartMs);
    this.#framesRead += 1;
    // The first frames may all have waited: until there are some to compare, both clocks are taken to be right.
    const usualMs = this.#framesRead < framesKnown ? Math.min(0, this.#apartMs) : this.#apartMs;
    return Math.max(0, apartMs - usualMs);
  }

  #take(frame: Frame): void {
    const { log, onFrame } = this.#options;
    const { messageId, topic } = frame.headers;
    onFrame(frame)
      .then((answer) => {
        const { socket } = this.#inside;
        const onArrived = answer.kind === 'response' ? answer.onArrived : undefined;
        if (socket?.readyState !== openState) {
          log.warn({ topic }, 'an answer to dingtalk came after its socket had closed');
          onArrived?.(undefined);
          return;
        }
        this.send(messageId, answerData(answer));
        if (onArrived !== undefined) this.#askArrival(socket, onArrived);
      })
      .catch((error: unknown) => log.error({ err: error, topic }, 'a frame of dingtalk failed'));
  }

  /**
   * Finds out whether all that was sent so far has arrived: the other end reads in order, and answers a ping with its payload. Bytes
   * that were written say nothing; the socket may be cut with them on the way.
   */
  #askArrival(socket: Socket, tell: (arrivedMs: number | undefined) => void): void {
    this.#lastAsked += 1;
    const number = this.#lastAsked;
    this.#asked.set(number, tell);
    socket.ping(String(number));
    setTimeout(() => this.#arrived(number, undefined), answerMs).unref();
  }

  /** What was sent before the ping of this number has arrived by then, or nobody will know. */
  #arrived(upTo: number, atMs: number | undefined): void {
    for (const [number, tell] of this.#asked) {
      if (number > upTo) return;
      this.#asked.delete(number);
      tell(atMs);
    }
  }

  /** True once it was told to go. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get #inside(): Inside {
    return this as unknown as Inside;
  }
}
