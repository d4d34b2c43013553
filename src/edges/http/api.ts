import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EnsembleId, ownEnsemble } from '../../model/ensemble.ts';

import { type Invocation, invocationCharsMax, parseLine } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import { samplesMax } from '../../ports/ensemble-store.ts';
import { complete, type Vocabulary, vocabularyOf } from '../../rules/card/complete.ts';
import { callerOf, contextOf } from './context.ts';
import { sendFault } from './faults.ts';
import type { ConsoleOptions } from './options.ts';
import { replyHtml } from './pages/reply.ts';
import { cardsShownMax } from './sight.ts';

/** Incidents of one answer where the request does not say, and at most. */
const incidentsDefault = 50;
const incidentsMax = 200;

/** Arguments and options of one invocation. */
const wordsMax = 50;

/** The API of programs and of the page's own code: commands in, data out. */
export function addApi(app: FastifyInstance, options: ConsoleOptions): void {
  app.post('/api/v1/commands', (request, reply) => runCommand(request, reply, options));

  app.get('/api/v1/status', async () => {
    const ensembles = await Promise.all(
      options.settings().ensembles.map(async ({ id }) => {
        const status = await options.ensembles.status(id);
        return status ?? { ensemble: id, health: 'unknown' };
      }),
    );
    return { nowMs: options.clock.now(), ensembles };
  });

  app.get('/api/v1/cards', async (request) => ({
    cards: await options.board.list(numberIn(request, 'limit', cardsShownMax, incidentsMax)),
  }));

  app.get('/api/v1/incidents', (request) => listIncidents(request, options));

  app.get<{ Params: { id: string } }>('/api/v1/incidents/:id', async (request, reply) => {
    const id = incidentIdIn(request.params.id);
    const incident = id === undefined ? undefined : await options.incidents.get(id);
    if (incident === undefined) return sendFault(request, reply, 'not-found', options);
    const [events, pinned] = await Promise.all([
      options.incidents.events(incident.id),
      options.board.get(incident.id),
    ]);
    return { incident, events, card: pinned?.card ?? null, thread: pinned?.thread ?? [] };
  });

  app.get<{ Params: { id: string } }>('/api/v1/incidents/:id/export.md', (request, reply) =>
    exportIncident(request.params.id, { request, reply, options }),
  );

  app.get<{ Params: { ensemble: string; server: string } }>(
    '/api/v1/history/:ensemble/:server',
    async (request, reply) => {
      const { ensemble, server } = request.params;
      const known = options.settings().ensembles.some(({ id }) => id === ensemble);
      if (!known) return sendFault(request, reply, 'not-found', options);
      const limit = numberIn(request, 'limit', samplesMax, samplesMax);
      return {
        ensemble,
        server,
        samples: await options.ensembles.history(ensemble, server, limit),
      };
    },
  );

  app.get<{ Querystring: { line?: string } }>('/api/v1/complete', async (request) => {
    const line = String(request.query.line ?? '').slice(0, invocationCharsMax);
    const { language } = contextOf(request, options);
    return { completions: complete(line, await vocabulary(options, language)) };
  });
}

async function runCommand(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const { visitor } = request;
  if (visitor === null) return sendFault(request, reply, 'sign-in-needed', options);
  const invocation = invocationIn(request.body);
  if (invocation === undefined) return sendFault(request, reply, 'bad-request', options);
  const caller = callerOf(request, visitor, options);
  const sent = request.headers['x-dedupe-id'];
  // One person's id must never be answered with another person's reply.
  const dedupeId =
    typeof sent === 'string' && /^[\w-]{8,64}$/u.test(sent)
      ? `${caller.via}:${caller.handle}:${sent}`
      : undefined;
  const answer = await options.act(invocation, caller, dedupeId);
  if (caller.via !== 'console') return reply.send(answer);
  return reply.send({ ...answer, html: replyHtml(answer, contextOf(request, options)).text });
}

/** The command `export` as a file: who asks, what they may see and in which language is decided where every command is. */
async function exportIncident(
  named: string,
  {
    request,
    reply,
    options,
  }: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly options: ConsoleOptions;
  },
): Promise<FastifyReply> {
  const { visitor } = request;
  if (visitor === null) return sendFault(request, reply, 'sign-in-needed', options);
  const id = incidentIdIn(named);
  const incident = id === undefined ? undefined : await options.incidents.get(id);
  if (incident === undefined) return sendFault(request, reply, 'not-found', options);
  const answer = await options.act(
    { command: 'export', args: [String(incident.id)], options: {} },
    callerOf(request, visitor, options),
  );
  const text = answer.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('\n\n');
  if (answer.outcome !== 'done')
    return reply.code(403).type('text/plain; charset=utf-8').send(text);
  return reply
    .type('text/markdown; charset=utf-8')
    .header('content-disposition', `inline; filename="incident-${incident.id}.md"`)
    .send(text);
}

/** An invocation from JSON: a typed line, or the parts a button carries. Undefined when it is neither. */
export function invocationIn(body: unknown): Invocation | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('line' in body) return typeof body.line === 'string' ? parseLine(body.line) : undefined;
  if (!('command' in body) || typeof body.command !== 'string') return undefined;
  const args: unknown = 'args' in body ? body.args : [];
  const named: unknown = 'options' in body ? body.options : {};
  if (!Array.isArray(args) || typeof named !== 'object' || named === null || Array.isArray(named))
    return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(named);
  if (args.length > wordsMax || entries.length > wordsMax) return undefined;
  const words = args.filter((word): word is string => typeof word === 'string');
  const pairs = entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  if (words.length !== args.length || pairs.length !== entries.length) return undefined;
  const command = body.command.toLowerCase();
  if (!/^\S{1,40}$/u.test(command)) return undefined;
  return { command, args: words, options: Object.fromEntries(pairs) };
}

async function listIncidents(request: FastifyRequest, options: ConsoleOptions): Promise<object> {
  const query = request.query as { readonly ensemble?: string; readonly state?: string };
  const limit = numberIn(request, 'limit', incidentsDefault, incidentsMax);
  const ids = incidentOwners(options).filter(
    (id) => query.ensemble === undefined || query.ensemble === id,
  );
  const lists = await Promise.all(
    ids.map((id) =>
      query.state === 'open' ? options.incidents.open(id) : options.incidents.recent(id, limit),
    ),
  );
  const incidents = lists.flat().toSorted((a, b) => b.id - a.id);
  return { incidents: incidents.slice(0, limit) };
}

/** What can have incidents: every ensemble, and the bot itself. */
function incidentOwners(options: ConsoleOptions): readonly EnsembleId[] {
  return [...options.settings().ensembles.map(({ id }) => id), ownEnsemble];
}

async function vocabulary(options: ConsoleOptions, language: Language): Promise<Vocabulary> {
  const settings = options.settings();
  const [statuses, open, silences] = await Promise.all([
    Promise.all(settings.ensembles.map(({ id }) => options.ensembles.status(id))),
    Promise.all(incidentOwners(options).map((id) => options.incidents.open(id))),
    options.silences(),
  ]);
  const { commands, actions } = options;
  return vocabularyOf({
    settings,
    statuses,
    incidents: open.flat(),
    silences,
    commands,
    actions,
    language,
  });
}

export function incidentIdIn(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/u.test(text) ? Number(text) : undefined;
}

function numberIn(request: FastifyRequest, name: string, otherwise: number, most: number): number {
  const sent = (request.query as Readonly<Record<string, unknown>>)[name];
  if (typeof sent !== 'string' || !/^[1-9]\d{0,5}$/u.test(sent)) return otherwise;
  return Math.min(Number(sent), most);
}
