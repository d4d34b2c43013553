import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renewEveryMs } from '../../../src/edges/zookeeper/sensor-connection.ts';
import { createSensors } from '../../../src/edges/zookeeper/sensors.ts';
import type { EnsembleSettings } from '../../../src/model/settings.ts';
import type { SensorWatch } from '../../../src/ports/zookeeper.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { askWord } from '../../servers/zookeeper-word.ts';
import { aListener, aLog, type Heard, membersOf, pass, realClock } from './listen.ts';

/** Soon enough for every poll here; each expectation on time is measured beside it. */
const soon = { timeout: 25_000, interval: 5 };

let ensemble: ZooKeeperEnsemble;
beforeAll(async () => {
  ensemble = await startEnsemble({
    servers: 3,
    jvmFlags: ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
  });
});
afterAll(() => ensemble.close());

/** What is noticed of a server that lost its leader, or was killed, and serves again. */
const lostAndHeld = ['broken', 'serving'];

let heard: Heard;
let log: ReturnType<typeof aLog>;
let watch: SensorWatch;

async function start(sensors: Partial<EnsembleSettings['sensors']> = {}): Promise<void> {
  const settings = ensemble.settings({
    sensors: { sessions: true, canary: false, pingEveryMs: 250, ...sensors },
  });
  heard = aListener();
  log = aLog();
  watch = createSensors({ clock: realClock, log }).watch(settings, membersOf(settings), heard.hear);
  await expect.poll(() => watch.held(), soon).toEqual(['zk1', 'zk2', 'zk3']);
}

beforeEach(() => ensemble.ready());
afterEach(async () => {
  await watch.close();
  for (const server of ensemble.servers) {
    await server.kill('SIGCONT');
    if (!server.running()) server.start();
  }
  await ensemble.ready();
  if (log.lines.length > 0) throw new Error(`logged: ${log.lines.join(', ')}`);
});

describe.each([
  { how: 'sessions', sessions: true },
  { how: 'bare connections', sessions: false },
])('sensors that hold servers by $how', ({ sessions }) => {
  it('say nothing about a healthy ensemble', async () => {
    await start({ sessions });

    await pass(2500);

    expect(heard.notices).toEqual([]);
  });

  it('notice a killed follower at once, and that it serves again', async () => {
    await start({ sessions });
    const [follower] = await ensemble.followers();

    const killedMs = performance.now();
    await follower!.kill('SIGKILL');
    await expect.poll(() => heard.kinds(follower!.id), soon).toContain('broken');
    follower!.start();
    await expect.poll(() => heard.kinds(follower!.id), soon).toEqual(lostAndHeld);

    expect(heard.notices[0]!.heardMs - killedMs).toBeLessThan(250);
    expect(watch.held()).toContain(follower!.id);
  });

  it('notice a stopped follower by its silence, once, and that it serves again', async () => {
    await start({ sessions });
    const [follower] = await ensemble.followers();

    const stoppedMs = performance.now();
    await follower!.kill('SIGSTOP');
    await expect.poll(() => heard.kinds(follower!.id), soon).toEqual(['silent']);
    const silentMs = heard.notices[0]!.heardMs - stoppedMs;
    await pass(1500);
    const whileStopped = heard.kinds(follower!.id);
    const wokenMs = performance.now();
    await follower!.kill('SIGCONT');
    await expect.poll(() => heard.kinds(follower!.id), soon).toContain('serving');

    expect(silentMs).toBeLessThan(sessions ? 1500 : 2700);
    expect(whileStopped).toEqual(['silent']);
    expect(heard.notices.at(-1)!.heardMs - wokenMs).toBeLessThan(sessions ? 500 : 1700);
  });

  it('notice a follower that is killed and restarted at once', async () => {
    await start({ sessions });
    const [follower] = await ensemble.followers();

    await follower!.restart();
    await expect.poll(() => heard.kinds(follower!.id), soon).toContain('serving');

    expect(heard.kinds(follower!.id)).toEqual(lostAndHeld);
  });

  it('notice the killed leader and that the others lost it, and hold the others again', async () => {
    await start({ sessions });
    const leader = await ensemble.leader();
    const others = ensemble.servers.map(({ id }) => id).filter((id) => id !== leader.id);

    await leader.kill('SIGKILL');
    await expect.poll(() => others.map(heard.kinds), soon).toEqual(others.map(() => lostAndHeld));

    expect(heard.kinds(leader.id)).toEqual(['broken']);
    expect(watch.held()).toEqual(others);
  });

  it('hold every server again after all were killed and started again', async () => {
    await start({ sessions });

    await Promise.all(ensemble.servers.map((server) => server.kill('SIGKILL')));
    await expect.poll(() => watch.held(), soon).toEqual([]);
    for (const server of ensemble.servers) server.start();
    await expect.poll(() => watch.held(), soon).toEqual(['zk1', 'zk2', 'zk3']);

    for (const { id } of ensemble.servers) {
      expect(heard.kinds(id)).toEqual(lostAndHeld);
    }
  });

  it('do not take a stop of our own for the silence of a server', async () => {
    await start({ sessions });

    for (let stop = 0; stop < 5; stop += 1) {
      const endMs = performance.now() + 700;
      while (performance.now() < endMs);
      await pass(150);
    }

    expect(heard.notices).toEqual([]);
  });

  it('leave neither socket nor session behind', async () => {
    const before = openSockets();
    await start({ sessions });

    await watch.close();

    expect(openSockets()).toBe(before);
    for (const { host, clientPort } of ensemble.servers) {
      const connections = async () =>
        (await askWord(host, clientPort, 'cons')).trim().split('\n').length;
      // The one that asks is in the list.
      await expect.poll(connections, soon).toBe(1);
    }
  });
});

describe('sensors that hold servers by bare connections', () => {
  it('renew them in time, and leave no warning in the log of a server', async () => {
    await start({ sessions: false });
    const logs = () => ensemble.servers.map(({ dir }) => readFileSync(join(dir, 'log'), 'utf8'));
    const before = logs();

    await pass(renewEveryMs + 2500);

    expect(heard.notices).toEqual([]);
    expect(logs()).toEqual(before);
  });
});

describe('sensors with a session', () => {
  it('are silent about what never stood', async () => {
    const settings = ensemble.settings({
      sensors: { sessions: true, canary: false, pingEveryMs: 250 },
    });
    const nobody = { id: 'zk9', client: { host: '127.0.0.1', port: 1 }, role: 'observer' as const };
    heard = aListener();
    log = aLog();
    watch = createSensors({ clock: realClock, log }).watch(
      settings,
      { ...membersOf(settings), servers: [...settings.servers, nobody] },
      heard.hear,
    );
    await expect.poll(() => watch.held(), soon).toEqual(['zk1', 'zk2', 'zk3']);

    await pass(1000);

    expect(heard.kinds('zk9')).toEqual([]);
  });

  it('keep to the budget of heartbeats by asking each server less often', async () => {
    const settings = ensemble.settings({
      sensors: { sessions: true, canary: false, pingEveryMs: 100 },
    });
    heard = aListener();
    log = aLog();
    const sensors = createSensors({ clock: realClock, log, pingsPerSecondMax: 10 });

    watch = sensors.watch(settings, membersOf(settings), heard.hear);
    const stretched = sensors.stretch();
    await watch.close();

    expect(stretched).toBe(3);
    expect(sensors.stretch()).toBe(1);
  });
});

/** Sockets this process has open. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}
