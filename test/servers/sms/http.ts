import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server does with the next request that would send something. */
export type SmsFault =
  /** Hangs up before it looks at the request. */
  | { readonly kind: 'reset-before' }
  /** Takes the message and hangs up without a word. */
  | { readonly kind: 'reset-after' }
  /** Takes nothing and never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'answer'; readonly answer: SmsAnswer };

export interface SmsAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SmsRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SmsHttp {
  readonly url: string;
  next(fault: SmsFault, times?: number): void;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1; `sends` are the requests that faults are for. */
export async function startSmsHttp(
  answerTo: (request: SmsRequest) => SmsAnswer,
  sends: (request: SmsRequest) => boolean,
): Promise<SmsHttp> {
  const faults: SmsFault[] = [];
  const sockets = new Set<Socket>();

  function respond(request: SmsRequest, socket: Socket, response: ServerResponse): void {
    const fault = sends(request) ? faults.shift() : undefined;
    if (fault?.kind === 'reset-before') return void socket.resetAndDestroy();
    if (fault?.kind === 'hang') return;
    const answer = fault?.kind === 'answer' ? fault.answer : answerTo(request);
    if (fault?.kind === 'reset-after') return void socket.resetAndDestroy();
    const isText = typeof answer.body === 'string';
    response.writeHead(answer.status, {
      'content-type': isText ? 'text/html' : 'application/json;charset=utf-8',
      ...answer.headers,
    });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  }

  const server = createServer((incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://here');
      respond(
        {
          method: incoming.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        },
        incoming.socket,
        response,
      );
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    next(fault, times = 1) {
      for (let index = 0; index < times; index += 1) faults.push(fault);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
