import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../support/until.ts';
import type { Json } from './blocks.ts';

/** Slack tells a person that the app did not respond after this long (CHAT §4: 3 s; docs.slack.dev/interactivity). */
const ackMs = 3000;

/** A payload on its way to the bot. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly sentMs: number;
  /** Undefined while the bot has not acknowledged. */
  ackedMs?: number;
}

/** The WebSocket side of socket mode: hands each payload to one of the open sockets (CHAT §1.4) in turn and waits for its acknowledgement. */
export class SocketMode {
  readonly envelopes: Envelope[] = [];
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Map<string, (payload: Json) => void>();
  #turn = 0;
  /** Sockets accepted since the start. */
  connections = 0;

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
      if (!this.#tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws));
    });
  }

  /** A ticket opens one socket, once (CHAT §1.1: the server decides the address). */
  ticket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** Sends a payload to one socket; resolves with what the acknowledgement carries, rejects when there is none in time. */
  async deliver(type: string, payload: Json): Promise<Json> {
    const socket = await until(
      'a socket of the bot, to send to',
      () => {
        // One that has said goodbye gets nothing any more.
        const open = [...this.#sockets].filter((each) => each.readyState === each.OPEN);
        return open[this.#turn % open.length];
      },
      5000,
    );
    this.#turn += 1;
    const envelope: Envelope = { id: randomUUID(), type, sentMs: Date.now() };
    this.envelopes.push(envelope);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the bot did not acknowledge ${type} within ${ackMs} ms`));
      }, ackMs);
      this.#waiting.set(envelope.id, (answer) => {
        clearTimeout(timer);
        envelope.ackedMs = Date.now();
        resolve(answer);
      });
      socket.send(
        JSON.stringify({
          envelope_id: envelope.id,
          type,
          payload,
          accepts_response_payload: type !== 'events_api',
        }),
      );
    });
  }

  /** Sends a frame as it stands to every socket. */
  broadcast(frame: Json | string): void {
    for (const socket of this.#sockets)
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Slack's routine: asks one socket to go, and closes it a moment later (CHAT S16). */
  refresh(): void {
    const [socket] = this.#sockets;
    if (socket === undefined) return;
    this.#sockets.delete(socket);
    socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    socket.close();
  }

  /** Cuts every socket without a word. */
  drop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #accept(socket: WebSocket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const { envelope_id: id, payload } = JSON.parse(data.toString()) as {
        envelope_id: string;
        payload?: Json;
      };
      this.#waiting.get(id)?.(payload ?? {});
      this.#waiting.delete(id);
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#sockets.size,
        connection_info: { app_id: 'A0NIGHTKEEPER' },
        debug_info: { host: 'applink-test', approximate_connection_time: 18_060 },
      }),
    );
  }
}

/** Posts a payload the way Slack does without socket mode (CHAT §1.2); `secret` and `atMs` let a test forge one. */
export async function postSigned(
  url: string,
  body: string,
  options: { readonly secret: string | undefined; readonly atMs?: number },
): Promise<{ readonly status: number; readonly body: string }> {
  const at = Math.floor((options.atMs ?? Date.now()) / 1000);
  const signed =
    options.secret === undefined
      ? {}
      : {
          'x-slack-request-timestamp': String(at),
          'x-slack-signature': `v0=${createHmac('sha256', options.secret).update(`v0:${at}:${body}`).digest('hex')}`,
        };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...signed },
    body,
    signal: AbortSignal.timeout(ackMs),
  });
  return { status: response.status, body: await response.text() };
}
