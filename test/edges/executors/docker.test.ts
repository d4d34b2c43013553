import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createDockerExecutor } from '../../../src/edges/executors/docker.ts';
import type { DockerSettings } from '../../../src/model/container-settings.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { Order, OrderKind } from '../../../src/model/order.ts';
import { outputCharsMax } from '../../../src/model/recovery.ts';
import { startDockerd } from '../../servers/dockerd.ts';

const zk2: Server = { id: 'zk2', client: { host: '127.0.0.1', port: 2181 }, role: 'voter' };
const env = { SLACK_BOT_TOKEN: 'xoxb-hush-hush', DOCKER_HOST: 'tcp://127.0.0.1:1' };

function run(settings: DockerSettings, order: Order, signal = new AbortController().signal) {
  return createDockerExecutor(env).run(settings, 'orders', zk2, order, signal);
}

function overSocket(path: string, change: Partial<DockerSettings> = {}): DockerSettings {
  return {
    kind: 'docker',
    container: 'zk-{server}',
    engine: { kind: 'socket', path },
    connectTimeoutMs: 20_000,
    timeoutMs: 60_000,
    ...change,
  };
}

const real = await startDockerd();
const skipped = 'why' in real ? ` (skipped: ${real.why})` : '';

afterAll(async () => {
  if ('close' in real) await real.close();
}, 60_000);

describe.skipIf('why' in real)(`a container of a real engine${skipped}`, () => {
  if ('why' in real) return;
  const { socket, container, docker, certificates } = real;
  const settings = overSocket(socket);
  const state = (what: string): string =>
    docker('inspect', '-f', `{{.State.${what}}}`, container).trim();
  const tls = (change: Partial<Extract<DockerSettings['engine'], { kind: 'tls' }>> = {}) =>
    overSocket('', {
      engine: {
        kind: 'tls',
        host: '{host}',
        port: real.port,
        caFile: certificates.caFile,
        certFile: certificates.clientCertFile,
        keyFile: certificates.clientKeyFile,
        ...change,
      },
    });

  it('is restarted', async () => {
    const before = state('StartedAt');

    const done = await run(settings, { kind: 'restart' });

    expect(done.kind).toBe('done');
    expect(state('StartedAt')).not.toBe(before);
    expect(state('Running')).toBe('true');
  });

  it('is stopped and started, and doing it twice changes nothing', async () => {
    const kinds: string[] = [];
    for (const kind of ['stop', 'stop', 'start', 'start'] as const) {
      kinds.push((await run(settings, { kind })).kind);
      kinds.push(state('Running'));
    }

    expect(kinds).toEqual(['done', 'false', 'done', 'false', 'done', 'true', 'done', 'true']);
  });

  it('runs a program inside, without a shell, with what it reads', async () => {
    const order: Order = {
      kind: 'exec',
      argv: ['sh', '-c', 'echo "$1"; cat', '--', '{server} $(id); ls'],
      stdin: 'four letters',
    };

    expect(await run(settings, order)).toMatchObject({
      kind: 'done',
      exitCode: 0,
      output: 'zk2 $(id); ls\nfour letters',
    });
  });

  it.each<[string, readonly string[], object]>([
    ['fails', ['sh', '-c', 'echo no >&2; exit 3'], { kind: 'failed', exitCode: 3, output: 'no\n' }],
    ['is not there', ['no-such-program'], { kind: 'failed', why: 'no-program' }],
    ['prints a secret', ['echo', 'xoxb-hush-hush'], { kind: 'done', output: '[hidden]\n' }],
  ])('says of a program that %s', async (_, argv, expected) => {
    expect(await run(settings, { kind: 'exec', argv })).toMatchObject(expected);
  });

  it('keeps only the end of what a program prints without end', async () => {
    const argv = ['sh', '-c', 'yes nightkeeper | head -c 20000000; echo; echo END'];

    const done = await run(settings, { kind: 'exec', argv });

    expect(done.kind).toBe('done');
    expect(done.output.length).toBeLessThanOrEqual(outputCharsMax);
    expect(done.output.endsWith('END\n')).toBe(true);
  });

  it('leaves an unknown outcome where a program hangs', async () => {
    const hung = await run(settings, { kind: 'exec', argv: ['sleep', '30'], timeoutMs: 500 });

    expect(hung.kind).toBe('lost');
  });

  it('shows its last log lines', async () => {
    const done = await run(settings, { kind: 'log', lines: 3, outputMax: 1000 });

    expect(done).toMatchObject({ kind: 'done', output: '98\n99\n100\n' });
  });

  it('that does not run, or is not there, is told apart from a failed command', async () => {
    await run(settings, { kind: 'stop' });
    const stopped = await run(settings, { kind: 'exec', argv: ['echo'] });
    await run(settings, { kind: 'start' });
    const none = await run({ ...settings, container: 'zk-{port}' }, { kind: 'restart' });

    expect(stopped).toMatchObject({ kind: 'unavailable', why: 'container-stopped' });
    expect(none).toMatchObject({
      kind: 'unavailable',
      why: 'no-container',
      output: 'No such container: zk-2181',
    });
  });

  it('is reached over TLS, when each side trusts the other', async () => {
    const order: Order = { kind: 'exec', argv: ['cat'], stdin: 'over TLS' };

    expect(await run(tls(), order)).toMatchObject({ kind: 'done', output: 'over TLS' });
  });

  it.each([
    ['the engine is a stranger', { caFile: certificates.strangerCaFile }],
    [
      'the bot is a stranger',
      {
        certFile: certificates.strangerCaFile,
        keyFile: certificates.strangerCaFile.replace(/pem$/u, 'key'),
      },
    ],
    ['a file is missing', { keyFile: '/nowhere/key.pem' }],
  ])('is left alone when %s', async (_, change) => {
    const before = state('StartedAt');

    const refused = await run(tls(change), { kind: 'restart' });

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'engine-tls' });
    expect(state('StartedAt')).toBe(before);
  });
});

describe('an engine', () => {
  let server: HttpServer | undefined;
  let dir: string | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    if (dir !== undefined) rmSync(dir, { recursive: true });
    dir = undefined;
  });

  async function standIn(listener: RequestListener): Promise<string> {
    dir = mkdtempSync(join(tmpdir(), 'nightkeeper-engine-'));
    const path = join(dir, 'socket');
    const made = createServer(listener);
    server = made;
    await new Promise<void>((resolve) => made.listen(path, resolve));
    return path;
  }

  it('that is not there gets no command', async () => {
    expect(await run(overSocket('/nowhere/docker.sock'), { kind: 'restart' })).toMatchObject({
      kind: 'unavailable',
      why: 'no-engine',
      output: 'no Docker Engine at /nowhere/docker.sock: ENOENT',
    });
  });

  it('that is silent gets no command', async () => {
    const asked: string[] = [];
    const path = await standIn(({ url = '' }) => void asked.push(url));

    const refused = await run(overSocket(path, { connectTimeoutMs: 200 }), { kind: 'restart' });

    expect(refused).toMatchObject({ kind: 'unavailable', why: 'no-engine' });
    expect(refused.output).toContain('did not answer within 200 ms');
    expect(asked).toEqual(['/_ping']);
  });

  it('that does not let the bot in says so', async () => {
    const path = await standIn((_, answer) => {
      answer.writeHead(403, { 'content-type': 'application/json' });
      answer.end('{"message":"authorization denied by plugin"}');
    });

    expect(await run(overSocket(path), { kind: 'restart' })).toMatchObject({
      kind: 'unavailable',
      why: 'engine-forbidden',
      output: 'authorization denied by plugin',
    });
  });

  it('that refuses the restart itself has failed, in its own words', async () => {
    const path = await standIn(({ url }, answer) => {
      answer.writeHead(url === '/_ping' ? 200 : 500, { 'content-type': 'application/json' });
      answer.end('{"message":"Cannot restart container: device is busy"}');
    });

    expect(await run(overSocket(path), { kind: 'restart' })).toMatchObject({
      kind: 'failed',
      output: 'Cannot restart container: device is busy',
    });
  });

  it.each<[string, RequestListener, number]>([
    ['falls over', ({ socket }) => void socket.destroy(), 20_000],
    ['falls silent', () => undefined, 300],
  ])('that %s in the middle leaves an unknown outcome', async (_, then, timeoutMs) => {
    const path = await standIn((request, answer) => {
      if (request.url === '/_ping') answer.end('OK');
      else then(request, answer);
    });

    expect((await run(overSocket(path, { timeoutMs }), { kind: 'restart' })).kind).toBe('lost');
  });

  it('never gets a path of its own making', async () => {
    const container = '../images/{server}';

    const refused = await run(overSocket('/nowhere', { container }), { kind: 'restart' });

    expect(refused).toMatchObject({
      kind: 'unavailable',
      output: '"../images/zk2" is no name of a container',
    });
  });

  it('can do everything, and is shown to the person who is asked', () => {
    const executor = createDockerExecutor(env);
    const kinds: readonly OrderKind[] = ['restart', 'stop', 'start', 'exec', 'log'];
    const overTls = overSocket('', {
      engine: { kind: 'tls', host: '{host}', port: 2376, caFile: '', certFile: '', keyFile: '' },
    });
    const texts = (
      [
        [overSocket('/var/run/docker.sock'), { kind: 'restart' }],
        [overTls, { kind: 'exec', argv: ['ls', 'a b'] }],
        [overTls, { kind: 'log', lines: 9, outputMax: 1 }],
      ] as const
    ).map(([settings, order]) => executor.describe(settings, 'orders', zk2, order));

    expect(kinds.filter((kind) => !executor.can(overTls, kind))).toEqual([]);
    expect(texts).toEqual([
      'docker restart zk-zk2',
      "docker -H tcp://127.0.0.1:2376 exec zk-zk2 ls 'a b'",
      'docker -H tcp://127.0.0.1:2376 logs --tail 9 zk-zk2',
    ]);
  });
});
