import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerBytesMax,
  askWord,
  newlineAfterMs,
  probeSlots,
  probeSocketsMax,
} from '../../../src/edges/zookeeper/four-letter-word.ts';
import { listenTcp, type TcpServer } from '../../servers/tcp.ts';
import { until } from '../../support/until.ts';

let server: TcpServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(onConnection: (socket: Socket) => void, timeoutMs = 1000) {
  server = await listenTcp(onConnection);
  return askWord({ endpoint: { host: '127.0.0.1', port: server.port }, word: 'mntr', timeoutMs });
}

/** Answers once the word has come, and closes. */
function answering(answer: string | Buffer): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.end(answer));
}

/** Never answers; reads, for a socket that is not read never learns that it was closed. */
function silent(socket: Socket): void {
  socket.resume();
}

describe('askWord', () => {
  it('answers what the server said', async () => {
    const answer = await ask(answering('zk_version\t3.8.0\n'));

    expect(answer).toEqual({ kind: 'text', text: 'zk_version\t3.8.0\n' });
  });

  it('sends four bytes first, and the newline only to a server that stays silent', async () => {
    const seen: string[] = [];

    const answer = await ask((socket) => {
      socket.on('data', (part) => {
        seen.push(part.toString());
        if (part.toString() === '\n') socket.end();
      });
    });

    expect(seen).toEqual(['mntr', '\n']);
    expect(answer).toMatchObject({ kind: 'failure', reason: 'reset', connected: true });
  });

  it('gives up a server that takes the connection and never answers', async () => {
    const startedMs = performance.now();

    const answer = await ask(silent, newlineAfterMs * 2);

    expect(answer).toMatchObject({ kind: 'failure', reason: 'timeout', connected: true });
    expect(performance.now() - startedMs).toBeLessThan(newlineAfterMs * 2 + 500);
    await until('the socket is closed', () => server!.open() === 0);
  });

  it('gives up a server that stops in the middle of its answer', async () => {
    const answer = await ask((socket) => socket.once('data', () => socket.write('zk_ver')), 200);

    expect(answer).toMatchObject({ kind: 'failure', reason: 'timeout', connected: true });
  });

  it('stops reading an endless answer', async () => {
    let written = 0;

    const answer = await ask((socket) => {
      const more = () => {
        if (socket.destroyed) return;
        written += 65_533;
        socket.write('zk_endless\t1\n'.repeat(5041), () => setImmediate(more));
      };
      socket.once('data', more);
    }, 5000);

    expect(answer).toMatchObject({ kind: 'failure', reason: 'garbled', connected: true });
    expect(answer).toHaveProperty('detail', expect.stringContaining(String(answerBytesMax)));
    expect(written).toBeLessThan(answerBytesMax * 20);
    await until('the socket is closed', () => server!.open() === 0);
  });

  it('tells a reset', async () => {
    const answer = await ask((socket) => socket.once('data', () => socket.resetAndDestroy()));

    expect(answer).toMatchObject({ kind: 'failure', reason: 'reset', connected: true });
  });

  it('tells a connection that is closed at once', async () => {
    const answer = await ask((socket) => socket.destroy());

    expect(answer).toMatchObject({ kind: 'failure', reason: 'reset' });
  });

  it('tells a refused connection at once', async () => {
    const gone = await listenTcp(() => undefined);
    await gone.close();
    const startedMs = performance.now();

    const answer = await askWord({
      endpoint: { host: '127.0.0.1', port: gone.port },
      word: 'mntr',
      timeoutMs: 1000,
    });

    expect(answer).toEqual({
      kind: 'failure',
      reason: 'refused',
      connected: false,
      detail: `ECONNREFUSED 127.0.0.1:${gone.port}`,
    });
    expect(performance.now() - startedMs).toBeLessThan(200);
  });

  it('tells a name that does not resolve', async () => {
    const endpoint = { host: 'zookeeper.invalid', port: 2181 };

    const answer = await askWord({ endpoint, word: 'mntr', timeoutMs: 5000 });

    expect(answer).toMatchObject({ kind: 'failure', reason: 'unresolved', connected: false });
  });

  it('tells a network without a route', async () => {
    // A multicast address takes no connection: the kernel says so without a packet.
    const endpoint = { host: '224.0.0.1', port: 2181 };

    const answer = await askWord({ endpoint, word: 'mntr', timeoutMs: 2000 });

    expect(answer).toMatchObject({ kind: 'failure', reason: 'unreachable', connected: false });
  });

  it.each([
    ['mntr is not executed because it is not in the whitelist.\n', 'not-allowed'],
    ['This ZooKeeper instance is not currently serving requests\n', 'not-serving'],
  ])('tells "%s" as %s', async (text, reason) => {
    const answer = await ask(answering(text));

    expect(answer).toEqual({ kind: 'failure', reason, connected: true, detail: text.trim() });
  });

  it('hands on bytes of another protocol as text', async () => {
    const answer = await ask(answering(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x28, 0xff, 0])));

    expect(answer.kind).toBe('text');
  });

  it('lets go of a question when it is called off', async () => {
    server = await listenTcp(silent);
    const calledOff = new AbortController();
    const answer = askWord({
      endpoint: { host: '127.0.0.1', port: server.port },
      word: 'mntr',
      timeoutMs: 60_000,
      signal: calledOff.signal,
    });
    await until('the server has the connection', () => server!.open() === 1);

    calledOff.abort();

    expect(await answer).toMatchObject({ kind: 'failure', reason: 'timeout' });
    await until('the socket is closed', () => server!.open() === 0);
  });

  it('speaks plain to a TLS port without hanging', async () => {
    // ZooKeeper's Netty port waits for the fifth byte of a TLS record and closes on what is none.
    let bytes = 0;

    const answer = await ask((socket) => {
      socket.on('data', (part) => {
        bytes += part.length;
        if (bytes >= 5) socket.end();
      });
    });

    expect(answer).toMatchObject({ kind: 'failure', reason: 'reset', connected: true });
  });

  it('does not blame a server for the time in which this process was held up', async () => {
    const answer = ask((socket) => {
      socket.once('data', () => setTimeout(() => socket.end('zk_version\t3.8.0\n'), 50));
    }, 100);
    await until('the server has the connection', () => server?.taken() === 1);

    const endMs = performance.now() + 400;
    while (performance.now() < endMs);

    expect((await answer).kind).toBe('text');
  });

  it('takes a port that no port can be as unreachable', async () => {
    const endpoint = { host: '127.0.0.1', port: 70_000 };

    const answer = await askWord({ endpoint, word: 'mntr', timeoutMs: 1000 });

    expect(answer).toMatchObject({ kind: 'failure', reason: 'unreachable', connected: false });
  });

  it('keeps at most so many sockets open, and asks all in the end', async () => {
    let most = 0;
    server = await listenTcp((socket) => {
      most = Math.max(most, server!.open());
      answering('zk_version\t3.8.0\n')(socket);
    });
    const endpoint = { host: '127.0.0.1', port: server.port };

    const answers = await Promise.all(
      Array.from({ length: probeSocketsMax * 4 }, () =>
        askWord({ endpoint, word: 'mntr', timeoutMs: 5000 }),
      ),
    );

    expect(answers.every(({ kind }) => kind === 'text')).toBe(true);
    expect(probeSlots.busy()).toBe(0);
    // A socket that was closed here may be open for a moment more over there.
    expect(most).toBeLessThanOrEqual(probeSocketsMax * 2);
    expect(server.taken()).toBe(probeSocketsMax * 4);
  });
});
