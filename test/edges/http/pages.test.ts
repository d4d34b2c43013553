import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { markdownHtml } from '../../../src/edges/http/runbooks.ts';
import { buildHttp } from '../../../src/edges/http/server.ts';
import { NightkeeperError } from '../../../src/model/errors.ts';
import { anIncident, aSettings, aStamp, aSymptom, nightMs } from '../../support/builders.ts';
import { aCard } from '../../support/cards.ts';
import { createFakeClock } from '../../support/clock.ts';
import { aConsole, pinIncident } from '../../support/console.ts';

let app: FastifyInstance;

afterEach(() => app.close());

async function open(given: Omit<Parameters<typeof aConsole>[0], 'clock'> = {}) {
  const parts = aConsole({ clock: createFakeClock(nightMs), ...given });
  ({ app } = await buildHttp(parts.options));
  return parts;
}

async function read(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await app.inject({ url, headers: { accept: 'text/html', ...headers } });
  return answer.body;
}

describe('every page', () => {
  it('lets nothing run, show or be asked but the console’s own files', async () => {
    await open();

    const { headers } = await app.inject('/');

    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';font-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'self'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  it('carries nothing inline', async () => {
    const { stores } = await open();
    await pinIncident(stores, anIncident(), aSettings());

    const pages = await Promise.all(['/', '/incidents/12', '/nowhere'].map((url) => read(url)));

    for (const page of pages)
      expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/u);
  });

  it('serves its files and nothing beside them', async () => {
    await open();

    const css = await app.inject('/assets/console.css');
    const source = await app.inject('/assets/../server.ts');
    const encoded = await app.inject('/assets/..%2fserver.ts');

    expect(css.headers['content-type']).toContain('text/css');
    expect([source.statusCode, encoded.statusCode]).toEqual([404, 404]);
  });
});

describe('the watch', () => {
  it('is friendly when all is quiet', async () => {
    await open();

    const page = await read('/');

    expect(page).toContain('All quiet');
    expect(page).toContain('not seen yet');
  });

  it('shows a card with what a person needs at 3 a.m.', async () => {
    const { stores } = await open();
    await stores.board.pin(aCard(), 'k1', nightMs);

    const page = await read('/');

    for (const text of [
      'orders: quorum lost — 1 of 3 voters serving',
      'No writes pass until one more voter serves.',
      'Bring back zk2 first.',
      'Acknowledge',
      'zk2 refused 10.0.0.2:2181',
      'https://runbooks.example/quorum-lost',
    ])
      expect(page).toContain(text);
  });

  it.each(['/', '/incidents/12'])('says on %s that a card came late, as text', async (url) => {
    const { stores } = await open();
    const notice = 'Shown 2 min late: the console could <not> be reached';
    await pinIncident(stores, anIncident(), aSettings());
    const pinned = await stores.board.get(12);
    await stores.board.pin({ ...pinned!.card, notice }, 'k2', nightMs);

    const page = await read(url);

    expect(page).toContain('Shown 2 min late: the console could &lt;not&gt; be reached');
  });

  it('shows what a fault says as text, never as markup', async () => {
    const { stores } = await open();
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    await stores.board.pin(
      aCard({
        title: attack,
        evidence: [attack],
        stateLine: attack,
        grid: [{ server: attack, role: 'voter', state: 'down', health: 'bad' }],
        runbookUrl: 'javascript:alert(1)',
        buttons: [
          {
            id: 'x',
            label: attack,
            style: 'plain',
            invocation: { command: 'ack', args: [attack], options: {} },
          },
        ],
      }),
      'k1',
      nightMs,
    );

    const page = await read('/');

    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<script>|<img|javascript:/u);
  });

  it('has no panel that breaks things unless it is given one', async () => {
    await open();

    expect(await read('/')).not.toContain('Break things');
  });

  it('breaks what the demo offers, and nothing else', async () => {
    const broken: string[] = [];
    await open({
      breakers: {
        list: () => [{ id: 'kill-zk2', label: 'kill -9 zk2' }],
        run: async (id) => {
          broken.push(id);
        },
      },
    });

    const page = await read('/');
    const done = await app.inject({ method: 'POST', url: '/api/v1/breakers/kill-zk2' });
    const unknown = await app.inject({ method: 'POST', url: '/api/v1/breakers/kill-zk9' });

    expect(page).toContain('kill -9 zk2');
    expect([done.statusCode, unknown.statusCode]).toEqual([200, 404]);
    expect(broken).toEqual(['kill-zk2']);
  });

  it('shows that the bot itself cannot see', async () => {
    const checks = [{ name: 'Redis', ok: false, detail: 'does not answer since 03:00' }];
    await open({ health: () => ({ alive: true, ready: false, checks }) });

    const page = await read('/');

    expect(page).toContain('Nightkeeper cannot see everything');
    expect(page).toContain('Redis: does not answer since 03:00');
  });

  it('says what may be lost later in its own words, and not that it cannot see', async () => {
    const detail = 'Redis keeps nothing across a restart. Set "appendonly yes".';
    const checks = [{ name: 'redis-append-only', ok: false, detail, risk: true as const }];
    await open({ health: () => ({ alive: true, ready: true, checks }) });

    const page = await read('/');

    expect(page).toContain('Something may be lost');
    expect(page).toContain('Redis keeps nothing across a restart.');
    expect(page).not.toContain('cannot see everything');
    expect(page).not.toContain('redis-append-only');
  });

  it('says that it is blind when its memory does not answer', async () => {
    const { options } = aConsole({ clock: createFakeClock(nightMs) });
    const list = () => Promise.reject(new NightkeeperError('redis-unavailable', 'timeout'));
    ({ app } = await buildHttp({ ...options, board: { ...options.board, list } }));

    const answer = await app.inject({ url: '/', headers: { accept: 'text/html' } });

    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('Nightkeeper is blind right now');
  });
});

describe('the page of an incident', () => {
  it('tells the whole story', async () => {
    const { stores } = await open();
    const incident = anIncident({ symptoms: [aSymptom()], severity: 'page' });
    await pinIncident(stores, incident, aSettings(), [
      { kind: 'paged', atMs: nightMs },
      { kind: 'acknowledged', atMs: nightMs, stamp: aStamp() },
      { kind: 'escalated', atMs: nightMs, stamp: aStamp(), step: 1, to: ['bo'] },
      {
        kind: 'recovery',
        atMs: nightMs,
        mark: {
          id: 'r-1',
          action: 'restart-server',
          server: 'zk2',
          state: 'running',
          by: 'ann',
          name: 'Ann',
          via: 'slack',
          reason: 'hung since 3 a.m.',
          atMs: nightMs,
        },
      },
    ]);
    await stores.board.note(12, { text: 'nobody came', mention: ['U0BO'] }, 'n1', nightMs);

    const page = await read('/incidents/12');

    for (const text of [
      'people called',
      'acknowledged by Ann via Slack',
      'escalated to Bo by Ann',
      'Restart of zk2 runs now, asked by Ann via Slack: hung since 3 a.m.',
      'ECONNREFUSED 10.0.0.2:2181',
      'nobody came',
      '@U0BO',
    ])
      expect(page).toContain(text);
  });

  it('says so when there is none', async () => {
    await open();

    const answer = await app.inject({ url: '/incidents/7', headers: { accept: 'text/html' } });

    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('Nothing here');
  });
});

describe('the language', () => {
  it.each([
    ['the browser’s', {}, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }, '一切平静'],
    ['the better of two', {}, { 'accept-language': 'zh;q=0.3, en-GB;q=0.8' }, 'All quiet'],
    ['the configuration’s for a stranger’s tongue', {}, { 'accept-language': 'fr' }, 'All quiet'],
    [
      'the one chosen in the header',
      {},
      { 'accept-language': 'en', cookie: 'nk_language=zh-CN' },
      '一切平静',
    ],
  ])('is %s', async (_, given, headers, expected) => {
    await open(given);

    expect(await read('/', headers)).toContain(expected);
  });

  it('is the person’s before the browser’s', async () => {
    const people = [{ ...aSettings().people[0]!, id: 'li', language: 'zh-CN' as const }];
    await open({ settings: aSettings({ people }), http: { localPerson: 'li' } });

    expect(await read('/', { 'accept-language': 'en' })).toContain('一切平静');
  });

  it('draws a card afresh that hangs in another one', async () => {
    const { stores } = await open();
    await pinIncident(stores, anIncident(), aSettings());

    const page = await read('/', { 'accept-language': 'zh-CN' });

    expect(page).toContain('<h3 class="card-title" lang="zh-CN">');
  });
});

describe('runbooks', () => {
  it('shows the page of a detector', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'runbooks-'));
    await writeFile(join(directory, 'quorum-lost.md'), '# Quorum lost\n\nStart *one* voter.\n');
    const { options } = aConsole({ clock: createFakeClock(nightMs) });
    ({ app } = await buildHttp({ ...options, runbooks: directory }));

    const page = await read('/runbooks/quorum-lost');
    await rm(directory, { recursive: true });

    expect(page).toContain('<h1>Quorum lost</h1>');
    expect(page).toContain('<em>one</em>');
  });

  it('shows it in the language of its reader, and in English where there is no other', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'runbooks-'));
    await mkdir(join(directory, 'zh-CN'));
    await writeFile(join(directory, 'quorum-lost.md'), '# Quorum lost\n');
    await writeFile(join(directory, 'electing.md'), '# Electing\n');
    await writeFile(join(directory, 'zh-CN', 'quorum-lost.md'), '# 法定人数不足\n');
    const { options } = aConsole({ clock: createFakeClock(nightMs) });
    ({ app } = await buildHttp({ ...options, runbooks: directory }));

    const both = await read('/runbooks/quorum-lost', { 'accept-language': 'zh-CN' });
    const one = await read('/runbooks/electing', { 'accept-language': 'zh-CN' });
    await rm(directory, { recursive: true });

    expect(both).toContain('<article class="panel prose" lang="zh-CN"><h1>法定人数不足</h1>');
    expect(one).toContain('<article class="panel prose" lang="en"><h1>Electing</h1>');
  });

  it.each(['unheard-of', '..%2F..%2Fpackage', '.%2e%2fREADME', 'QUORUM', 'a'.repeat(150)])(
    'has none called %s',
    async (name) => {
      await open();

      const answer = await app.inject({
        url: `/runbooks/${name}`,
        headers: { accept: 'text/html' },
      });

      expect(answer.statusCode).toBe(404);
    },
  );

  it('shows markup in a runbook as text and follows only safe links', async () => {
    await open();

    const { text } = markdownHtml(
      '<script>x</script>\n\na <b onclick="x">b</b> [run](javascript:x) [next](./member-down.md) [web](https://zookeeper.apache.org/) ![pic](https://x/y.png)',
    );

    expect(text).not.toMatch(/<script|<b |javascript:|<img/u);
    expect(text).toContain('<a href="/runbooks/member-down">next</a>');
    expect(text).toContain('<a href="https://zookeeper.apache.org/">web</a>');
  });
});
