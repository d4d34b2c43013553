import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyBytesMax, buildHttp } from '../../../src/edges/http/server.ts';
import { NightkeeperError } from '../../../src/model/errors.ts';
import { anIncident, aSettings, aTriggeredEvent, nightMs } from '../../support/builders.ts';
import { createFakeClock } from '../../support/clock.ts';
import { aConsole, aReply, type ConsoleParts, pinIncident } from '../../support/console.ts';

let app: FastifyInstance;

afterEach(() => app.close());

async function open(given: Omit<Parameters<typeof aConsole>[0], 'clock'> = {}) {
  const parts = aConsole({ clock: createFakeClock(nightMs), ...given });
  ({ app } = await buildHttp(parts.options));
  return parts;
}

function postCommand(payload: object | string, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/api/v1/commands',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
}

describe('POST /api/v1/commands', () => {
  it('runs a typed line as the person of this machine', async () => {
    const { asked } = await open({ http: { localPerson: 'ann' } });

    const answer = await postCommand({ line: '/zk ack 12' });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ outcome: 'done', blocks: [{ text: 'Done as asked.' }] });
    expect(asked).toMatchObject([
      {
        invocation: { command: 'ack', args: ['12'] },
        caller: { via: 'api', handle: 'ann', name: 'Ann' },
      },
    ]);
  });

  it('runs what a button carries', async () => {
    const { asked } = await open();

    await postCommand({ command: 'recover', args: ['a', 'b'], options: { reason: 'hung' } });

    expect(asked[0]?.invocation).toEqual({
      command: 'recover',
      args: ['a', 'b'],
      options: { reason: 'hung' },
    });
  });

  it('calls itself the command line where a program says so', async () => {
    const { asked } = await open();

    await postCommand({ line: 'status' }, { 'x-nightkeeper-via': 'cli' });

    expect(asked[0]?.caller.via).toBe('cli');
  });

  it('believes no other word about where a request comes from', async () => {
    const { asked } = await open();

    await postCommand({ line: 'status' }, { 'x-nightkeeper-via': 'slack' });

    expect(asked[0]?.caller.via).toBe('api');
  });

  it('binds the id of a press to the person and the way in', async () => {
    const { asked } = await open({ http: { localPerson: 'ann' } });

    await postCommand({ line: 'ack 12' }, { 'x-dedupe-id': 'press-0001' });

    expect(asked[0]?.dedupeId).toBe('api:ann:press-0001');
  });

  it.each([
    ['nothing', {}],
    ['an empty line', { line: '   ' }],
    ['a line that is no text', { line: 12 }],
    ['a command that is no text', { command: ['ack'] }],
    ['a command of two words', { command: 'ack 12' }],
    ['a command without an end', { command: 'a'.repeat(41) }],
    ['arguments that are no list', { command: 'ack', args: '12' }],
    ['an argument that is no text', { command: 'ack', args: [12] }],
    ['options that are no record', { command: 'ack', options: 'force' }],
    ['options that are a list', { command: 'ack', options: ['force'] }],
    ['an option that is no text', { command: 'ack', options: { force: true } }],
    ['too many arguments', { command: 'ack', args: Array.from({ length: 51 }, () => 'x') }],
    ['a list', [1, 2]],
  ])('refuses %s, saying what to send', async (_, body) => {
    const { asked } = await open();

    const answer = await postCommand(body);

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({
      code: 'bad-request',
      message: 'The request cannot be read.',
      next: expect.stringContaining('"line": "ack 12"'),
    });
    expect(asked).toEqual([]);
  });

  it('refuses broken JSON without an inner word', async () => {
    await open();

    const answer = await postCommand('{"line": ');

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'bad-request' });
  });

  it('refuses a body beyond its bound', async () => {
    const { asked } = await open();

    const answer = await postCommand({ line: 'x'.repeat(bodyBytesMax) });

    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'too-large' });
    expect(asked).toEqual([]);
  });

  it('says in plain words that its memory does not answer', async () => {
    await open({
      answer: () => {
        throw new NightkeeperError('redis-unavailable', 'connect ECONNREFUSED 127.0.0.1:6379');
      },
    });

    const answer = await postCommand({ line: 'ack 12' });

    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'blind' });
    expect(answer.body).not.toContain('6379');
  });

  it('keeps the reason of a bug in the log', async () => {
    await open({
      answer: () => {
        throw new Error('secret detail');
      },
    });

    const answer = await postCommand({ line: 'ack 12' });

    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal' });
    expect(answer.body).not.toContain('secret detail');
  });
});

describe('what the API tells', () => {
  async function withIncidents(
    given: Omit<Parameters<typeof aConsole>[0], 'clock'> = {},
  ): Promise<ConsoleParts> {
    const parts = await open(given);
    const settings = aSettings();
    const resolved = { state: 'resolved', resolvedMs: nightMs, fingerprint: 'old' } as const;
    await pinIncident(parts.stores, anIncident({ id: 11, ...resolved }), settings);
    await pinIncident(parts.stores, anIncident({ id: 12 }), settings, [
      aTriggeredEvent({ atMs: nightMs }),
      { kind: 'paged', atMs: nightMs + 5000 },
    ]);
    return parts;
  }

  it('lists incidents newest first', async () => {
    await withIncidents();

    const answer = await app.inject('/api/v1/incidents');

    expect(answer.json().incidents.map((one: { id: number }) => one.id)).toEqual([12, 11]);
  });

  it('lists open incidents alone', async () => {
    await withIncidents();

    const answer = await app.inject('/api/v1/incidents?state=open');

    expect(answer.json().incidents.map((one: { id: number }) => one.id)).toEqual([12]);
  });

  it('lists what troubles the bot itself among them, and alone', async () => {
    const { stores } = await withIncidents();
    const own = anIncident({ id: 13, ensemble: 'nightkeeper', fingerprint: 'own' });
    await pinIncident(stores, own, aSettings());

    const [all, alone] = await Promise.all([
      app.inject('/api/v1/incidents?state=open'),
      app.inject('/api/v1/incidents?ensemble=nightkeeper'),
    ]);

    expect(all.json().incidents.map((one: { id: number }) => one.id)).toEqual([13, 12]);
    expect(alone.json().incidents.map((one: { id: number }) => one.id)).toEqual([13]);
  });

  it('lists no more than was asked for', async () => {
    await withIncidents();

    const answer = await app.inject('/api/v1/incidents?limit=1');

    expect(answer.json().incidents).toHaveLength(1);
  });

  it('tells the whole of one incident', async () => {
    const { stores } = await withIncidents();
    await stores.board.note(12, { text: 'nobody came', mention: [] }, 'n1', nightMs);

    const answer = await app.inject('/api/v1/incidents/12');

    expect(answer.json()).toMatchObject({
      incident: { id: 12, detector: 'member-down' },
      events: [{ kind: 'triggered' }, { kind: 'paged' }],
      card: { incident: 12 },
      thread: [{ text: 'nobody came' }],
    });
  });

  it('gives an incident as a file of Markdown, by the command of that name as the one who asks', async () => {
    const { asked } = await withIncidents({
      answer: () => aReply('# Incident #12'),
      http: { localPerson: 'ann' },
    });

    const answer = await app.inject('/api/v1/incidents/12/export.md');

    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(answer.headers['content-disposition']).toContain('incident-12.md');
    expect(answer.body).toBe('# Incident #12');
    expect(asked).toMatchObject([
      { invocation: { command: 'export', args: ['12'] }, caller: { handle: 'ann', via: 'api' } },
    ]);
  });

  it('gives no file of what is not there, and none to who may not see it', async () => {
    await withIncidents({ answer: () => aReply('Only for viewers.', 'refused') });

    const [gone, denied] = await Promise.all([
      app.inject('/api/v1/incidents/99/export.md'),
      app.inject('/api/v1/incidents/12/export.md'),
    ]);

    expect(gone.statusCode).toBe(404);
    expect(denied.statusCode).toBe(403);
    expect(denied.body).toBe('Only for viewers.');
  });

  it.each(['99', '0', '-1', 'abc', '1e3', '9'.repeat(30)])('knows no incident %s', async (id) => {
    await open();

    const answer = await app.inject(`/api/v1/incidents/${id}`);

    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'not-found' });
  });

  it('lists the cards that hang', async () => {
    await withIncidents();

    const answer = await app.inject('/api/v1/cards');

    expect(answer.json().cards.map((one: { card: object }) => one.card)).toMatchObject([
      { incident: 12 },
      { incident: 11, tone: 'resolved' },
    ]);
  });

  it('calls an ensemble it has not seen unknown, not healthy', async () => {
    await open();

    const answer = await app.inject('/api/v1/status');

    expect(answer.json()).toEqual({
      nowMs: nightMs,
      ensembles: [{ ensemble: 'orders', health: 'unknown' }],
    });
  });

  it('knows the history of configured ensembles alone', async () => {
    await open();

    const known = await app.inject('/api/v1/history/orders/zk1');
    const unknown = await app.inject('/api/v1/history/nowhere/zk1');

    expect(known.json()).toEqual({ ensemble: 'orders', server: 'zk1', samples: [] });
    expect(unknown.statusCode).toBe(404);
  });

  it('completes with open incidents and their titles', async () => {
    await withIncidents();

    const answer = await app.inject('/api/v1/complete?line=ack%20');

    expect(answer.json().completions).toEqual([
      { line: 'ack 12 ', word: '12', hint: expect.stringContaining('zk2') },
    ]);
  });

  it('answers an unknown address with what there is', async () => {
    await open();

    const answer = await app.inject('/api/v2/anything');

    expect(answer.statusCode).toBe(404);
    expect(answer.json().next).toContain('/api/v1/status');
  });
});

describe('operations', () => {
  it('is alive while it is not ready', async () => {
    const checks = [{ name: 'Redis', ok: false, detail: 'does not answer' }];
    await open({ health: () => ({ alive: true, ready: false, checks }) });

    const alive = await app.inject('/healthz');
    const ready = await app.inject('/readyz');

    expect([alive.statusCode, ready.statusCode]).toEqual([200, 503]);
    expect(ready.json()).toEqual({ ready: false, checks });
  });

  it('hands out metrics as Prometheus reads them', async () => {
    await open();

    const answer = await app.inject('/metrics');

    expect(answer.headers['content-type']).toContain('version=0.0.4');
    expect(answer.body).toContain('nightkeeper_incidents_open 1');
  });
});
