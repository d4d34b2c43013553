import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from '../support/until.ts';

/** What the receiver does with a request, after it has recorded it. */
export type WebhookAnswer =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Never answers; the caller runs into its timeout. */
  | { readonly kind: 'hang' }
  /** Closes without an answer: it arrived, and the sender cannot know. */
  | { readonly kind: 'reset' }
  /** Answers 200 and then body without an end. */
  | { readonly kind: 'endless' };

/** A request as it arrived. */
export interface WebhookRequest {
  /** When it was complete, ms since the epoch. */
  readonly atMs: number;
  /** The same moment on the monotonic clock of this process (`performance.now()`). */
  readonly atPerformanceMs: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly body: WebhookBody;
  /** Whether the signature is right; `absent` without a signature. */
  readonly signature: 'valid' | 'invalid' | 'absent';
  /** `X-Nightkeeper-Key`. */
  readonly key: string;
  /** What the receiver did with it. */
  readonly answer: WebhookAnswer;
}

/** The fields of the body tests look at. */
export interface WebhookBody {
  readonly version: number;
  readonly event: 'card' | 'line' | 'notice';
  readonly key: string;
  readonly incident: number;
  readonly ensemble: string;
  readonly detector: string;
  readonly server?: string;
  readonly severity: string;
  readonly tone: string;
  readonly state: string;
  readonly title: string;
  readonly text: string;
  readonly line?: { readonly text: string; readonly mention: readonly string[] };
  readonly card: Readonly<Record<string, unknown>> & { readonly version: number };
}

/** A receiver of webhooks on a free port of 127.0.0.1, that checks signatures and can misbehave. */
export interface WebhookReceiver {
  readonly url: string;
  readonly secret: string;
  readonly requests: readonly WebhookRequest[];
  /** Answers the next `times` requests so, and `ok` afterwards. */
  next(answer: WebhookAnswer, times?: number): void;
  /** Resolves with the first request that matches, also an earlier one; fails after `deadlineMs`. */
  expect(
    what: string,
    matches: (request: WebhookRequest) => boolean,
    deadlineMs?: number,
  ): Promise<WebhookRequest>;
  /** Calls back on each arrival, for measurements. */
  onRequest(listener: (request: WebhookRequest) => void): void;
  close(): Promise<void>;
}

export async function startWebhookReceiver(
  options: { readonly secret?: string } = {},
): Promise<WebhookReceiver> {
  const secret = options.secret ?? 'webhook-test-secret';
  const requests: WebhookRequest[] = [];
  const answers: WebhookAnswer[] = [];
  const listeners: ((request: WebhookRequest) => void)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void readAll(request).then((raw) => {
      const answer = answers.shift() ?? { kind: 'ok' };
      const recorded = { ...recordOf(request, raw, secret), answer };
      requests.push(recorded);
      for (const listener of listeners) listener(recorded);
      give(answer, request, response);
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/nightkeeper`,
    secret,
    requests,
    next(next, times = 1) {
      for (let index = 0; index < times; index += 1) answers.push(next);
    },
    expect: (what, matches, deadlineMs) =>
      until(`webhook: ${what}`, () => requests.find(matches), deadlineMs),
    onRequest(listener) {
      listeners.push(listener);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function recordOf(
  request: IncomingMessage,
  raw: string,
  secret: string,
): Omit<WebhookRequest, 'answer'> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    atMs: Date.now(),
    atPerformanceMs: performance.now(),
    path: request.url ?? '',
    headers,
    raw,
    body: JSON.parse(raw) as WebhookBody,
    signature: checkSignature(headers['x-nightkeeper-signature'], raw, secret),
    key: headers['x-nightkeeper-key'] ?? '',
  };
}

/** Checks `t=<ms>,v1=<hex>` the way the documentation tells a receiver to. */
function checkSignature(
  header: string | undefined,
  raw: string,
  secret: string,
): WebhookRequest['signature'] {
  if (header === undefined) return 'absent';
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/u.exec(header);
  const [, at, given] = match ?? [];
  if (at === undefined || given === undefined) return 'invalid';
  const expected = createHmac('sha256', secret).update(`${at}.${raw}`).digest();
  return timingSafeEqual(expected, Buffer.from(given, 'hex')) ? 'valid' : 'invalid';
}

function give(answer: WebhookAnswer, request: IncomingMessage, response: ServerResponse): void {
  switch (answer.kind) {
    case 'ok':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
      return;
    case 'status':
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
      return;
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'endless': {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    }
  }
}
