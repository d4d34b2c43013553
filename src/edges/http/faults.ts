import type { FastifyReply, FastifyRequest } from 'fastify';
import { NightkeeperError } from '../../model/errors.ts';
import type { ConsoleWords } from '../../rules/card/words/console/en.ts';
import { contextOf, sendPage } from './context.ts';
import type { ConsoleOptions } from './options.ts';
import { blindPage, errorPage, missingPage } from './pages/notice.ts';

export type FaultCode = keyof ConsoleWords['error'];

const statusOf: Readonly<Record<FaultCode, number>> = {
  'sign-in-needed': 401,
  'wrong-token': 401,
  'forged-request': 403,
  'wrong-host': 421,
  'too-many-tries': 429,
  'too-many-listeners': 503,
  'not-found': 404,
  'bad-request': 400,
  'too-large': 413,
  blind: 503,
  internal: 500,
};

/** Answers a fault: JSON `{ code, message, next }` to programs, a page in the same words to people. */
export function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  code: FaultCode,
  options: ConsoleOptions,
): FastifyReply {
  const context = contextOf(request, options);
  const words = context.words.error[code];
  const status = statusOf[code];
  if (code === 'sign-in-needed' || code === 'wrong-token')
    reply.header('www-authenticate', 'Bearer');
  if (!wantsPage(request)) return reply.code(status).send({ code, ...words });
  if (code === 'not-found') return sendPage(reply, missingPage(context), status);
  if (code === 'blind') return sendPage(reply, blindPage(context), status);
  return sendPage(reply, errorPage(words, context), status);
}

/** The fault behind an error that a handler threw, after Fastify's own codes. */
export function faultOf(error: unknown): FaultCode {
  if (error instanceof NightkeeperError && error.code === 'redis-unavailable') return 'blind';
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (status === 413) return 'too-large';
  if (status === 429) return 'too-many-tries';
  return status >= 400 && status < 500 ? 'bad-request' : 'internal';
}

/** Whether a person's browser asks for a page, rather than a program or the page's own code for data. */
export function wantsPage(request: FastifyRequest): boolean {
  return (
    !/^\/(?:api|fragments|assets|healthz|readyz|metrics)(?:\/|$|\?)/u.test(request.url) &&
    (request.headers.accept ?? '').includes('text/html')
  );
}
