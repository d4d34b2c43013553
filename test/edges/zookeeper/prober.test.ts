import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber } from '../../../src/edges/zookeeper/prober.ts';
import type { Endpoint, Server } from '../../../src/model/ensemble.ts';
import type { Reading, Sample } from '../../../src/model/sample.ts';
import { listenTcp, type TcpServer } from '../../servers/tcp.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { anEnsembleSettings } from '../../support/builders.ts';
import { createFakeClock, fakeStartMs } from '../../support/clock.ts';
import { until } from '../../support/until.ts';

const prober = createProber({ clock: createFakeClock() });

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');

/** Plain TCP; the probe takes its server as an argument. */
const anEnsemble = anEnsembleSettings();

function reading(sample: Sample): Reading {
  if (sample.kind !== 'reading') throw new Error(`${sample.reason}: ${sample.detail}`);
  return sample;
}

describe('a probe of three servers', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ tickTimeMs: 500 });
  });
  afterAll(() => ensemble.close());

  function probeAll(timeoutMs = 1000): Promise<readonly Sample[]> {
    const settings = ensemble.settings();
    return Promise.all(settings.servers.map((it) => prober.probe(settings, it, timeoutMs)));
  }

  it('reads mode, numbers, zxid and version of each', async () => {
    const samples = (await probeAll()).map(reading);

    expect(samples.map(({ server }) => server)).toEqual(['zk1', 'zk2', 'zk3']);
    expect(samples.map(({ mode }) => mode).sort()).toEqual(['follower', 'follower', 'leader']);
    const leader = samples.find(({ mode }) => mode === 'leader')!;
    expect(leader.metrics['synced_followers']).toBe(2);
    expect(leader.peerState).toBe('leading - broadcast');
    for (const sample of samples) {
      expect(sample).toMatchObject({ source: 'mntr', version: '3.8.0', atMs: fakeStartMs });
      expect(sample.zxid).toMatch(/^0x[0-9a-f]+$/);
      expect(sample.metrics['outstanding_requests']).toBe(0);
      expect(Object.keys(sample.metrics).length).toBeGreaterThan(300);
      expect(sample).not.toHaveProperty('refusedWords');
    }
  });

  it('costs one timeout when a server is stopped, and says that it stood connected', async () => {
    const server = ensemble.servers[0]!;
    await server.kill('SIGSTOP');
    try {
      const startedMs = performance.now();

      const [stopped, ...others] = await probeAll(600);

      expect(stopped).toMatchObject({ kind: 'failure', reason: 'timeout', connected: true });
      expect(performance.now() - startedMs).toBeLessThan(1100);
      expect(others.every(({ kind }) => kind === 'reading')).toBe(true);
    } finally {
      await server.kill('SIGCONT');
    }
  });

  it('collects the raw answers as evidence', async () => {
    const settings = ensemble.settings();

    const evidence = await prober.evidence(settings, settings.servers[0]!, 2000);

    expect(Object.keys(evidence)).toEqual(['mntr', 'srvr', 'cons', 'wchs', 'conf', 'envi']);
    expect(evidence['mntr']).toMatch(/^zk_version/);
    expect(evidence['conf']).toMatch(/tickTime=500/);
  });

  it('tells killed servers at once, and the one that is left as not serving', async () => {
    const [first, second, third] = ensemble.servers;
    await Promise.all([second!.kill('SIGKILL'), third!.kill('SIGKILL')]);

    const killed = (await probeAll())[1]!;

    expect(killed).toMatchObject({ kind: 'failure', reason: 'refused', connected: false });
    expect(killed.tookMs).toBeLessThan(100);
    await expect
      .poll(async () => (await probeAll())[0], { timeout: 10_000 })
      .toMatchObject({ kind: 'failure', reason: 'not-serving', connected: true });
    expect(first!.running()).toBe(true);
  });
});

describe('a probe of a server with the default whitelist', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 1, whitelist: 'srvr', admin: true });
  });
  afterAll(() => ensemble.close());

  it('reads the AdminServer, and the zxid of srvr', async () => {
    const settings = ensemble.settings();

    const sample = reading(await prober.probe(settings, settings.servers[0]!, 3000));

    expect(sample).toMatchObject({ source: 'admin', mode: 'standalone', refusedWords: ['mntr'] });
    expect(sample.version).toBe('3.8.0');
    expect(sample.zxid).toMatch(/^0x/);
    expect(sample.metrics['znode_count']).toBeGreaterThan(0);
    expect(Object.keys(sample.metrics).length).toBeGreaterThan(300);
  });

  it('is content with srvr where no AdminServer is known or answers', async () => {
    const settings = ensemble.settings();
    const { id, client, role } = settings.servers[0]!;

    const unknown = await prober.probe(settings, { id, client, role }, 1000);
    const dead = await prober.probe(settings, { id, client, role, admin: await nobody() }, 1000);

    for (const sample of [unknown, dead].map(reading)) {
      expect(sample).toMatchObject({ source: 'srvr', mode: 'standalone', refusedWords: ['mntr'] });
      expect(sample.metrics['num_alive_connections']).toBeGreaterThan(0);
    }
  });

  it('leaves refused words out of the evidence', async () => {
    const settings = ensemble.settings();

    const evidence = await prober.evidence(settings, settings.servers[0]!, 2000);

    expect(Object.keys(evidence)).toEqual(['srvr']);
  });
});

// ZooKeeper itself always allows `srvr`; a proxy in front or a patched build may not.
describe('a probe of a server that allows no word at all', () => {
  let server: TcpServer;
  beforeAll(async () => {
    server = await listenTcp((socket) =>
      socket.once('data', (word) =>
        socket.end(`${word.toString()} is not executed because it is not in the whitelist.\n`),
      ),
    );
  });
  afterAll(() => server.close());

  function at(admin?: Endpoint): Server {
    const client = { host: '127.0.0.1', port: server.port };
    return { id: 'zk1', client, role: 'voter', ...(admin === undefined ? {} : { admin }) };
  }

  it('is not allowed', async () => {
    const sample = await prober.probe(anEnsemble, at(), 1000);

    expect(sample).toMatchObject({
      kind: 'failure',
      reason: 'not-allowed',
      connected: true,
      refusedWords: ['mntr', 'srvr'],
    });
  });

  it('says what the AdminServer came to as well', async () => {
    const sample = await prober.probe(anEnsemble, at(await nobody()), 1000);

    expect(sample).toMatchObject({ kind: 'failure', reason: 'not-allowed' });
    expect(sample).toHaveProperty('detail', expect.stringMatching(/AdminServer: ECONNREFUSED/));
  });

  it.each([
    ['500', 'HTTP/1.1 500 Server Error\r\n\r\n<html>', 'not-serving'],
    ['404', 'HTTP/1.1 404 Not Found\r\n\r\n', 'not-allowed'],
    ['a web page', 'HTTP/1.1 200 OK\r\n\r\n<html>', 'not-allowed'],
    ['an error', 'HTTP/1.1 200 OK\r\n\r\n{"error":"Unknown command: monitor"}', 'not-allowed'],
    ['no HTTP', '\u0000\u0001\u0002', 'not-allowed'],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"server', 'not-allowed'],
  ])('reads %s of the AdminServer as it is meant', async (_what, answer, reason) => {
    const admin = await listenTcp((socket) => socket.once('data', () => socket.end(answer)));
    try {
      const where = { host: '127.0.0.1', port: admin.port };

      const sample = await prober.probe(anEnsemble, at(where), 1000);

      expect(sample).toMatchObject({ kind: 'failure', reason, refusedWords: ['mntr', 'srvr'] });
    } finally {
      await admin.close();
    }
  });

  it('reads an AdminServer without the zxid', async () => {
    const body = readFileSync(join(fixtures, '3.8.0/ensemble3-healthy/s3.admin-monitor.json'));
    const admin = await listenTcp((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.end(body);
      }),
    );
    try {
      const where = { host: '127.0.0.1', port: admin.port };

      const sample = reading(await prober.probe(anEnsemble, at(where), 1000));

      expect(sample).toMatchObject({ source: 'admin', mode: 'leader' });
      expect(sample.metrics['synced_followers']).toBe(2);
      expect(sample).not.toHaveProperty('zxid');
    } finally {
      await admin.close();
    }
  });
});

describe('a probe of something that is no ZooKeeper', () => {
  const srvr = readFileSync(join(fixtures, '3.8.0/ensemble3-healthy/s1.srvr.txt'), 'utf8');
  const mntr = readFileSync(join(fixtures, '3.8.0/ensemble3-healthy/s1.mntr.txt'), 'utf8');

  /** A stand-in that answers each word as told; `hang` never answers. */
  async function probeWith(words: Readonly<Record<string, string>>, timeoutMs = 300) {
    const server = await listenTcp((socket) => {
      socket.once('data', (word) => {
        const answer = words[word.toString()] ?? 'hang';
        if (answer !== 'hang') socket.end(answer);
      });
    });
    try {
      const client = { host: '127.0.0.1', port: server.port };
      const sample = await prober.probe(
        anEnsemble,
        { id: 'zk1', client, role: 'voter' },
        timeoutMs,
      );
      await until('every socket is closed', () => server.open() === 0);
      return sample;
    } finally {
      await server.close();
    }
  }

  it.each([
    ['bytes of another protocol', { mntr: '\u0000\u0001', srvr: '\u0000\u0001' }, 'garbled'],
    ['half of both answers', { mntr: mntr.slice(0, 900), srvr: srvr.slice(0, 90) }, 'garbled'],
    ['nothing at all', { mntr: '', srvr: '' }, 'reset'],
    ['silence', {}, 'timeout'],
    [
      'half an mntr without a quorum',
      {
        mntr: mntr.slice(0, 900),
        srvr: 'This ZooKeeper instance is not currently serving requests\n',
      },
      'not-serving',
    ],
  ])('reads %s as what it is', async (_what, words, reason) => {
    expect(await probeWith(words)).toMatchObject({ kind: 'failure', reason, connected: true });
  });

  it('falls back to srvr when mntr is cut in the middle or never comes', async () => {
    const cut = reading(await probeWith({ mntr: mntr.slice(0, 900), srvr }));
    const hung = reading(await probeWith({ srvr }));

    for (const sample of [cut, hung]) {
      expect(sample).toMatchObject({ source: 'srvr', mode: 'follower', version: '3.8.0' });
      expect(sample).not.toHaveProperty('refusedWords');
    }
  });

  it('reads mntr alone when srvr never comes', async () => {
    const sample = reading(await probeWith({ mntr }));

    expect(sample).toMatchObject({ source: 'mntr', mode: 'follower' });
    expect(sample).not.toHaveProperty('zxid');
  });
});

async function nobody(): Promise<{ readonly host: string; readonly port: number }> {
  const server = await listenTcp(() => undefined);
  await server.close();
  return { host: '127.0.0.1', port: server.port };
}
