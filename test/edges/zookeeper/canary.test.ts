import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryPath, canaryTimeoutMs } from '../../../src/edges/zookeeper/canary.ts';
import { createSensors } from '../../../src/edges/zookeeper/sensors.ts';
import { readZnode } from '../../../src/edges/zookeeper/session-read.ts';
import type { SensorWatch } from '../../../src/ports/zookeeper.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aListener, aLog, type Heard, membersOf, realClock } from './listen.ts';
import { aLooseServer, aReply, aStranger } from './stranger.ts';

const soon = { timeout: 25_000, interval: 5 };

let watch: SensorWatch;
let heard: Heard;
let log: ReturnType<typeof aLog>;

const canaryNotices = () => heard.notices.filter(({ kind }) => kind === 'canary');

describe('the canary of a real ensemble', () => {
  let ensemble: ZooKeeperEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 3 });
  });
  afterAll(() => ensemble.close());
  afterEach(async () => {
    await watch.close();
    for (const server of ensemble.servers) {
      await server.kill('SIGCONT');
      if (!server.running()) server.start();
    }
    await ensemble.ready();
  });

  async function start(): Promise<void> {
    const settings = ensemble.settings({
      sensors: { sessions: false, canary: true, pingEveryMs: 250 },
    });
    heard = aListener();
    log = aLog();
    watch = createSensors({ clock: realClock, log }).watch(
      settings,
      membersOf(settings),
      heard.hear,
    );
    await expect.poll(() => watch.canary()?.kind, soon).toBe('written');
  }

  it('writes one znode again and again, and keeps it', async () => {
    await start();
    const endpoints = ensemble.servers.map(({ host, clientPort }) => ({ host, port: clientPort }));
    const read = async () =>
      (await readZnode(endpoints, canaryPath, { timeoutMs: 2000 })).toString();
    const first = await read();

    await expect.poll(read, soon).not.toBe(first);

    expect(watch.canary()).toMatchObject({ kind: 'written' });
    expect(canaryNotices()).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('fails within about two seconds of a lost quorum, once, and tells when it works again', async () => {
    await start();
    const [one, two] = ensemble.servers;

    const killedMs = performance.now();
    await Promise.all([one!.kill('SIGKILL'), two!.kill('SIGKILL')]);
    await expect.poll(() => canaryNotices().length, soon).toBe(1);
    const failedMs = canaryNotices()[0]!.heardMs - killedMs;
    const failed = watch.canary();
    await expect.poll(() => watch.canary()?.recent, soon).toEqual({ runs: 3, failed: 3 });
    one!.start();
    two!.start();
    await expect.poll(() => canaryNotices().length, soon).toBe(2);
    await expect.poll(() => watch.canary()?.recent, soon).toEqual({ runs: 3, failed: 0 });

    expect(failedMs).toBeLessThan(2 * canaryTimeoutMs + 500);
    expect(failed).toMatchObject({ kind: 'failed', detail: expect.stringContaining('no session') });
    expect(watch.canary()).toMatchObject({ kind: 'written' });
  });

  it('does not hang with a leader that is stopped', async () => {
    await start();
    const leader = await ensemble.leader();

    await leader.kill('SIGSTOP');
    await expect.poll(() => canaryNotices().length, soon).toBe(1);
    const failed = watch.canary();
    await leader.kill('SIGCONT');
    await expect.poll(() => canaryNotices().length, soon).toBe(2);

    expect(failed).toMatchObject({ kind: 'failed' });
    expect(failed!.tookMs).toBeLessThan(canaryTimeoutMs + 200);
    expect(watch.canary()).toMatchObject({ kind: 'written' });
  });

  it('passes an election without a word when it takes less than its deadline', async () => {
    await start();
    const leader = await ensemble.leader();

    await leader.kill('SIGKILL');
    const killedMs = Date.now();
    await expect
      .poll(() => watch.canary()?.kind === 'written' && watch.canary()!.atMs > killedMs, soon)
      .toBe(true);

    // An election may take longer than a second under load: then it was told, and told to be over.
    expect([0, 2]).toContain(canaryNotices().length);
  });
});

describe('the canary of an ensemble that does not permit it', () => {
  it('has no result, says so in the log, and makes no notice', async () => {
    const stranger = await aStranger(
      aLooseServer((xid, socket) => socket.write(aReply(xid, -102))),
    );
    const servers = [{ id: 'zk1', client: stranger, role: 'voter' as const }];
    heard = aListener();
    log = aLog();
    const timing = { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 };
    watch = createSensors({ clock: realClock, log }).watch(
      {
        id: 'orders',
        servers,
        discover: false,
        timing,
        probe: { everyMs: 5000, timeoutMs: 1000 },
        sensors: { sessions: true, canary: true, pingEveryMs: 250 },
        thresholds: {},
        restartCooldownMs: 0,
      },
      { id: 'orders', servers, timing },
      heard.hear,
    );

    await expect.poll(() => log.lines, soon).toEqual(['the canary write is not permitted']);

    expect(watch.canary()).toBeUndefined();
    expect(canaryNotices()).toEqual([]);
    await watch.close();
    await stranger.close();
  });
});
