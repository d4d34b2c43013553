import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchSnapshot } from '../../../src/edges/zookeeper/admin-snapshot.ts';

let folder: string;
let file: string;
let server: Server;

/** Answers as the AdminServers of 3.8.0 and 3.9.3 were recorded to. */
async function stand(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/commands/snapshot?streaming=true') {
      response.writeHead(404).end();
      return;
    }
    if (!/^digest \S+:\S+$/u.test(request.headers.authorization ?? '')) {
      response.writeHead(401).end();
      return;
    }
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const content = Buffer.concat([Buffer.from('ZKSN\0\0\0\u0002'), Buffer.alloc(812, 7)]);

function headers(bytes: number): Readonly<Record<string, string | number>> {
  return {
    last_zxid: '0x100000005',
    snapshot_size: bytes,
    'content-type': 'application/octet-stream',
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightkeeper-snapshot-'));
  file = join(folder, 'snapshot');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const options = { onBytes: () => undefined };

describe('a snapshot through the AdminServer', () => {
  it('is kept as it came, with its last transaction', async () => {
    const at = await stand((_, response) => response.writeHead(200, headers(820)).end(content));

    const answer = await fetchSnapshot(at, file, options);

    expect(answer).toMatchObject({ kind: 'kept', bytes: 820, zxid: '0x100000005' });
    expect(await readFile(file)).toEqual(content);
  });

  it('is asked for in the name that is configured', async () => {
    const at = await stand((request, response) => {
      const isRight = request.headers.authorization === 'digest super:secret';
      if (isRight) response.writeHead(200, headers(820)).end(content);
      else response.writeHead(403).end('denied');
    });

    expect(await fetchSnapshot(at, file, options)).toMatchObject({ why: 'login' });
    expect(
      await fetchSnapshot(at, file, { ...options, login: 'digest super:secret' }),
    ).toMatchObject({ kind: 'kept' });
  });

  it.each([
    [200, '{ "command": "snapshot", "error": "Unknown command: snapshot" }', 'too-old'],
    [503, '', 'off'],
    [429, '', 'too-often'],
    [500, 'NullPointerException', 'strange'],
  ])('that is answered with %i %s is refused as %s', async (status, text, why) => {
    const at = await stand((_, response) => response.writeHead(status).end(text));

    expect(await fetchSnapshot(at, file, options)).toMatchObject({ kind: 'refused', why });
    expect(existsSync(file)).toBe(false);
  });

  it('that is cut off, longer than announced, or none is not taken', async () => {
    let bytes = content;
    let announced = 820;
    const at = await stand((_, response) => {
      response.writeHead(200, headers(announced)).write(bytes, () => {
        if (announced > 820) response.destroy();
        else response.end();
      });
    });

    announced = 2000;
    expect(await fetchSnapshot(at, file, options)).toMatchObject({ why: 'cut' });
    announced = 100;
    expect(await fetchSnapshot(at, file, options)).toMatchObject({ why: 'cut' });
    announced = 820;
    bytes = Buffer.alloc(820, 'x');
    expect(await fetchSnapshot(at, file, options)).toMatchObject({ why: 'strange' });
    expect(existsSync(file)).toBe(false);
  });

  it('of a server that is away, or into a folder that is not there, says so', async () => {
    const at = await stand((_, response) => response.writeHead(200, headers(820)).end(content));

    expect(await fetchSnapshot({ ...at, port: 1 }, file, options)).toMatchObject({ why: 'away' });
    expect(await fetchSnapshot(at, join(folder, 'no', 'where'), options)).toMatchObject({
      why: 'disk',
    });
  });
});
