import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSurveyor } from '../../../src/edges/zookeeper/surveyor.ts';
import { readDoors, tlsDoors } from '../../../src/edges/zookeeper/tls-doors.ts';
import type { CertificateFacts, ConfFacts, SurveyFacts } from '../../../src/model/survey.ts';
import { tlsCertExpiry } from '../../../src/rules/detect/tls-cert-expiry.ts';
import { type Certificates, makeCertificates } from '../../servers/certificates.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { anEnsembleSettings, aServer, aView, nightMs } from '../../support/builders.ts';
import { realClock } from '../../support/real-clock.ts';
import { aHost } from '../../support/surveys.ts';

const dayMs = 86_400_000;

describe('a survey of servers that speak TLS to each other', () => {
  let certificates: Certificates;
  let ensemble: ZooKeeperEnsemble;

  beforeAll(async () => {
    certificates = makeCertificates();
    const { serverFile, caFile } = certificates;
    ensemble = await startEnsemble({
      servers: 3,
      admin: true,
      extraConfig: {
        sslQuorum: true,
        'ssl.quorum.keyStore.location': serverFile,
        'ssl.quorum.keyStore.type': 'PEM',
        'ssl.quorum.trustStore.location': caFile,
        'ssl.quorum.trustStore.type': 'PEM',
      },
    });
  }, 60_000);
  afterAll(async () => {
    await ensemble.close();
    certificates.remove();
  });

  it('reads the certificate of the election port, found out by the AdminServer, and disturbs nobody', async () => {
    const settings = ensemble.settings();
    const server = settings.servers[0]!;
    const surveyor = createSurveyor({ clock: realClock });

    const { facts, asked } = await surveyor.survey({
      settings,
      server,
      parts: ['conf', 'admin', 'certificates'],
      before: undefined,
      timeoutMs: 15_000,
    });

    expect(facts.admin?.quorumTls).toBe(true);
    expect(asked.certificates?.failed).toBeUndefined();
    expect(facts.certificates).toEqual([
      expect.objectContaining({
        port: facts.conf?.electionPort,
        use: 'servers',
        subject: 'CN=server',
      }),
    ]);
    const leftMs = (facts.certificates?.[0]?.notAfterMs ?? 0) - Date.now();
    expect(leftMs / dayMs).toBeGreaterThan(1.9);
    expect(leftMs / dayMs).toBeLessThan(2.1);
    const survey = { server: server.id, atMs: Date.now(), asked, ...facts };
    const view = aView({ atMs: Date.now(), surveys: { [server.id]: survey } });
    expect(tlsCertExpiry.detect(view, view.atMs)[0]).toMatchObject({
      subject: { server: server.id },
      verdict: 'firing',
      severity: 'page',
      facts: { use: 'servers', port: facts.conf?.electionPort },
    });
    await ensemble.ready();
  }, 60_000);
});

describe('the ports that speak TLS', () => {
  const conf: ConfFacts = {
    atMs: nightMs,
    serverId: 1,
    electionPort: 3888,
    secureClientPort: 2281,
    members: [
      { sid: 1, quorum: { host: '10.0.0.1', port: 2888 }, electionPort: 3888, role: 'voter' },
    ],
  };
  const server = aServer({
    id: 'zk1',
    client: { host: 'zk1', port: 2181 },
    admin: { host: 'zk1', port: 8080 },
  });
  const doors = (known: SurveyFacts, settings: { quorumTls?: boolean } = {}) =>
    tlsDoors(anEnsembleSettings(settings), server, known);

  it('are those the server names; an election port only where it is known to speak TLS', () => {
    const secure = { port: 2281, hosts: ['zk1'] };
    const election = { port: 3888, hosts: ['10.0.0.1', 'zk1'], use: 'servers' };
    const file = { host: aHost({ settings: { sslQuorum: 'true' } }) };

    expect(doors({})).toEqual([]);
    expect(doors({ conf })).toEqual([secure]);
    expect(doors({ conf, ...file })).toEqual([secure, election]);
    expect(doors({ conf }, { quorumTls: true })).toEqual([secure, election]);
    expect(doors({ conf, ...file }, { quorumTls: false })).toEqual([secure]);
  });

  it('are looked for under the name of the client port where the servers listen on all addresses', () => {
    const members = conf.members!.map((member) => ({
      ...member,
      quorum: { host: '0.0.0.0', port: 2888 },
    }));

    expect(doors({ conf: { ...conf, members } }, { quorumTls: true }).at(-1)?.hosts).toEqual([
      'zk1',
    ]);
  });

  it('count the AdminServer where it speaks TLS', () => {
    const host = aHost({ settings: { 'admin.portUnification': 'true' } });

    expect(doors({ host })).toEqual([{ port: 8080, hosts: ['zk1'], use: 'admins' }]);
  });

  it('keep what was known of one that does not answer now', async () => {
    const old: CertificateFacts = {
      atMs: nightMs,
      port: 1,
      notAfterMs: nightMs + dayMs,
      fingerprint: 'AA',
      subject: 'CN=zk1',
      use: 'servers',
    };
    const by = { leftMs: () => 1000, now: () => nightMs };
    const closed = [{ port: 1, hosts: ['127.0.0.1'], use: 'servers' as const }];

    expect(await readDoors(closed, { ...by, known: [old] })).toMatchObject({ known: [old] });
    expect(await readDoors(closed, { ...by, known: [] })).toMatchObject({
      known: [],
      failed: expect.stringContaining('ECONNREFUSED') as unknown,
    });
  });
});
