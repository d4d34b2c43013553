import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../support/until.ts';
import { type ApiAnswer, refuse } from './open-api.ts';
import type { Json, Tenant } from './tenant.ts';

/** How long a ticket opens a socket, once (CHAT §2.1). */
const ticketMs = 90_000;

/** How long DingTalk waits for the answer to a card, and before it sends a message again (CHAT §2.1). */
export const clickMs = 2000;

/** A frame on its way to the bot. */
export interface Pushed {
  readonly messageId: string;
  readonly topic: string;
  readonly sentMs: number;
  /** Undefined while the bot has not answered. */
  answeredMs?: number;
  code?: number;
  data?: Json;
}

/** The stream side: tickets, sockets, frames and their answers. */
export class Gateway {
  readonly pushed: Pushed[] = [];
  /** Sockets accepted since the start, and tickets given. */
  accepted = 0;
  opens = 0;
  /** When set, sockets are refused although tickets are given. */
  refuseSockets = false;
  /** How long after a frame without answer it is sent again; off by default, on for the tests about it (16 to 60 s in life). */
  redeliverMs: number | undefined;
  /** Moves the clock of tickets. */
  skewMs = 0;
  /** Hears every answer of the bot as it stands, and every socket that closes. */
  onAnswer: (answer: Json) => void = () => undefined;
  onClose: () => void = () => undefined;
  readonly #tenant: Tenant;
  /** How far away it is: a pong comes that much later. */
  pongAfterMs = 0;
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #tickets = new Map<
    string,
    { readonly atMs: number; readonly topics: readonly string[] }
  >();
  readonly #sockets = new Map<WebSocket, readonly string[]>();
  /** Sockets that were asked to go: they get nothing more. */
  readonly #leaving = new Set<WebSocket>();
  readonly #waiting = new Map<string, (pushed: Pushed) => void>();
  readonly #pongs: string[] = [];

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** Topics the newest socket asked for. */
  get topics(): readonly string[] {
    return [...this.#sockets.values()].at(-1) ?? [];
  }

  /** Answers to `ping` frames, as they came. */
  get pongs(): readonly string[] {
    return this.#pongs;
  }

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const url = new URL(request.url ?? '/', 'http://dingtalk');
      const ticket = this.#tickets.get(url.searchParams.get('ticket') ?? '');
      // CHAT §2.1: 90 s, one connection only.
      this.#tickets.delete(url.searchParams.get('ticket') ?? '');
      if (
        this.refuseSockets ||
        ticket === undefined ||
        Date.now() + this.skewMs - ticket.atMs > ticketMs
      ) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, ticket.topics));
    });
  }

  /** `POST /v1.0/gateway/connections/open` (CHAT §2.1). */
  ticket(body: Json, accept: string, endpoint: string): ApiAnswer {
    this.opens += 1;
    if (accept !== 'application/json') return refuse(400, 'not-json');
    if (
      body['clientId'] !== this.#tenant.clientId ||
      body['clientSecret'] !== this.#tenant.clientSecret
    )
      return refuse(401, 'authFailed');
    const subscriptions = Array.isArray(body['subscriptions'])
      ? (body['subscriptions'] as Json[])
      : [];
    // A ticket with signs that have to be encoded in an address (CHAT D15).
    const ticket = `${randomUUID()}+/=&${this.opens}`;
    this.#tickets.set(ticket, {
      atMs: Date.now() + this.skewMs,
      topics: subscriptions.map(({ type, topic }) => `${String(type)} ${String(topic)}`),
    });
    return { status: 200, body: { endpoint, ticket } };
  }

  /** Sends a callback to one of the open sockets at random (CHAT §2.1.6); resolves with what it answered, whenever. */
  async push(topic: string, data: Json, headers: Json = {}): Promise<Pushed> {
    const socket = await until('a socket of the bot, to send to', () => this.#pick(topic), 5000);
    // CHAT §2.7: stream pushes count, and beyond the quota robot messages come without their text.
    this.#tenant.used.messages += 1;
    const pushed: Pushed = { messageId: randomUUID(), topic, sentMs: Date.now() };
    this.pushed.push(pushed);
    const frame = {
      specVersion: '1.0',
      type: 'CALLBACK',
      headers: {
        topic,
        messageId: pushed.messageId,
        contentType: 'application/json',
        time: String(Date.now()),
        ...headers,
      },
      data: JSON.stringify(data),
    };
    const answered = new Promise<Pushed>((resolve) => this.#waiting.set(pushed.messageId, resolve));
    socket.send(JSON.stringify(frame));
    this.#again(pushed, frame);
    return await answered;
  }

  /** CHAT §2.1.7: what was not answered comes again, over any socket. */
  #again(pushed: Pushed, frame: Json): void {
    if (this.redeliverMs === undefined) return;
    setTimeout(() => {
      if (pushed.answeredMs !== undefined) return;
      this.#pick(pushed.topic)?.send(JSON.stringify(frame));
      this.#again(pushed, frame);
    }, this.redeliverMs).unref();
  }

  #pick(topic: string): WebSocket | undefined {
    const able = [...this.#sockets].filter(
      ([socket, topics]) => !this.#leaving.has(socket) && topics.includes(`CALLBACK ${topic}`),
    );
    return able[Math.floor(Math.random() * able.length)]?.[0];
  }

  /** Sends a frame as it stands to every socket. */
  broadcast(frame: Json | string): void {
    for (const socket of this.#sockets.keys())
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** SYSTEM `ping` (CHAT §2.1.5). */
  ping(opaque: string): void {
    this.broadcast(system('ping', { opaque }));
  }

  /** SYSTEM `disconnect`: nothing more comes over these sockets, and they are closed a while later (CHAT §2.1.5: 10 s). */
  disconnect(afterMs = 10_000): void {
    for (const socket of this.#sockets.keys()) {
      this.#leaving.add(socket);
      socket.send(JSON.stringify(system('disconnect', { reason: 'the connection is old' })));
      setTimeout(() => socket.close(), afterMs).unref();
    }
  }

  /** Cuts every socket without a word. */
  drop(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  /** Every socket stays open and hears nothing any more, not even a ping of the transport. */
  freeze(): void {
    for (const socket of this.#sockets.keys()) socket.pause();
  }

  #accept(socket: WebSocket, topics: readonly string[]): void {
    this.accepted += 1;
    this.#sockets.set(socket, topics);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.onClose();
    });
    socket.on('ping', (data: Buffer) => {
      setTimeout(() => socket.readyState === socket.OPEN && socket.pong(data), this.pongAfterMs);
    });
    socket.on('message', (data: Buffer) => this.#answer(data));
  }

  #answer(data: Buffer): void {
    this.onAnswer(JSON.parse(data.toString()) as Json);
    const {
      code,
      headers,
      data: text,
    } = JSON.parse(data.toString()) as {
      code?: number;
      headers?: { messageId?: string; topic?: string };
      data?: string;
    };
    if (headers?.topic === 'ping') this.#pongs.push(text ?? '');
    const pushed = this.pushed.find(({ messageId }) => messageId === headers?.messageId);
    if (pushed === undefined || pushed.answeredMs !== undefined) return;
    pushed.answeredMs = Date.now();
    pushed.data = JSON.parse(text ?? '{}') as Json;
    if (code !== undefined) pushed.code = code;
    this.#waiting.get(pushed.messageId)?.(pushed);
    this.#waiting.delete(pushed.messageId);
  }
}

function system(topic: string, data: Json): Json {
  return {
    specVersion: '1.0',
    type: 'SYSTEM',
    headers: { topic, messageId: randomUUID(), contentType: 'application/json', time: '0' },
    data: JSON.stringify(data),
  };
}
