import { readFileSync } from 'node:fs';
import { createServer, type Server as TlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWord } from '../../../src/edges/zookeeper/four-letter-word.ts';
import { createProber } from '../../../src/edges/zookeeper/prober.ts';
import type { Server } from '../../../src/model/ensemble.ts';
import type { EnsembleSettings, TlsSettings } from '../../../src/model/settings.ts';
import { type Certificates, makeCertificates } from '../../servers/certificates.ts';
import { listenTcp } from '../../servers/tcp.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { createFakeClock } from '../../support/clock.ts';

const prober = createProber({ clock: createFakeClock() });

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => certificates.remove());

function clientFiles(): TlsSettings {
  const { caFile, clientCertFile, clientKeyFile } = certificates;
  return { caFile, certFile: clientCertFile, keyFile: clientKeyFile };
}

describe('a probe of a real ensemble that speaks TLS alone and wants a client certificate', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({
      tls: { serverFile: certificates.serverFile, client: clientFiles() },
    });
  });
  afterAll(() => ensemble.close());

  function probe(tls: TlsSettings | undefined, host = '127.0.0.1') {
    const settings = ensemble.settings();
    const server: Server = {
      ...settings.servers[0]!,
      client: { ...settings.servers[0]!.client, host },
    };
    const { tls: _, ...plain } = settings;
    const asked: EnsembleSettings = tls === undefined ? plain : { ...plain, tls };
    return prober.probe(asked, server, 3000);
  }

  it('reads mode, numbers and zxid', async () => {
    const sample = await probe(clientFiles());

    expect(sample).toMatchObject({ kind: 'reading', source: 'mntr', version: '3.8.0' });
    expect(sample).toHaveProperty('zxid', expect.stringMatching(/^0x/));
  });

  it('checks the name in the certificate, and takes another one that is configured', async () => {
    const named = await probe({ ...clientFiles(), serverName: 'zk.example' });
    const misnamed = await probe({ ...clientFiles(), serverName: 'other.example' });

    expect(named.kind).toBe('reading');
    expect(misnamed).toMatchObject({ kind: 'failure', reason: 'tls', connected: true });
  });

  it('does not trust an authority it was not told of', async () => {
    const sample = await probe({ ...clientFiles(), caFile: certificates.strangerCaFile });

    expect(sample).toMatchObject({ kind: 'failure', reason: 'tls', connected: true });
  });

  it('says so when the server does not accept it without a certificate', async () => {
    const sample = await probe({ caFile: certificates.caFile });

    expect(sample).toMatchObject({ kind: 'failure', reason: 'tls', connected: true });
  });

  it('says which file is missing, without its content', async () => {
    const sample = await probe({ ...clientFiles(), keyFile: '/nowhere/client.key' });

    expect(sample).toMatchObject({ kind: 'failure', reason: 'tls', connected: false });
    expect(sample).toHaveProperty('detail', expect.stringContaining('/nowhere/client.key'));
  });

  it('says reset, not hung, when it speaks plain to the TLS port', async () => {
    const sample = await probe(undefined);

    expect(sample).toMatchObject({ kind: 'failure', reason: 'reset', connected: true });
  });
});

describe('TLS to a port that speaks plain', () => {
  it('is a failure of TLS, at once', async () => {
    const ensemble = await startEnsemble({ servers: 1 });
    try {
      const settings = ensemble.settings({ tls: clientFiles() });

      const sample = await prober.probe(settings, settings.servers[0]!, 3000);

      expect(sample).toMatchObject({ kind: 'failure', reason: 'tls', connected: true });
      expect(sample.tookMs).toBeLessThan(2000);
    } finally {
      await ensemble.close();
    }
  });

  it('is a timeout when the port never answers', async () => {
    const silent = await listenTcp((socket) => socket.resume());
    try {
      const answer = await askWord({
        endpoint: { host: '127.0.0.1', port: silent.port },
        word: 'srvr',
        timeoutMs: 200,
        tls: clientFiles(),
      });

      expect(answer).toMatchObject({ kind: 'failure', reason: 'timeout', connected: true });
    } finally {
      await silent.close();
    }
  });
});

describe('TLS sessions', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('are resumed over %s', async (version) => {
    const resumed: boolean[] = [];
    const server: TlsServer = createServer(
      {
        cert: readFileSync(certificates.serverFile),
        key: readFileSync(certificates.serverFile),
        minVersion: version,
        maxVersion: version,
      },
      (socket) => {
        resumed.push(socket.isSessionReused());
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end('zk_version\t3.8.0\n'));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const endpoint = { host: '127.0.0.1', port };
      const tls = { caFile: certificates.caFile };
      for (let turn = 0; turn < 3; turn += 1)
        await askWord({ endpoint, word: 'mntr', timeoutMs: 2000, tls });

      expect(resumed).toEqual([false, true, true]);
    } finally {
      server.close();
    }
  });
});
