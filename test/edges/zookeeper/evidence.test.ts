import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { collectEvidence, evidenceBytesMax } from '../../../src/edges/zookeeper/evidence.ts';
import { listenTcp, type TcpServer } from '../../servers/tcp.ts';
import { anEnsembleSettings } from '../../support/builders.ts';

let server: TcpServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function collect(answer: (word: string, socket: Socket) => void, timeoutMs = 1000) {
  server = await listenTcp((socket) =>
    socket.once('data', (word) => answer(word.toString().trim(), socket)),
  );
  const client = { host: '127.0.0.1', port: server.port };
  return collectEvidence(anEnsembleSettings(), { id: 'zk1', client, role: 'voter' }, timeoutMs);
}

describe('collectEvidence', () => {
  it('cuts a long answer and says how much is missing', async () => {
    const evidence = await collect((word, socket) =>
      socket.end(word === 'cons' ? 'x'.repeat(evidenceBytesMax + 1234) : `${word} says\n`),
    );

    expect(evidence['cons']).toHaveLength(evidenceBytesMax + '\n… 1234 bytes more'.length);
    expect(evidence['cons']).toMatch(/x\n… 1234 bytes more$/);
    expect(evidence['srvr']).toBe('srvr says\n');
  });

  it('leaves refused words out, and says of the others why they did not answer', async () => {
    const evidence = await collect((word, socket) => {
      if (word === 'srvr') socket.end('Zookeeper version: 3.8.0\n');
      else if (word === 'mntr') socket.end();
      else socket.end(`${word} is not executed because it is not in the whitelist.\n`);
    });

    expect(evidence).toEqual({
      srvr: 'Zookeeper version: 3.8.0\n',
      mntr: expect.stringMatching(/^no answer: reset, 127\.0\.0\.1:\d+ closed/) as string,
    });
  });

  it('costs one timeout when the server hangs', async () => {
    const startedMs = performance.now();

    const evidence = await collect(() => undefined, 300);

    expect(evidence['conf']).toMatch(/^no answer: timeout, conf: 0 bytes/);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});
