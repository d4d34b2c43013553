import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import cookiePlugin from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { NightkeeperError } from '../../model/errors.ts';
import { addApi } from './api.ts';
import { contextOf, sendPage } from './context.ts';
import { faultOf, sendFault, wantsPage } from './faults.ts';
import { isCrossSite, isForeignHost, isForged, type Provenance } from './forgery.ts';
import { createGate, type Gate, sessionCookie } from './identity.ts';
import { addLinking } from './link-account.ts';
import { createLive, type Live } from './live.ts';
import type { ConsoleOptions } from './options.ts';
import { momentPage } from './pages/notice.ts';
import { addOperations, addPages, addSignIn } from './routes.ts';

/** A request body: a line of 4000 characters in UTF-8 with room for JSON around it. */
export const bodyBytesMax = 32 * 1024;

/** From connect to the last byte of a request: nothing we take is large. */
const requestMs = 15_000;

export interface RunningConsole {
  /** Where people open it: `http://127.0.0.1:8420`. */
  readonly address: string;
  readonly port: number;
  /** Ends the live lines, finishes running requests, frees the port. */
  close(): Promise<void>;
}

/** Opens console, API, health and metrics. Fails with `http-bind-failed` when the port cannot be had. */
export async function startHttp(options: ConsoleOptions): Promise<RunningConsole> {
  const { app } = await buildHttp(options);
  const { host, port } = options.http;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new NightkeeperError('http-bind-failed', `cannot listen on ${host} port ${port}`, {
      cause: error,
    });
  }
  const taken = app.server.address();
  const bound = typeof taken === 'object' && taken !== null ? taken.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    address: options.http.publicUrl ?? `http://${name}:${bound}`,
    port: bound,
    close: () => app.close(),
  };
}

/** The console without a port: what tests inject requests into. */
export async function buildHttp(
  options: ConsoleOptions,
): Promise<{ readonly app: FastifyInstance; readonly live: Live }> {
  const { http, bulletins, clock } = options;
  const app = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMs,
    logger: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  const gate = createGate({
    host: http.host,
    localPerson: http.localPerson,
    tokens: options.tokens,
    people: () => options.settings().people,
    now: () => clock.now(),
  });
  const live = createLive({ bulletins, clock, boot: randomUUID() });
  app.addHook('preClose', () => live.close());
  app.decorateRequest('visitor', null);
  addForms(app);
  await app.register(cookiePlugin);
  await app.register(helmet, headersFor(http.publicUrl));
  await app.register(rateLimit, { global: false });
  addDoor(app, options, gate);
  await app.register(staticFiles, {
    root: fileURLToPath(new URL('./assets/', import.meta.url)),
    prefix: '/assets/',
    index: false,
    cacheControl: false,
    setHeaders: (response) => {
      response.setHeader('cache-control', 'no-cache');
    },
  });
  addApi(app, options);
  addPages(app, options);
  addSignIn(app, options, gate);
  addLinking(app, options, options.linking);
  addOperations(app, options, live);
  return { app, live };
}

/** Who comes in: the right host name, a known person, and no foreign page's request. */
function addDoor(app: FastifyInstance, options: ConsoleOptions, gate: Gate): void {
  const { http, log } = options;
  const own = { host: http.host, publicUrl: http.publicUrl };

  app.addHook('onRequest', async (request, reply) => {
    if (isForeignHost(request.headers.host, own))
      return sendFault(request, reply, 'wrong-host', options);
    if (!request.url.startsWith('/assets/')) reply.header('cache-control', 'no-store');
    const visitor = gate.visitor({
      authorization: request.headers.authorization,
      cookie: request.cookies[sessionCookie],
    });
    if (visitor !== undefined && visitor !== 'wrong-token') request.visitor = visitor;
    else if (!isOpenToAll(request)) return turnAway(request, reply, visitor, options);
    return undefined;
  });

  app.addHook('preHandler', async (request, reply) => {
    const from = provenanceOf(request);
    const { visitor } = request;
    const forged =
      visitor === null || request.routeOptions.url === '/sign-in'
        ? /^(?:POST|PUT|PATCH|DELETE)$/u.test(request.method) && isCrossSite(from, http.publicUrl)
        : isForged(from, visitor, http.publicUrl);
    return forged ? sendFault(request, reply, 'forged-request', options) : undefined;
  });

  app.setErrorHandler((error, request, reply) => {
    const code = faultOf(error);
    if (code === 'internal' || code === 'blind')
      log.error(
        { err: error, method: request.method, path: request.routeOptions.url },
        'request failed',
      );
    return sendFault(request, reply, code, options);
  });
  app.setNotFoundHandler((request, reply) => sendFault(request, reply, 'not-found', options));
}

function isOpenToAll(request: FastifyRequest): boolean {
  return request.routeOptions.config.open === true || request.url.startsWith('/assets/');
}

/** Sends a person to the sign-in page and tells a program what is missing. */
function turnAway(
  request: FastifyRequest,
  reply: FastifyReply,
  visitor: 'wrong-token' | undefined,
  options: ConsoleOptions,
): FastifyReply {
  const isBearer = request.headers.authorization !== undefined;
  if (isBearer || request.method !== 'GET' || !wantsPage(request))
    return sendFault(request, reply, isBearer ? 'wrong-token' : 'sign-in-needed', options);
  if (visitor === undefined && request.headers['sec-fetch-site'] === 'cross-site')
    return sendPage(reply, momentPage(request.url, contextOf(request, options)));
  return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
}

function provenanceOf(request: FastifyRequest): Provenance {
  const { headers, body } = request;
  const header = headers['x-csrf-token'];
  const field =
    typeof body === 'object' && body !== null && 'csrf' in body && typeof body.csrf === 'string'
      ? body.csrf
      : undefined;
  return {
    method: request.method,
    host: headers.host,
    origin: headers.origin,
    fetchSite: textOf(headers['sec-fetch-site']),
    csrf: textOf(header) ?? field,
  };
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** Forms without the page's code: sign-in and sign-out. */
function addForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
}

/** Nothing but our own files runs, shows or is asked; nobody frames us. */
function headersFor(publicUrl: string | undefined) {
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // Charts in answers come as data.
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 15_552_000 } : false,
    // Not `no-referrer`: with it browsers send `Origin: null` from our own sign-in form.
    referrerPolicy: { policy: 'same-origin' as const },
    xFrameOptions: { action: 'deny' as const },
  };
}
