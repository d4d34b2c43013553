import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSocketOpener } from '../../../src/edges/zookeeper/open-socket.ts';
import { createSensors } from '../../../src/edges/zookeeper/sensors.ts';
import { openSession, type SessionEvent } from '../../../src/edges/zookeeper/session.ts';
import type { TlsSettings } from '../../../src/model/settings.ts';
import { type Certificates, makeCertificates } from '../../servers/certificates.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aListener, aLog, membersOf, realClock } from './listen.ts';

const soon = { timeout: 20_000, interval: 5 };

describe('a server that speaks TLS and wants a certificate', () => {
  let certificates: Certificates;
  let ensemble: ZooKeeperEnsemble;
  let tls: TlsSettings;
  beforeAll(async () => {
    certificates = makeCertificates();
    tls = {
      caFile: certificates.caFile,
      certFile: certificates.clientCertFile,
      keyFile: certificates.clientKeyFile,
    };
    ensemble = await startEnsemble({
      servers: 1,
      tls: { serverFile: certificates.serverFile, client: tls },
    });
  });
  afterAll(async () => {
    await ensemble.close();
    certificates.remove();
  });

  it.each([
    ['a session', true],
    ['a bare connection', false],
  ])('is held by %s, written to, and seen to go and come', async (_how, sessions) => {
    const settings = ensemble.settings({
      sensors: { sessions, canary: true, pingEveryMs: 250 },
    });
    const heard = aListener();
    const watch = createSensors({ clock: realClock, log: aLog() }).watch(
      settings,
      membersOf(settings),
      heard.hear,
    );
    await expect.poll(() => watch.held(), soon).toEqual(['zk1']);
    await expect.poll(() => watch.canary()?.kind, soon).toBe('written');

    await ensemble.servers[0]!.restart();
    await expect.poll(() => heard.kinds('zk1'), soon).toContain('serving');
    await watch.close();

    expect(heard.kinds('zk1')).toEqual(['broken', 'serving']);
  });

  it.each([
    ['our authority did not sign it', () => ({ ...tls, caFile: certificates.strangerCaFile })],
    ['its name is another', () => ({ ...tls, serverName: 'zk.elsewhere' })],
    ['our file is missing', () => ({ ...tls, caFile: '/nowhere/ca.pem' })],
  ])('is not trusted when %s', async (_why, settings) => {
    const [server] = ensemble.servers;
    const events: SessionEvent[] = [];
    const session = openSession({
      servers: [{ host: server!.host, port: server!.clientPort }],
      tls: settings(),
      opener: createSocketOpener(),
      pingEveryMs: () => 250,
      onEvent: (event) => void events.push(event),
      log: aLog(),
    });

    await expect.poll(() => events.length, soon).toBeGreaterThan(0);
    await session.close();

    expect(events[0]).toMatchObject({ kind: 'attempt-failed', fault: { reason: 'tls' } });
  });
});
