import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calendarBytesMax } from '../../../src/edges/ical/fetch-calendar.ts';
import { readCalendar } from '../../../src/edges/ical/read-calendar.ts';
import type { CalendarSource } from '../../../src/model/on-call.ts';
import { aCalendar, anEntry } from './calendars.ts';

const text = aCalendar(
  anEntry('DTSTART:20261102T090000Z', 'DTEND:20261109T090000Z', 'SUMMARY:Ann'),
);
const span = {
  fromMs: Date.UTC(2026, 10, 1),
  untilMs: Date.UTC(2026, 11, 1),
  zone: 'UTC',
};

describe('a calendar', () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;
  let asked: Record<string, unknown> = {};

  // Each test has a server of its own: connections of one are nothing to the next.
  beforeEach(async () => {
    server = createServer((request, response) => {
      asked = { ...request.headers };
      answer(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key/oncall.ics`;
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const get = (
    options: { readonly etag?: string; readonly source?: CalendarSource; timeoutMs?: number } = {},
  ) =>
    readCalendar(
      {
        source: options.source ?? { kind: 'url', url },
        refreshMs: 900_000,
        timeoutMs: options.timeoutMs ?? 5_000,
      },
      { ...span, ...(options.etag === undefined ? {} : { etag: options.etag }) },
    );
  const failure = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });

  it('is read from its address, with its tag', async () => {
    answer = (response) => response.setHeader('etag', '"v1"').end(text);

    const reading = await get();

    expect(reading).toMatchObject({
      kind: 'read',
      etag: '"v1"',
      shifts: [{ summary: 'Ann', fromMs: Date.UTC(2026, 10, 2, 9) }],
    });
  });

  it('is not sent again while it is the same', async () => {
    answer = (response) => response.writeHead(304).end();

    expect(await get({ etag: '"v1"' })).toEqual({ kind: 'unchanged' });
    expect(asked['if-none-match']).toBe('"v1"');
  });

  it('may come packed', async () => {
    answer = (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(text));

    expect(await get()).toMatchObject({ kind: 'read', shifts: [{ summary: 'Ann' }] });
  });

  it.each([404, 500, 304])('that answers %i is not available', async (status) => {
    answer = (response) => response.writeHead(status).end();

    await expect(get()).rejects.toEqual(
      failure('calendar-unavailable', new RegExp(`HTTP ${status}`, 'u')),
    );
  });

  it('that is a page is not readable', async () => {
    answer = (response) => response.end('<html>sign in</html>');

    await expect(get()).rejects.toEqual(failure('calendar-unreadable', /not an iCalendar/u));
  });

  it('of 50 MB is not read to the end', async () => {
    let sent = 0;
    answer = (response) => {
      const chunk = Buffer.alloc(1_000_000, 'x');
      const more = (): void => {
        while (sent < 50_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };

    await expect(get()).rejects.toEqual(
      failure('calendar-unavailable', new RegExp(`longer than ${calendarBytesMax}`, 'u')),
    );
    expect(sent).toBeLessThan(40_000_000);
  });

  it('of 50 MB that comes packed is not unpacked to the end', async () => {
    answer = (response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000, 'x')));

    await expect(get()).rejects.toEqual(failure('calendar-unavailable', /longer than/u));
  });

  it.each([
    ['never answers', () => undefined],
    ['stops in the middle', (response: ServerResponse) => void response.write('BEGIN:VCAL')],
  ])('that %s is given up in time', async (_, behave) => {
    answer = behave;

    await expect(get({ timeoutMs: 200 })).rejects.toEqual(
      failure('calendar-unavailable', /no whole answer within 200 ms/u),
    );
  });

  it('whose server is gone is not available, and its address stays unsaid', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    other.close();
    await once(other, 'close');
    const gone = { kind: 'url', url: `http://127.0.0.1:${port}/secret-key` } as const;

    const error: unknown = await get({ source: gone }).catch((caught: unknown) => caught);

    expect(error).toEqual(failure('calendar-unavailable', /could not be read: ECONNREFUSED/u));
    expect(
      `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`,
    ).not.toContain('secret-key');
  });

  it('may be a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nightkeeper-ical-'));
    try {
      const path = join(folder, 'oncall.ics');
      await writeFile(path, text);

      expect(await get({ source: { kind: 'file', path } })).toMatchObject({
        kind: 'read',
        shifts: [{ summary: 'Ann' }],
      });

      await writeFile(path, Buffer.alloc(calendarBytesMax + 1, 'x'));
      await expect(get({ source: { kind: 'file', path } })).rejects.toEqual(
        failure('calendar-unavailable', /longer than/u),
      );
      await expect(get({ source: { kind: 'file', path: join(folder, 'no.ics') } })).rejects.toEqual(
        failure('calendar-unavailable', /ENOENT/u),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
