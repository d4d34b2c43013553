import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, openClient } from './client.ts';
import { clientOf, inTurns } from './resource-faults.ts';
import type { Scene } from './scene.ts';
import type { Fault } from './trial.ts';

/** Clients that misbehave, all from one address. */
export const clientFaults: readonly Fault[] = [
  {
    name: 'connection flood from one client',
    size: 'three',
    expected: ['connection-limit-hit'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const ending = new AbortController();
      const flood = Array.from({ length: 80 }, async () => {
        while (!ending.signal.aborted) {
          const client = await openClient({
            host: victim.host,
            port: victim.clientPort,
            from: scene.place.strangerFrom,
          }).catch(() => undefined);
          while (client?.isOpen() === true && !ending.signal.aborted) await sleep(100);
          await client?.close();
          // Refused ones try again, as clients do.
          await sleep(500);
        }
      });
      return {
        servers: [victim.id],
        says: address(scene),
        async recover() {
          ending.abort();
          await Promise.all(flood);
        },
      };
    },
  },
  {
    name: 'session-expiry storm',
    size: 'three',
    expected: ['session-expiry-storm'],
    about: 'ensemble',
    lastsMs: 10_000,
    pages: true,
    patienceMs: 60_000,
    async prepare(scene) {
      // The bot must have seen them to know where they came from.
      doomed = await Promise.all(Array.from({ length: 40 }, () => shortLived(scene)));
      await sleep(12_000);
    },
    inject(scene) {
      for (const client of doomed) client.vanish();
      doomed = [];
      return { servers: [], says: address(scene), recover: () => undefined };
    },
  },
  {
    name: 'watch leak',
    size: 'three',
    expected: ['watch-leak'],
    about: 'ensemble',
    lastsMs: 15_000,
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const client = await clientOf(scene, victim);
      await inTurns(6000, 200, (index) => client.watch(`/leak/${index}`));
      return { servers: [victim.id], says: address(scene), recover: () => client.close() };
    },
  },
  {
    name: 'znode growth',
    size: 'three',
    expected: ['znode-growth'],
    about: 'ensemble',
    patienceMs: 60_000,
    // The part of the tree is known when it has been walked through again: once a minute.
    lastsMs: 100_000,
    async inject(scene) {
      const client = await clientOf(scene, await scene.ensemble.leader());
      await client.create('/growth', Buffer.alloc(0));
      await inTurns(6000, 200, (index) => client.create(`/growth/${index}`, Buffer.alloc(0)));
      return {
        servers: [],
        says: /\/growth/u,
        async recover() {
          await inTurns(6000, 200, (index) => client.remove(`/growth/${index}`));
          await client.close();
        },
      };
    },
  },
  {
    name: 'auth-failure storm',
    size: 'three',
    expected: ['auth-failures'],
    about: 'server',
    patienceMs: 60_000,
    async inject(scene) {
      const victim = await scene.follower();
      const ending = new AbortController();
      const storm = (async () => {
        let ticket: Buffer | undefined;
        while (!ending.signal.aborted) {
          // Always the same session: none is left behind to expire.
          const client = await clientOf(scene, victim, ticket).catch(() => undefined);
          ticket = client?.ticket ?? ticket;
          await client?.authenticateWrongly().catch(() => undefined);
          client?.vanish();
          await sleep(100);
        }
        await (await clientOf(scene, victim, ticket).catch(() => undefined))?.close();
      })();
      return {
        servers: [victim.id],
        says: address(scene),
        async recover() {
          ending.abort();
          await storm;
        },
      };
    },
  },
];

let doomed: readonly Client[] = [];

async function shortLived(scene: Scene): Promise<Client> {
  const server = scene.ensemble.servers[0];
  if (server === undefined) throw new Error('no server');
  const client = await openClient({
    host: server.host,
    port: server.clientPort,
    from: scene.place.strangerFrom,
    sessionTimeoutMs: 4000,
  });
  await client.create(`/doomed-${client.session}`, Buffer.alloc(0), true);
  return client;
}

/** The card must name the client. */
function address({ place }: Scene): RegExp {
  return new RegExp(place.strangerFrom.replaceAll('.', '\\.'), 'u');
}
