import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import type { Scene } from './scene.ts';
import type { Fault, Wound } from './trial.ts';

/** Processes that end, hang, and come back. */
export const serverFaults: readonly Fault[] = [
  {
    name: 'kill follower',
    size: 'three',
    quick: true,
    expected: ['member-down'],
    about: 'server',
    pages: true,
    inject: async (scene) => killed([await scene.follower()]),
  },
  {
    name: 'kill leader',
    size: 'three',
    quick: true,
    expected: ['member-down'],
    about: 'server',
    pages: true,
    inject: async ({ ensemble }) => killed([await ensemble.leader()]),
  },
  {
    name: 'kill observer',
    size: 'three',
    expected: ['member-down', 'observer-down'],
    about: 'server',
    inject: (scene) => killed([observerOf(scene)]),
  },
  {
    name: 'stop follower',
    size: 'three',
    quick: true,
    expected: ['member-hung'],
    about: 'server',
    pages: true,
    inject: async (scene) => stopped(await scene.follower()),
  },
  {
    name: 'stop leader',
    size: 'three',
    expected: ['leader-unresponsive', 'member-hung'],
    about: 'server',
    pages: true,
    inject: async ({ ensemble }) => stopped(await ensemble.leader()),
  },
  {
    name: 'quorum lost by kills',
    size: 'three',
    quick: true,
    expected: ['quorum-lost'],
    about: 'ensemble',
    pages: true,
    inject: async (scene) => killed([await scene.follower(), await scene.ensemble.leader()]),
  },
];

function killed(servers: readonly ZooKeeperServer[]): Wound {
  for (const server of servers) void server.kill('SIGKILL');
  return {
    servers: servers.map(({ id }) => id),
    recover: () => servers.forEach((server) => server.start()),
  };
}

function stopped(server: ZooKeeperServer): Wound {
  void server.kill('SIGSTOP');
  return { servers: [server.id], recover: () => server.kill('SIGCONT') };
}

function observerOf({ ensemble }: Scene): ZooKeeperServer {
  const observer = ensemble.servers.find(({ role }) => role === 'observer');
  if (observer === undefined) throw new Error('no observer');
  return observer;
}
