import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discoverEnsemble } from '../../../src/edges/zookeeper/discover.ts';
import { createProber } from '../../../src/edges/zookeeper/prober.ts';
import type { EnsembleSettings } from '../../../src/model/settings.ts';
import { listenTcp } from '../../servers/tcp.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { anEnsembleSettings } from '../../support/builders.ts';
import { createFakeClock } from '../../support/clock.ts';

const prober = createProber({ clock: createFakeClock() });

/** The settings of somebody who knows one address. */
function knowingOne(ensemble: ZooKeeperEnsemble): EnsembleSettings {
  const { id, host, clientPort, adminPort } = ensemble.servers[0]!;
  const client = { host, port: clientPort };
  const admin = adminPort === undefined ? {} : { admin: { host, port: adminPort } };
  return ensemble.settings({ discover: true, servers: [{ id, client, role: 'voter', ...admin }] });
}

const noSession = () => Promise.reject(new Error('no session'));

describe('discovery of three voters and an observer from one address', () => {
  let ensemble: ZooKeeperEnsemble;
  let expected: readonly unknown[];
  beforeAll(async () => {
    ensemble = await startEnsemble({ observers: 1, tickTimeMs: 1000, initLimit: 7, syncLimit: 3 });
    expected = ensemble.servers.map(({ id, sid, role, host, clientPort }, index) => ({
      id: index === 0 ? id : `${host}:${clientPort}`,
      client: { host, port: clientPort },
      sid,
      role,
    }));
  });
  afterAll(() => ensemble.close());

  it('finds all by /zookeeper/config, with roles, and the timing by conf', async () => {
    const found = await prober.discover(knowingOne(ensemble));

    expect(found).toEqual({
      id: 'orders',
      servers: expected,
      timing: { tickTimeMs: 1000, initLimit: 7, syncLimit: 3 },
    });
  });

  it('finds all by conf when no session can be had', async () => {
    const found = await discoverEnsemble(knowingOne(ensemble), noSession);

    expect(found?.servers).toEqual(expected);
  });

  it('keeps to the configured servers when discovery is switched off, and still learns the timing', async () => {
    const settings = { ...knowingOne(ensemble), discover: false };

    const found = await prober.discover(settings);

    expect(found?.servers).toEqual([{ ...settings.servers[0], sid: 1 }]);
    expect(found?.timing.tickTimeMs).toBe(1000);
  });

  it('passes over a server that does not answer', async () => {
    const hung = await listenTcp((socket) => socket.resume());
    try {
      const settings = knowingOne(ensemble);
      const client = { host: '127.0.0.1', port: hung.port };
      const stranger = { id: 'zk9', client, role: 'voter' } as const;

      const found = await prober.discover({
        ...settings,
        servers: [stranger, ...settings.servers],
        probe: { everyMs: 5000, timeoutMs: 500 },
      });

      expect(found?.servers).toEqual([{ ...stranger, role: 'observer' }, ...expected]);
    } finally {
      await hung.close();
    }
  });
});

describe('discovery of an ensemble with the default whitelist', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ whitelist: 'srvr', admin: true });
  });
  afterAll(() => ensemble.close());

  it('finds all by /zookeeper/config where no AdminServer is known', async () => {
    const known = knowingOne(ensemble);
    const { id, client, role } = known.servers[0]!;
    const settings = { ...known, servers: [{ id, client, role }] };

    const found = await prober.discover(settings);

    expect(found?.servers.map(({ sid, client }) => [sid, client.port])).toEqual(
      ensemble.servers.map(({ sid, clientPort }) => [sid, clientPort]),
    );
    expect(found?.timing).toEqual(settings.timing);
  });

  it('finds all by the AdminServer when no session can be had', async () => {
    const found = await discoverEnsemble(knowingOne(ensemble), noSession);

    expect(found?.servers.map(({ sid, client }) => [sid, client.port])).toEqual(
      ensemble.servers.map(({ sid, clientPort }) => [sid, clientPort]),
    );
  });
});

describe('discovery where nobody can tell', () => {
  it('answers nothing when no server is there', async () => {
    const gone = await listenTcp(() => undefined);
    await gone.close();
    const ensemble = aSettingsWith(gone.port);

    expect(await prober.discover(ensemble)).toBeUndefined();
  });

  it('keeps the configured servers when a server tells no members, like 3.4', async () => {
    const old = await listenTcp((socket) =>
      socket.once('data', () =>
        socket.end('clientPort=2181\ntickTime=3000\nserverId=2\ninitLimit=5\nsyncLimit=2\n'),
      ),
    );
    try {
      const settings = aSettingsWith(old.port);

      const found = await discoverEnsemble(settings, noSession);

      expect(found).toEqual({
        id: 'orders',
        servers: [{ ...settings.servers[0], sid: 2 }],
        timing: { tickTimeMs: 3000, initLimit: 5, syncLimit: 2 },
      });
    } finally {
      await old.close();
    }
  });
});

function aSettingsWith(port: number): EnsembleSettings {
  const client = { host: '127.0.0.1', port };
  return anEnsembleSettings({ discover: true, servers: [{ id: 'zk1', client, role: 'voter' }] });
}
