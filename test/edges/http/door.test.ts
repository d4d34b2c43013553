import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { sessionMs } from '../../../src/edges/http/identity.ts';
import { buildHttp } from '../../../src/edges/http/server.ts';
import { nightMs } from '../../support/builders.ts';
import { createFakeClock, type FakeClock } from '../../support/clock.ts';
import { aConsole, type ConsoleParts } from '../../support/console.ts';

const annToken = 'ann-token-0123456789abcdef';
const boToken = 'bo-token-0123456789abcdef';
const host = 'nightkeeper.example';

let app: FastifyInstance;
let clock: FakeClock;
let parts: ConsoleParts;

afterEach(() => app.close());

async function openTo(world: 'loopback' | 'world', openMetrics = true): Promise<void> {
  clock = createFakeClock(nightMs);
  const tokens = [
    { person: 'ann', token: annToken },
    { person: 'bo', token: boToken },
  ];
  parts = aConsole({
    clock,
    http: { host: world === 'world' ? '0.0.0.0' : '127.0.0.1', openMetrics },
    tokens: world === 'world' ? tokens : [],
  });
  ({ app } = await buildHttp(parts.options));
}

async function signIn(token = annToken, extra: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded', ...extra },
    payload: new URLSearchParams({ token, next: '/incidents/12' }).toString(),
  });
}

/** A signed-in browser: its cookie, and the token that its page carries. */
async function signedIn(): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const answer = await signIn();
  const cookie = `nk_session=${answer.cookies[0]?.value}`;
  const page = await app.inject({ url: '/', headers: { host, cookie } });
  return { cookie, csrf: /data-csrf="([^"]+)"/u.exec(page.body)?.[1] ?? '' };
}

function command(headers: Record<string, string>) {
  return app.inject({
    method: 'POST',
    url: '/api/v1/commands',
    headers: { host, 'content-type': 'application/json', ...headers },
    payload: { line: 'ack 12' },
  });
}

describe('beyond loopback', () => {
  it.each([
    '/api/v1/status',
    '/api/v1/incidents',
    '/api/v1/cards',
    '/api/v1/events',
    '/api/v1/complete?line=a',
    '/fragments/watch',
  ])('tells nothing at %s to somebody who is not signed in', async (url) => {
    await openTo('world');

    const answer = await app.inject({ url, headers: { host } });

    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'sign-in-needed' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('leads a person to the sign-in and back to the page that was wanted', async () => {
    await openTo('world');

    const away = await app.inject({
      url: '/incidents/12',
      headers: { host, accept: 'text/html' },
    });
    const back = await signIn();

    expect(away.statusCode).toBe(303);
    expect(away.headers.location).toBe('/sign-in?next=%2Fincidents%2F12');
    expect(back.statusCode).toBe(303);
    expect(back.headers.location).toBe('/incidents/12');
  });

  it('says that it lives to everyone', async () => {
    await openTo('world', false);

    const alive = await app.inject({ url: '/healthz', headers: { host } });
    const metrics = await app.inject({ url: '/metrics', headers: { host } });

    expect(alive.statusCode).toBe(200);
    expect(metrics.statusCode).toBe(401);
  });

  it('takes a token as the person it belongs to', async () => {
    await openTo('world');

    const answer = await command({ authorization: `Bearer ${boToken}` });

    expect(answer.statusCode).toBe(200);
    expect(parts.asked[0]?.caller).toMatchObject({ via: 'api', handle: 'bo', name: 'Bo' });
  });

  it.each(['Bearer wrong', `Bearer ${annToken}x`, `Basic ${annToken}`, 'Bearer', ''])(
    'runs nothing for the forged authorization %j',
    async (authorization) => {
      await openTo('world');

      const answer = await command({ authorization });

      expect(answer.statusCode).toBe(401);
      expect(answer.body).not.toContain(annToken);
      expect(parts.asked).toEqual([]);
    },
  );

  it('has no local person', async () => {
    await openTo('world');

    const answer = await command({ 'x-forwarded-for': '127.0.0.1' });

    expect(answer.statusCode).toBe(401);
  });

  it('keeps the session where no script and no other site reaches it', async () => {
    await openTo('world');

    const answer = await signIn();

    expect(answer.headers['set-cookie']).toMatch(/^nk_session=.*HttpOnly; SameSite=Strict$/u);
    expect(answer.headers['set-cookie']).not.toContain(annToken);
  });

  it('asks again when the token is not known', async () => {
    await openTo('world');

    const answer = await signIn('nonsense');

    expect(answer.statusCode).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('This token is not known');
  });

  it('stops somebody who tries tokens', async () => {
    await openTo('world');
    for (let tries = 0; tries < 10; tries += 1) await signIn(`guess-${tries}`);

    const answer = await signIn();

    expect(answer.statusCode).toBe(429);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads on to %s',
    async (next) => {
      await openTo('world');

      const answer = await app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ token: annToken, next }).toString(),
      });

      expect(answer.headers.location).toBe('/');
    },
  );

  it('ends a session after its time', async () => {
    await openTo('world');
    const { cookie } = await signedIn();
    await clock.advance(sessionMs);

    const answer = await app.inject({ url: '/api/v1/status', headers: { host, cookie } });

    expect(answer.statusCode).toBe(401);
  });

  it('does not believe a session with another name, a longer life or a foreign seal', async () => {
    await openTo('world');
    const { cookie } = await signedIn();
    const [person = '', expires = '', nonce = '', seal = ''] = cookie.slice(11).split('.');
    const bo = Buffer.from('bo').toString('base64url');
    const forged = [
      [bo, expires, nonce, seal],
      [person, String(Number(expires) + 1000), nonce, seal],
      [person, expires, nonce, seal.slice(1)],
      [person, expires, nonce],
      [''],
    ];

    const answers = await Promise.all(
      forged.map((piece) =>
        app.inject({
          url: '/api/v1/status',
          headers: { host, cookie: `nk_session=${piece.join('.')}` },
        }),
      ),
    );

    expect(answers.map((answer) => answer.statusCode)).toEqual([401, 401, 401, 401, 401]);
  });

  it('comes again from its own page when a link in a chat hides the cookie', async () => {
    await openTo('world');

    const answer = await app.inject({
      url: '/incidents/12',
      headers: { host, accept: 'text/html', 'sec-fetch-site': 'cross-site' },
    });

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('content="0;url=/incidents/12"');
  });

  it('signs out', async () => {
    await openTo('world');
    const { cookie, csrf } = await signedIn();

    const answer = await app.inject({
      method: 'POST',
      url: '/sign-out',
      headers: { host, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ csrf }).toString(),
    });

    expect(answer.statusCode).toBe(303);
    expect(answer.headers['set-cookie']).toMatch(/^nk_session=;/u);
  });
});

describe('a change with a cookie', () => {
  it('runs from the console’s own page', async () => {
    await openTo('world');
    const { cookie, csrf } = await signedIn();

    const answer = await command({ cookie, 'x-csrf-token': csrf, origin: `http://${host}` });

    expect(answer.statusCode).toBe(200);
    expect(parts.asked[0]?.caller).toMatchObject({ via: 'console', handle: 'ann' });
  });

  it.each([
    ['no page token', {}],
    ['a made-up page token', { 'x-csrf-token': 'AAAA' }],
  ])('is refused with %s', async (_, headers) => {
    await openTo('world');
    const { cookie } = await signedIn();

    const answer = await command({ cookie, ...headers });

    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'forged-request' });
    expect(parts.asked).toEqual([]);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no readable origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused from %s, page token or not', async (_, headers) => {
    await openTo('world');
    const { cookie, csrf } = await signedIn();

    const answer = await command({ cookie, 'x-csrf-token': csrf, ...headers });

    expect(answer.statusCode).toBe(403);
    expect(parts.asked).toEqual([]);
  });

  it('is refused with the page token of another session', async () => {
    await openTo('world');
    const mine = await signedIn();
    const other = await signedIn();

    const answer = await command({ cookie: mine.cookie, 'x-csrf-token': other.csrf });

    expect(answer.statusCode).toBe(403);
  });

  it('signs nobody in from another site', async () => {
    await openTo('world');

    const answer = await signIn(annToken, { origin: 'https://evil.example' });

    expect(answer.statusCode).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('on loopback without tokens', () => {
  it('takes a program of this machine as the local person', async () => {
    await openTo('loopback');

    const answer = await command({ host: 'localhost:8420' });

    expect(answer.statusCode).toBe(200);
    expect(parts.asked[0]?.caller).toMatchObject({ handle: 'local' });
  });

  it.each([
    ['without the page token', { origin: 'http://localhost:8420' }],
    ['from another site', { origin: 'https://evil.example' }],
    ['from another port', { origin: 'http://localhost:3000' }],
  ])('runs nothing for a browser %s', async (_, headers) => {
    await openTo('loopback');

    const answer = await command({ host: 'localhost:8420', ...headers });

    expect(answer.statusCode).toBe(403);
    expect(parts.asked).toEqual([]);
  });

  it('runs what its own page asks', async () => {
    await openTo('loopback');
    const page = await app.inject({ url: '/', headers: { host: 'localhost:8420' } });
    const csrf = /data-csrf="([^"]+)"/u.exec(page.body)?.[1] ?? '';

    const answer = await command({
      host: 'localhost:8420',
      origin: 'http://localhost:8420',
      'sec-fetch-site': 'same-origin',
      'x-csrf-token': csrf,
    });

    expect(answer.statusCode).toBe(200);
    expect(parts.asked[0]?.caller.via).toBe('console');
  });

  it.each([
    'evil.example',
    'evil.example:8420',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
  ])('tells nothing to a page that calls it %s', async (foreign) => {
    await openTo('loopback');

    const answer = await app.inject({ url: '/api/v1/status', headers: { host: foreign } });

    expect(answer.statusCode).toBe(421);
    expect(answer.json()).toMatchObject({ code: 'wrong-host' });
  });

  it.each(['localhost:8420', '127.0.0.1:8420', '[::1]:8420', 'LOCALHOST'])(
    'answers to its own name %s',
    async (own) => {
      await openTo('loopback');

      const answer = await app.inject({ url: '/api/v1/status', headers: { host: own } });

      expect(answer.statusCode).toBe(200);
    },
  );
});
