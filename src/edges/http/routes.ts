import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { words } from '../../rules/card/words/words.ts';
import { incidentIdIn } from './api.ts';
import { contextOf, sendPage } from './context.ts';
import { sendFault } from './faults.ts';
import { html, nothing } from './html.ts';
import { type Gate, sessionCookie, sessionMs } from './identity.ts';
import type { Live } from './live.ts';
import type { ConsoleOptions } from './options.ts';
import { commandLine, watchFragment } from './pages/home.ts';
import { incidentFragment } from './pages/incident.ts';
import { layout, type PageContext } from './pages/layout.ts';
import { backLink, signInPage } from './pages/notice.ts';
import { readRunbook, readTroubleshooting } from './runbooks.ts';
import { see, seeIncident } from './sight.ts';

/** Tries of a token per minute from one address; a person mistypes twice. */
const signInTriesMax = 10;

/** The pages of people, and the fragments their code redraws. */
export function addPages(app: FastifyInstance, options: ConsoleOptions): void {
  async function watch(context: PageContext) {
    const sight = await see(options, context.language);
    return watchFragment(sight, options.breakers?.list() ?? [], context);
  }

  app.get('/', async (request, reply) => {
    const context = contextOf(request, options);
    const title = context.words.nav.home;
    const body = await watch(context);
    const page = { title, body, live: '/fragments/watch', foot: commandLine(context) };
    return sendPage(reply, layout(page, context));
  });

  app.get('/fragments/watch', async (request, reply) =>
    sendPage(reply, await watch(contextOf(request, options))),
  );

  app.get<{ Params: { id: string } }>('/incidents/:id', async (request, reply) => {
    const context = contextOf(request, options);
    const id = incidentIdIn(request.params.id);
    const sight = id === undefined ? undefined : await seeIncident(id, options, context.language);
    if (sight === undefined) return sendFault(request, reply, 'not-found', options);
    const title = context.words.incident.title(sight.incident.id);
    const body = incidentFragment(sight, context);
    const live = `/fragments/incidents/${sight.incident.id}`;
    return sendPage(reply, layout({ title, body, live, foot: commandLine(context) }, context));
  });

  app.get<{ Params: { id: string } }>('/fragments/incidents/:id', async (request, reply) => {
    const context = contextOf(request, options);
    const id = incidentIdIn(request.params.id);
    const sight = id === undefined ? undefined : await seeIncident(id, options, context.language);
    if (sight === undefined) return sendFault(request, reply, 'not-found', options);
    return sendPage(reply, incidentFragment(sight, context));
  });

  app.get<{ Params: { detector: string } }>('/runbooks/:detector', async (request, reply) => {
    const context = contextOf(request, options);
    const { detector } = request.params;
    const runbook = await readRunbook(options.runbooks, detector, context.language);
    if (runbook === undefined) return sendFault(request, reply, 'not-found', options);
    const body = html`<div class="runbook-page">${backLink(context)}<article class="panel prose" lang="${runbook.language}">${runbook.text}</article></div>`;
    return sendPage(reply, layout({ title: context.words.runbook.title(detector), body }, context));
  });

  app.get('/troubleshooting', async (request, reply) => {
    const context = contextOf(request, options);
    const page = await readTroubleshooting(options.runbooks, context.language);
    if (page === undefined) return sendFault(request, reply, 'not-found', options);
    const body = html`<div class="runbook-page">${backLink(context)}<article class="panel prose" lang="${page.language}">${page.text}</article></div>`;
    const { title } = words(context.language).doctor;
    return sendPage(reply, layout({ title, body }, context));
  });

  app.post<{ Params: { id: string } }>('/api/v1/breakers/:id', async (request, reply) => {
    const { id } = request.params;
    const { breakers } = options;
    if (breakers === undefined || !breakers.list().some((one) => one.id === id))
      return sendFault(request, reply, 'not-found', options);
    await breakers.run(id);
    return { outcome: 'done' };
  });
}

/** Sign-in, sign-out. Both work without the page's code. */
export function addSignIn(app: FastifyInstance, options: ConsoleOptions, gate: Gate): void {
  const secure = options.http.publicUrl?.startsWith('https:') ?? false;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;

  app.get<{ Querystring: { next?: string } }>(
    '/sign-in',
    { config: { open: true } },
    async (request, reply) => {
      const next = ownPath(request.query.next);
      return sendPage(reply, signInPage({ next, fault: undefined }, contextOf(request, options)));
    },
  );

  app.post(
    '/sign-in',
    { config: { open: true, rateLimit: { max: signInTriesMax, timeWindow: 60_000 } } },
    async (request, reply) => {
      const sent = fieldsOf(request);
      const next = ownPath(sent['next']);
      const session = gate.signIn((sent['token'] ?? '').trim());
      if (session === undefined) {
        options.log.warn({ from: request.ip }, 'sign-in with an unknown token');
        const context = contextOf(request, options);
        return sendPage(
          reply,
          signInPage({ next, fault: context.words.signIn.wrong }, context),
          401,
        );
      }
      reply.setCookie(sessionCookie, session, { ...cookie, maxAge: sessionMs / 1000 });
      return reply.redirect(next, 303);
    },
  );

  app.post('/sign-out', async (_request, reply) => {
    reply.clearCookie(sessionCookie, cookie);
    return reply.redirect('/sign-in', 303);
  });
}

/** Health, metrics, and the live line. */
export function addOperations(app: FastifyInstance, options: ConsoleOptions, live: Live): void {
  app.get('/healthz', { config: { open: true } }, (_request, reply) => {
    const { alive } = options.health();
    return reply.code(alive ? 200 : 503).send({ alive });
  });

  app.get('/readyz', { config: { open: options.http.openMetrics } }, (_request, reply) => {
    const { ready, checks } = options.health();
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });

  app.get('/metrics', { config: { open: options.http.openMetrics } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics()),
  );

  app.get('/api/v1/events', (request: FastifyRequest, reply: FastifyReply) => {
    // Headers of the hooks are lost with a hijacked reply, so a refusal goes the usual way.
    if (!live.listen(reply.raw)) {
      reply.header('retry-after', '10');
      return sendFault(request, reply, 'too-many-listeners', options);
    }
    reply.hijack();
    return nothing;
  });
}

/** A path of this console to go to after sign-in; never another site. */
function ownPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/u.test(path) ? path : '/';
}

function fieldsOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const { body } = request;
  return typeof body === 'object' && body !== null ? (body as Record<string, string>) : {};
}
