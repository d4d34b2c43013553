import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../src/model/incident.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
  type WebhookRequest,
} from '../../test/servers/webhook.ts';
import {
  startEnsemble,
  type ZooKeeperEnsemble,
  type ZooKeeperServer,
} from '../../test/servers/zookeeper.ts';
import type { EnsembleOptions } from '../../test/servers/zookeeper-config.ts';
import { type BotProcess, startBotProcess } from '../../test/support/bot-process.ts';
import { until } from '../../test/support/until.ts';
import { type Load, startLoad } from './load.ts';
import type { Place } from './place.ts';
import { benchThresholds, type Thresholds } from './thresholds.ts';

/** Which ensemble a fault happens to: three voters with an observer, or five voters. */
export type Size = 'three' | 'five';

/** A healthy ensemble with its load, and the whole bot that watches it. */
export interface Scene {
  readonly place: Place;
  readonly ensemble: ZooKeeperEnsemble;
  readonly bot: BotProcess;
  readonly webhook: WebhookReceiver;
  readonly load: Load;
  /** The number of a server in the place: what its address and its namespace are called by. */
  memberOf(server: ZooKeeperServer): number;
  /** The follower that was chosen least often: a fault that comes back to the same server within minutes is told as one that flaps. */
  follower(): Promise<ZooKeeperServer>;
  /** Until all is green on both sides, and then a random part of the bot's tick. */
  calm(): Promise<void>;
  /** Changes thresholds in the configuration of the running bot; without any, as they were. */
  tune(thresholds?: Thresholds): Promise<void>;
  incident(id: number): Promise<Incident>;
  events(id: number): Promise<readonly IncidentEvent[]>;
  /** Cards told from a moment on, in order. */
  cardsSince(index: number): readonly WebhookRequest[];
  close(): Promise<void>;
}

/** Half of ZooKeeper's sample tick, so that a silent server is dropped after 4 s instead of 10. */
export const timing = { tickTimeMs: 1000, initLimit: 10, syncLimit: 4 } as const;

const sizes: Readonly<Record<Size, EnsembleOptions & { readonly first: number }>> = {
  three: { servers: 3, observers: 1, first: 1 },
  five: { servers: 5, first: 5 },
};

export async function setScene(place: Place, size: Size): Promise<Scene> {
  const { first, ...shape } = sizes[size];
  const count = (shape.servers ?? 0) + (shape.observers ?? 0);
  const members = Array.from({ length: count }, (_, index) => first + index);
  const secrets = mkdtempSync(join(tmpdir(), 'nightkeeper-jaas-'));
  const ensemble = await startEnsemble({
    ...shape,
    ...timing,
    whitelist: '*',
    addresses: members.map((member) => place.address(member)),
    prefixes: members.map((member) => place.prefix(member)),
    // ZooKeeper's own default, which the launcher lifts for tests that all come from one address.
    extraConfig: { maxClientCnxns: 60, 'authProvider.1': saslProvider },
    jvmFlags: [
      // The disk counts here: without it no write waits for it, and none is measured.
      '-Dzookeeper.forceSync=yes',
      // A log as Debian and most others write it.
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS',
      `-Djava.security.auth.login.config=${jaasFile(secrets)}`,
    ],
  });
  const redis = await startRedis({ appendonly: true });
  const webhook = await startWebhookReceiver();
  const bot = await startBotProcess({
    yaml: yamlOf({ place, first, ensemble, redis, webhook, thresholds: undefined }),
    env: { HOOK_SECRET: webhook.secret },
    readyWithinMs: 60_000,
  });
  const chosen = new Map<string, number>();
  const load = startLoad(ensemble.servers, place.loadFrom);
  return {
    place,
    ensemble,
    bot,
    webhook,
    load,
    memberOf: (server) => first + server.sid - 1,
    async follower() {
      const followers = await ensemble.followers();
      const [one] = followers.toSorted((a, b) => (chosen.get(a.id) ?? 0) - (chosen.get(b.id) ?? 0));
      if (one === undefined) throw new Error('no follower');
      chosen.set(one.id, (chosen.get(one.id) ?? 0) + 1);
      return one;
    },
    async calm() {
      await ensemble.ready(60_000);
      await until(
        'no open incident',
        async () => (await openIncidents(bot)).length === 0,
        150_000,
      ).catch(async (error: unknown) => {
        const open = (await openIncidents(bot)).map(({ detector, id }) => `#${id} ${detector}`);
        throw new Error(`still open: ${open.join(', ')}`, { cause: error });
      });
      await sleep(500 + Math.random() * 1500);
    },
    async tune(thresholds) {
      bot.configure(yamlOf({ place, first, ensemble, redis, webhook, thresholds }));
      // It takes a changed file over within a second.
      await sleep(3000);
    },
    incident: async (id) =>
      ((await bot.get(`/api/v1/incidents/${id}`)) as { incident: Incident }).incident,
    events: async (id) =>
      ((await bot.get(`/api/v1/incidents/${id}`)) as { events: readonly IncidentEvent[] }).events,
    cardsSince: (index) =>
      webhook.requests
        .slice(index)
        .filter(({ body }) => body.event === 'card' && body.ensemble === 'orders'),
    async close() {
      place.network?.heal();
      await load.stop();
      await bot.close();
      await Promise.all([ensemble.close(), webhook.close(), redis.close()]);
      rmSync(secrets, { recursive: true, force: true });
    },
  };
}

/** Clients may prove by name and password who they are. */
const saslProvider = 'org.apache.zookeeper.server.auth.SASLAuthenticationProvider';

function jaasFile(dir: string): string {
  const file = join(dir, 'jaas.conf');
  const module = 'org.apache.zookeeper.server.auth.DigestLoginModule';
  writeFileSync(file, `Server { ${module} required user_app="right"; };\n`);
  return file;
}

async function openIncidents(bot: BotProcess): Promise<readonly Incident[]> {
  const answer = (await bot.get('/api/v1/incidents?state=open')) as {
    incidents: readonly Incident[];
  };
  return answer.incidents.filter(({ ensemble }) => ensemble === 'orders');
}

function yamlOf(parts: {
  readonly place: Place;
  readonly first: number;
  readonly ensemble: ZooKeeperEnsemble;
  readonly redis: RedisServer;
  readonly webhook: WebhookReceiver;
  readonly thresholds: Thresholds | undefined;
}): string {
  const { place, first, ensemble, redis, webhook } = parts;
  // The machine of a server is its namespace: what the bot reads there it reads as it would over SSH.
  const machines = Object.fromEntries(
    ensemble.servers.map(({ id, sid, dir }) => [
      id,
      {
        command: place.prefix(first + sid - 1),
        configFile: join(dir, 'zoo.cfg'),
        logFile: join(dir, 'log'),
      },
    ]),
  );
  const servers = ensemble.servers.map(
    ({ id, host, clientPort, role }) =>
      `{ id: ${id}, client: "${host}:${clientPort}", role: ${role} }`,
  );
  return [
    `redis: { url: "${redis.url}" }`,
    'ensembles:',
    '  orders:',
    `    servers: [${servers.join(', ')}]`,
    // A link with 200 ms each way needs more than the default of a second for the 26 KB of mntr.
    '    probe: { timeout: 2s }',
    '    survey: { every: 5s }',
    '    crawl: { every: 1m, requestsPerSecond: 2000 }',
    `    host: { command: [], every: 5s, servers: ${JSON.stringify(machines)} }`,
    `    thresholds: ${JSON.stringify(benchThresholds(parts.thresholds))}`,
    `destinations: { hook: { webhook: { url: "${webhook.url}", secret: "\${HOOK_SECRET}" } } }`,
    // Every card is counted on its own.
    'grouping: { above: 1000, within: 1m }',
    'routes: [{ to: [hook] }]',
    '',
  ].join('\n');
}
