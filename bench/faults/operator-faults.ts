import { setTimeout as sleep } from 'node:timers/promises';
import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import { withConfig } from './tamper.ts';
import type { Fault } from './trial.ts';

/** What people and supervisors do to servers. */
export const operatorFaults: readonly Fault[] = [
  {
    name: 'rolling restart',
    size: 'three',
    expected: ['rolling-restart'],
    about: 'ensemble',
    quiet: true,
    prepare: (scene) => scene.tune({ 'rolling-restart': { settleMs: 8000, windowMs: 90_000 } }),
    restore: (scene) => scene.tune(),
    async inject(scene) {
      const { ensemble } = scene;
      const leader = await ensemble.leader();
      const others = ensemble.servers.filter((server) => server !== leader);
      for (const server of [...others, leader])
        await restartProperly(server, () => ensemble.ready(60_000));
      return { servers: ensemble.servers.map(({ id }) => id), recover: () => undefined };
    },
  },
  {
    name: 'server started with an old configuration',
    size: 'three',
    expected: ['membership-drift'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const recover = await withConfig(victim, (lines) => [...lines, ...formerServers(lines)]);
      return { servers: [victim.id], recover };
    },
  },
  {
    name: 'server restarting in a loop',
    size: 'three',
    expected: ['member-crash-loop'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const ending = new AbortController();
      const loop = (async () => {
        while (!ending.signal.aborted) {
          await victim.kill('SIGKILL');
          await sleep(1500, undefined, { signal: ending.signal }).catch(() => undefined);
          victim.start();
          await sleep(3000, undefined, { signal: ending.signal }).catch(() => undefined);
        }
      })();
      return {
        servers: [victim.id],
        async recover() {
          ending.abort();
          await loop;
        },
      };
    },
  },
];

/** Two servers that were members once: the list of five that an old configuration still has. */
function formerServers(lines: readonly string[]): readonly string[] {
  const last = lines.findLast((line) => line.startsWith('server.')) ?? '';
  return [8, 9].map((sid) =>
    last
      .replace(/^server\.\d+=[\d.]+/u, `server.${sid}=10.224.0.${190 + sid}`)
      .replace(/;.*$/u, '')
      .replace('observer', 'participant'),
  );
}

async function restartProperly(
  server: ZooKeeperServer,
  isBack: () => Promise<void>,
): Promise<void> {
  await server.kill('SIGTERM');
  server.start();
  await isBack();
  await sleep(3000);
}
