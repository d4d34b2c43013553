import type { ZooKeeperServer } from '../../test/servers/zookeeper.ts';
import type { Network } from './network.ts';
import type { Scene } from './scene.ts';
import type { Fault, Wound } from './trial.ts';

/** Cables that are cut, slow, or lose packets. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'partition of a follower',
    size: 'three',
    quick: true,
    needs: ['cuts'],
    expected: ['member-unreachable'],
    about: 'server',
    pages: true,
    async inject(scene) {
      const victim = await scene.follower();
      cables(scene).isolate(scene.memberOf(victim));
      return until([victim], scene);
    },
  },
  {
    name: 'partition of the leader',
    size: 'three',
    needs: ['cuts'],
    expected: ['member-unreachable'],
    about: 'server',
    pages: true,
    async inject(scene) {
      const victim = await scene.ensemble.leader();
      cables(scene).isolate(scene.memberOf(victim));
      return until([victim], scene);
    },
  },
  {
    name: 'follower cut from its peers',
    size: 'three',
    needs: ['cuts'],
    expected: ['member-not-serving'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    inject: async (scene) => cutFromPeers(scene, [await scene.follower()]),
  },
  {
    name: 'leader cut from its peers',
    size: 'three',
    needs: ['cuts'],
    expected: ['member-not-serving', 'stale-leader'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    inject: async (scene) => cutFromPeers(scene, [await scene.ensemble.leader()]),
  },
  {
    name: 'one-way partition',
    size: 'three',
    needs: ['cuts'],
    expected: ['member-not-serving'],
    about: 'server',
    pages: true,
    patienceMs: 60_000,
    async inject(scene) {
      const [leader, victim] = [await scene.ensemble.leader(), await scene.follower()];
      cables(scene).cutOneWay(scene.memberOf(leader), scene.memberOf(victim));
      return until([victim], scene);
    },
  },
  {
    name: 'bot cut from a follower',
    size: 'three',
    needs: ['cuts'],
    expected: ['bot-partitioned'],
    about: 'ensemble',
    lastsMs: 15_000,
    async inject(scene) {
      const victim = await scene.follower();
      cables(scene).cutBot(scene.memberOf(victim));
      return { ...until([victim], scene), says: new RegExp(`cannot reach ${victim.id}`, 'u') };
    },
  },
  {
    name: '200 ms delay of the leader',
    size: 'three',
    needs: ['delay'],
    expected: ['latency-high', 'follower-link-slow'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.ensemble.leader();
      await cables(scene).delay(scene.memberOf(victim), 200);
      return until([victim], scene);
    },
  },
  {
    name: '200 ms delay of a follower',
    size: 'three',
    needs: ['delay'],
    expected: ['latency-high', 'follower-link-slow'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      await cables(scene).delay(scene.memberOf(victim), 200);
      return until([victim], scene);
    },
  },
  {
    name: '20 % loss at a follower',
    size: 'three',
    needs: ['cuts'],
    expected: ['follower-link-slow', 'latency-high', 'member-rejoin-loop'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      cables(scene).lose(scene.memberOf(victim), 0.2);
      return until([victim], scene);
    },
  },
  {
    name: 'partition of a minority',
    size: 'five',
    needs: ['cuts'],
    expected: ['member-unreachable'],
    about: 'server',
    pages: true,
    async inject(scene) {
      const victims = (await scene.ensemble.followers()).slice(0, 2);
      return cutTogether(scene, victims);
    },
  },
  {
    name: 'partition of the majority',
    size: 'five',
    needs: ['cuts'],
    expected: ['quorum-lost', 'bot-partitioned'],
    about: 'ensemble',
    pages: true,
    patienceMs: 60_000,
    async inject(scene) {
      const followers = await scene.ensemble.followers();
      return cutTogether(scene, [await scene.ensemble.leader(), ...followers.slice(0, 2)]);
    },
  },
];

function cables({ place }: Scene): Network {
  if (place.network === undefined) throw new Error('no network of its own');
  return place.network;
}

/** A wound that heals with the cables. */
function until(victims: readonly ZooKeeperServer[], scene: Scene): Wound {
  return { servers: victims.map(({ id }) => id), recover: () => cables(scene).heal() };
}

/** The bot and clients still reach them. */
function cutFromPeers(scene: Scene, victims: readonly ZooKeeperServer[]): Wound {
  for (const victim of victims)
    for (const other of othersOf(scene, victims))
      cables(scene).cut(scene.memberOf(victim), scene.memberOf(other));
  return until(victims, scene);
}

/** They reach each other, and nobody else reaches them. */
function cutTogether(scene: Scene, victims: readonly ZooKeeperServer[]): Wound {
  for (const victim of victims) cables(scene).cutHub(scene.memberOf(victim));
  return cutFromPeers(scene, victims);
}

function othersOf(
  { ensemble }: Scene,
  victims: readonly ZooKeeperServer[],
): readonly ZooKeeperServer[] {
  return ensemble.servers.filter((server) => !victims.includes(server));
}
