import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { createAccountLinks } from '../../../src/edges/redis/account-links.ts';
import { createAutomationSwitch } from '../../../src/edges/redis/automation-switch.ts';
import { createBackupLog } from '../../../src/edges/redis/backup-log.ts';
import { createBoard } from '../../../src/edges/redis/board.ts';
import { createBudgets } from '../../../src/edges/redis/budgets.ts';
import { createBulletins } from '../../../src/edges/redis/bulletins.ts';
import { createCalendars } from '../../../src/edges/redis/calendars.ts';
import type { RedisConfig } from '../../../src/edges/redis/config.ts';
import { connectRedis } from '../../../src/edges/redis/connect.ts';
import { createDeliveryLog } from '../../../src/edges/redis/delivery-log.ts';
import { createDrillStore } from '../../../src/edges/redis/drill-store.ts';
import { createEnsembleStore } from '../../../src/edges/redis/ensemble-store.ts';
import { createIncidentStore } from '../../../src/edges/redis/incident-store.ts';
import { createOutbox } from '../../../src/edges/redis/outbox.ts';
import { createOwnership } from '../../../src/edges/redis/ownership.ts';
import { createRecoveryStore } from '../../../src/edges/redis/recovery-store.ts';
import { createShortMemory } from '../../../src/edges/redis/short-memory.ts';
import { createSilenceStore } from '../../../src/edges/redis/silence-store.ts';
import { accountLinksContract } from '../../contract/account-links.contract.ts';
import { automationSwitchContract } from '../../contract/automation-switch.contract.ts';
import { backupLogContract } from '../../contract/backup-log.contract.ts';
import { boardContract } from '../../contract/board.contract.ts';
import { budgetsContract } from '../../contract/budgets.contract.ts';
import { calendarsContract } from '../../contract/calendars.contract.ts';
import { deliveryLogContract } from '../../contract/delivery-log.contract.ts';
import { drillStoreContract } from '../../contract/drill-store.contract.ts';
import { ensembleStoreContract } from '../../contract/ensemble-store.contract.ts';
import { incidentStoreContract } from '../../contract/incident-store.contract.ts';
import { outboxContract } from '../../contract/outbox.contract.ts';
import { recoveryStoreContract } from '../../contract/recovery-store.contract.ts';
import { replicasContract } from '../../contract/replicas.contract.ts';
import { shortMemoryContract } from '../../contract/short-memory.contract.ts';
import { silenceStoreContract } from '../../contract/silence-store.contract.ts';
import type { MakeStores, StoresUnderTest } from '../../contract/stores.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../../servers/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../servers/redis-cluster.ts';
import { type RedisSentinel, startRedisSentinel } from '../../servers/redis-sentinel.ts';
import { createFakeClock } from '../../support/clock.ts';
import { recordingLog } from '../../support/log.ts';
import { createMemoryStores } from '../../support/memory/stores.ts';

const servers: { close(): Promise<void> }[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

/** Stores on one Redis, each under a prefix of its own. */
function onRedis(options: RedisServerOptions): MakeStores {
  let starting: Promise<RedisServer> | undefined;
  return async () => {
    starting ??= startRedis(options).then(async (server) => {
      servers.push(server);
      if (options.args?.includes('--cluster-enabled') === true) await takeAllSlots(server);
      return server;
    });
    return storesOn({ url: (await starting).url });
  };
}

/** Stores on a real cluster: every step must keep to the keys of one server. */
function onCluster(): MakeStores {
  let starting: Promise<RedisCluster> | undefined;
  return async () => {
    starting ??= startRedisCluster().then((cluster) => {
      servers.push(cluster);
      return cluster;
    });
    return storesOn({ cluster: (await starting).urls });
  };
}

/** Stores on the master that three sentinels name. */
function onSentinel(): MakeStores {
  let starting: Promise<RedisSentinel> | undefined;
  return async () => {
    starting ??= startRedisSentinel().then((sentinel) => {
      servers.push(sentinel);
      return sentinel;
    });
    const { sentinels, master } = await starting;
    return storesOn({ sentinels, master });
  };
}

function storesOn(where: Partial<RedisConfig>): StoresUnderTest {
  const config = { url: 'redis://127.0.0.1:1', prefix: randomUUID(), ...where };
  const log = recordingLog();
  const [here, there] = [connectRedis({ ...config, log }), connectRedis({ ...config, log })];
  return {
    incidents: createIncidentStore(here),
    ensembles: createEnsembleStore(here),
    deliveries: createDeliveryLog(here),
    outbox: createOutbox(here),
    budgets: createBudgets(here),
    shortMemory: createShortMemory(here),
    recoveries: createRecoveryStore(here),
    calendars: createCalendars(here),
    links: createAccountLinks(here),
    backupLog: createBackupLog(here),
    silences: createSilenceStore(here),
    automation: createAutomationSwitch(here),
    drills: createDrillStore(here),
    board: createBoard(here),
    bulletins: [createBulletins(here, log), createBulletins(there, log)],
    owner: (replica) => createOwnership(replica === 'a' ? here : there, replica),
    pass: () => Promise.resolve(),
    async close() {
      await Promise.all([here.close(), there.close()]);
    },
  };
}

/** A cluster of one node: it refuses any step that touches keys of more than one slot, declared or not. */
async function takeAllSlots(server: RedisServer): Promise<void> {
  const client = new Redis(server.url);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  let state = '';
  while (!state.includes('cluster_state:ok')) state = String(await client.call('CLUSTER', 'INFO'));
  client.disconnect();
}

function inMemory(): Promise<StoresUnderTest> {
  const clock = createFakeClock();
  const { owners, bulletins, ...stores } = createMemoryStores(clock);
  return Promise.resolve({
    ...stores,
    bulletins: [bulletins, bulletins] as const,
    owner: (replica: string) => owners.replica(replica),
    pass: (ms: number) => clock.advance(ms),
    close: () => Promise.resolve(),
  });
}

const implementations: readonly (readonly [string, MakeStores])[] = [
  ['memory', inMemory],
  ['Redis', onRedis({})],
  ['Redis Cluster', onCluster()],
  ['Redis Sentinel', onSentinel()],
  ['Redis in cluster mode', onRedis({ appendonly: false, args: ['--cluster-enabled', 'yes'] })],
];

for (const [name, make] of implementations) {
  incidentStoreContract(name, make);
  ensembleStoreContract(name, make);
  deliveryLogContract(name, make);
  outboxContract(name, make);
  budgetsContract(name, make);
  shortMemoryContract(name, make);
  recoveryStoreContract(name, make);
  calendarsContract(name, make);
  backupLogContract(name, make);
  accountLinksContract(name, make);
  silenceStoreContract(name, make);
  automationSwitchContract(name, make);
  drillStoreContract(name, make);
  boardContract(name, make);
  replicasContract(name, make);
}
