import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Json, objectOf } from './blocks.ts';
import { fail, type SlackAnswer } from './web-api.ts';

/** How the next call of a method goes wrong (CHAT S1 to S8): a rate limit with or without Retry-After, pages of HTML, lost answers. */
export type SlackFault =
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** With both of these `after` means: the message is there, the answer is not. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang'; readonly when?: 'before' | 'after' }
  /** Answers as always, but only then. */
  | { readonly kind: 'late'; readonly until: Promise<void> };

export function misbehave(
  fault: SlackFault,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  switch (fault.kind) {
    case 'error':
      send(fail(fault.error), response);
      return;
    case 'status':
      response.writeHead(fault.status).end(fault.body ?? '');
      return;
    case 'rate-limited':
      response
        .writeHead(
          429,
          fault.retryAfterSeconds === undefined
            ? {}
            : { 'retry-after': String(fault.retryAfterSeconds) },
        )
        .end();
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'hang':
    case 'late':
  }
}

export function send(answer: SlackAnswer, response: ServerResponse): void {
  if (answer.kind === 'rate-limited') {
    response.writeHead(429, { 'retry-after': String(answer.retryAfterSeconds) }).end();
    return;
  }
  response
    .writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      ...(answer.scopes === undefined ? {} : { 'x-oauth-scopes': answer.scopes.join(',') }),
    })
    .end(JSON.stringify(answer.body));
}

/** The bytes of a file, posted as a form or as they are. */
export async function readFile(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': type },
  }).formData();
  const [file] = [...form.values()];
  return file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.from(file ?? '');
}

/** Arguments come as a form with JSON in its fields, or as JSON. */
export function readArgs(request: IncomingMessage, raw: string): Json {
  if ((request.headers['content-type'] ?? '').includes('json')) return objectOf(JSON.parse(raw));
  return Object.fromEntries(
    [...new URLSearchParams(raw)].map(([name, value]) => [
      name,
      /^[[{]/u.test(value) && name !== 'text' ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}
