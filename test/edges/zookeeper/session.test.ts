import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSocketOpener } from '../../../src/edges/zookeeper/open-socket.ts';
import {
  openSession,
  type Session,
  type SessionEvent,
} from '../../../src/edges/zookeeper/session.ts';
import { readZnode } from '../../../src/edges/zookeeper/session-read.ts';
import type { Endpoint } from '../../../src/model/ensemble.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aLog, pass } from './listen.ts';
import { aFrame, aHandshake, aLooseServer, aReply, aStranger, type Stranger } from './stranger.ts';

const soon = { timeout: 25_000, interval: 5 };

let session: Session;
let events: SessionEvent[];
let log: ReturnType<typeof aLog>;
let strangers: Stranger[] = [];

function open(servers: readonly Endpoint[], handshakeTimeoutMs?: number): Session {
  events = [];
  log = aLog();
  session = openSession({
    servers,
    opener: createSocketOpener(),
    pingEveryMs: () => 100,
    ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
    onEvent: (event) => void events.push(event),
    log,
  });
  return session;
}

const kinds = () => events.map(({ kind }) => kind);

/** Why attempts failed or sessions ended, each once, in order. */
const reasons = () => [
  ...new Set(events.flatMap((event) => ('fault' in event ? [event.fault.reason] : []))),
];

async function meet(meeting: Parameters<typeof aStranger>[0]): Promise<Stranger> {
  const stranger = await aStranger(meeting);
  strangers.push(stranger);
  return stranger;
}

afterEach(async () => {
  await session.close();
  await Promise.all(strangers.map((stranger) => stranger.close()));
  strangers = [];
  if (log.lines.length > 0) throw new Error(`logged: ${log.lines.join(', ')}`);
});

describe('a session with a real ensemble', () => {
  let ensemble: ZooKeeperEnsemble;
  let endpoints: readonly Endpoint[];
  beforeAll(async () => {
    ensemble = await startEnsemble({
      servers: 3,
      jvmFlags: ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
    });
    endpoints = ensemble.servers.map(({ host, clientPort }) => ({ host, port: clientPort }));
  });
  afterAll(() => ensemble.close());
  afterEach(async () => {
    for (const server of ensemble.servers) {
      await server.kill('SIGCONT');
      if (!server.running()) server.start();
    }
    await ensemble.ready();
  });

  it('writes, reads, lists and removes', async () => {
    await open(endpoints).stands(5000);

    const path = await session.create('/a', Buffer.from('one'), 1000);
    await session.setData('/a', Buffer.from('two'), 1000);
    const data = await session.getData('/a', 1000);
    const children = await session.getChildren('/', 1000);
    const wasThere = await session.exists('/a', 1000);
    await session.remove('/a', 1000);
    const isThere = await session.exists('/a', 1000);

    expect(path).toBe('/a');
    expect(data.toString()).toBe('two');
    expect([...children].sort()).toEqual(['a', 'zookeeper']);
    expect([wasThere, isThere]).toEqual([true, false]);
  });

  it('names what the server refuses', async () => {
    await open(endpoints).stands(5000);

    const reading = session.getData('/nowhere', 1000);

    await expect(reading).rejects.toMatchObject({ code: 'zookeeper-refused', reply: 'NONODE' });
  });

  it('reads the members of the ensemble over a session of its own, past a server that is gone', async () => {
    open(endpoints);
    const gone = { host: '127.0.0.1', port: 1 };

    const config = await readZnode([gone, ...endpoints], '/zookeeper/config', { timeoutMs: 3000 });

    expect(config.toString().match(/^server\.\d=/gm)).toHaveLength(3);
  });

  it('writes no warning into the log of a server, however often it comes and goes', async () => {
    const [first] = ensemble.servers;
    const logFile = join(first!.dir, 'log');
    open(endpoints);
    const before = readFileSync(logFile, 'utf8');

    for (let time = 0; time < 5; time += 1) {
      await readZnode(endpoints.slice(0, 1), '/zookeeper/config', { timeoutMs: 3000 });
    }

    expect(readFileSync(logFile, 'utf8').slice(before.length)).toBe('');
  });

  it('goes to the next server when its own is killed, and rejects what was under way', async () => {
    await open(endpoints).stands(5000);
    const own = ensemble.servers.find(({ clientPort }) => clientPort === session.server()?.port);
    await own!.kill('SIGSTOP');
    await expect.poll(kinds, soon).toContain('silent');
    const reading = session.getData('/', 5000);
    const rejected = reading.catch((error: unknown) => error);

    await own!.kill('SIGKILL');
    const error = await rejected;
    await expect.poll(() => session.server()?.port, soon).not.toBe(own!.clientPort);
    await session.stands(5000);

    expect(error).toMatchObject({ code: 'zookeeper-disconnected' });
    expect((await session.getChildren('/', 1000)).length).toBeGreaterThan(0);
  });

  it('notices a stopped server, gives it up, and closes within the deadline', async () => {
    const [first] = ensemble.servers;
    await open(endpoints.slice(0, 1)).stands(5000);

    await first!.kill('SIGSTOP');
    await expect.poll(kinds, soon).toEqual(['connected', 'silent']);
    const reading = session.getData('/', 300);
    await expect(reading).rejects.toMatchObject({ code: 'zookeeper-timeout' });
    await expect.poll(reasons, soon).toContain('timeout');
    await first!.kill('SIGCONT');
    await expect.poll(() => session.server(), soon).toBeDefined();

    expect(kinds().filter((kind) => kind === 'silent')).toHaveLength(1);
  });

  it('ends within a second or so when the server is stopped', async () => {
    const [first] = ensemble.servers;
    await open(endpoints.slice(0, 1)).stands(5000);
    await first!.kill('SIGSTOP');

    const startedMs = performance.now();
    await session.close();

    expect(performance.now() - startedMs).toBeLessThan(1500);
  });

  it('finds sessions again in an ensemble that was emptied and counts from zero', async () => {
    await open(endpoints).stands(5000);
    for (let write = 0; write < 50; write += 1) {
      await session.setData('/', Buffer.from(String(write)), 1000);
    }

    await Promise.all(ensemble.servers.map((server) => server.kill('SIGKILL')));
    for (const { dir } of ensemble.servers) {
      rmSync(join(dir, 'data', 'version-2'), { recursive: true });
    }
    for (const server of ensemble.servers) server.start();
    const size = async () => (await session.getData('/', 1000)).length;

    await expect.poll(size, soon).toBe(0);
  });
});

describe('a session with a stranger', () => {
  it.each([
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['sends a frame of no length', Buffer.alloc(4)],
    ['sends a frame of negative length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2])],
    ['sends a handshake that cannot be read', aFrame(Buffer.alloc(37, 0x7f))],
  ])('calls it garbled when it %s', async (_what, bytes) => {
    const stranger = await meet((socket) => void socket.write(bytes));

    open([stranger]);
    await expect.poll(kinds, soon).toContain('attempt-failed');

    expect(reasons()).toEqual(['garbled']);
    expect(stranger.taken()).toBe(1);
    await expect.poll(() => stranger.open(), soon).toBe(0);
  });

  it('does not take a connection for a session', async () => {
    const stranger = await meet(() => undefined);

    open([stranger], 200);
    await expect.poll(() => stranger.taken(), soon).toBe(3);

    expect(kinds()).toEqual(['attempt-failed', 'attempt-failed']);
    expect(reasons()).toEqual(['timeout']);
  });

  it('gives up a handshake that trickles', async () => {
    const stranger = await meet((socket) => {
      const handshake = aHandshake();
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < handshake.length - 1) socket.write(handshake.subarray(sent, (sent += 1)));
      }, 50);
      socket.on('close', () => clearInterval(timer));
    });

    open([stranger], 300);
    await expect.poll(reasons, soon).toEqual(['timeout']);
  });

  it('tries a server that closes the handshake a few times a second, not more', async () => {
    const stranger = await meet((socket) => void socket.once('data', () => socket.end()));

    open([stranger]);
    await pass(1500);

    expect(reasons()).toEqual(['reset']);
    expect(stranger.taken()).toBeGreaterThan(4);
    expect(stranger.taken()).toBeLessThan(11);
  });

  it('does not ask in a loop where every session is ended at once', async () => {
    const stranger = await meet(
      (socket) => void socket.once('data', () => socket.end(aHandshake())),
    );

    open([stranger]);
    await pass(1500);

    expect(stranger.taken()).toBeGreaterThan(4);
    expect(stranger.taken()).toBeLessThan(11);
  });

  it('starts afresh after a connection that was cut in the middle of an answer', async () => {
    const stranger = await meet(
      aLooseServer((xid, socket) => socket.end(aReply(xid, 0).subarray(0, 9))),
    );
    await open([stranger]).stands(2000);

    await expect(session.getData('/', 1000)).rejects.toMatchObject({
      code: 'zookeeper-disconnected',
    });
    await expect.poll(() => session.server(), soon).toBeUndefined();
    const standsAgain = await session.stands(2000);

    expect(standsAgain).toBe(true);
  });

  it.each([
    ['a quota', -125, 'QUOTAEXCEEDED'],
    ['a server too busy', -127, 'THROTTLEDOP'],
    ['a number of tomorrow', -4711, '-4711'],
  ])('survives an error the library does not know: %s', async (_what, error, reply) => {
    const stranger = await meet(aLooseServer((xid, socket) => socket.write(aReply(xid, error))));
    await open([stranger]).stands(2000);

    const reading = session.getData('/', 1000);

    await expect(reading).rejects.toMatchObject({ code: 'zookeeper-refused', reply });
    expect(session.server()).toBeDefined();
  });

  it.each([
    ['out of order', (xid: number) => aReply(xid + 7, 0)],
    ['cut short', (xid: number) => aReply(xid, 0, Buffer.from([0, 0]))],
    ['without end', () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 0])],
    ['empty', () => aFrame(Buffer.alloc(0))],
  ])('gives up a connection whose answers are %s', async (_what, answer) => {
    const stranger = await meet(aLooseServer((xid, socket) => socket.write(answer(xid))));
    await open([stranger]).stands(2000);

    const reading = session.getData('/', 1000);

    await expect(reading).rejects.toMatchObject({ code: 'zookeeper-disconnected' });
    await expect.poll(kinds, soon).toContain('closed');
    expect(reasons()).toEqual(['garbled']);
  });

  it('refuses more requests than a server that answers none can hold', async () => {
    const stranger = await meet(aLooseServer(() => undefined));
    await open([stranger]).stands(2000);
    const waiting = Array.from({ length: 1000 }, () => session.getData('/', 200));

    const startedMs = performance.now();
    await expect(session.getData('/', 5000)).rejects.toMatchObject({ code: 'zookeeper-timeout' });
    const tookMs = performance.now() - startedMs;
    const outcomes = await Promise.allSettled(waiting);

    expect(tookMs).toBeLessThan(150);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1000);
  });

  it('leaves an answer that came too late, and goes on', async () => {
    const stranger = await meet(
      aLooseServer((xid, socket) => setTimeout(() => socket.write(aReply(xid, -101)), 300)),
    );
    await open([stranger]).stands(2000);

    await expect(session.getData('/', 100)).rejects.toMatchObject({ code: 'zookeeper-timeout' });
    const reading = session.getData('/', 1000);

    await expect(reading).rejects.toMatchObject({ reply: 'NONODE' });
    expect(kinds()).toEqual(['connected']);
  });
});

describe('a session without a server', () => {
  it('tells a port that refuses, and rejects requests at once', async () => {
    open([{ host: '127.0.0.1', port: 1 }]);
    await expect.poll(kinds, soon).toContain('attempt-failed');

    const startedMs = performance.now();
    await expect(session.getData('/', 5000)).rejects.toMatchObject({
      code: 'zookeeper-disconnected',
    });

    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(reasons()).toEqual(['refused']);
  });

  it('tells a name that does not resolve', async () => {
    open([{ host: 'no-such-host.invalid', port: 2181 }]);

    await expect.poll(reasons, soon).toEqual(['unresolved']);
  });

  it('tells a port that is none', async () => {
    open([{ host: '127.0.0.1', port: 66_000 }]);

    await expect.poll(reasons, soon).toEqual(['unreachable']);
  });

  it('goes on to the servers behind one that hangs', async () => {
    const hanging = await meet(() => undefined);
    const healthy = await meet(aLooseServer(() => undefined));

    open([hanging, healthy], 200);
    await expect.poll(() => session.server(), soon).toBe(healthy);

    expect(kinds()).toEqual(['attempt-failed', 'connected']);
  });

  it('can be closed before it has begun, and says nothing more', async () => {
    const stranger = await meet(() => undefined);
    open([stranger]);
    const standing = session.stands(5000);

    const startedMs = performance.now();
    await session.close();

    expect(performance.now() - startedMs).toBeLessThan(200);
    expect(await standing).toBe(false);
    await expect.poll(() => stranger.open(), soon).toBe(0);
    expect(events).toEqual([]);
  });

  it('can be closed while it connects', async () => {
    const stranger = await meet(() => undefined);
    open([stranger]);
    await expect.poll(() => stranger.open(), soon).toBe(1);

    await session.close();

    await expect.poll(() => stranger.open(), soon).toBe(0);
    expect(stranger.taken()).toBe(1);
  });
});
