import { type Bot, startBot } from '../../src/app/bot.ts';
import { detectorThresholds } from '../../src/app/catalog.ts';
import { createLog } from '../../src/app/log.ts';
import { openStores, type Stores } from '../../src/app/stores.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Sample } from '../../src/model/sample.ts';
import type { Prober, Sensors } from '../../src/ports/zookeeper.ts';
import { DingTalkStandIn } from '../../test/servers/dingtalk.ts';
import { type RedisServer, startRedis } from '../../test/servers/redis.ts';
import { SlackStandIn } from '../../test/servers/slack.ts';
import { type FarWay, farWay } from './far.ts';

/** Conversations in each chat; each shows so many ensembles, of which each has one server down. */
export const conversations = 8;
export const ensemblesEach = 3;

/** Who presses and types: one for each conversation. */
export const people = Array.from({ length: conversations }, (_, index) => ({
  slack: `U0P${index}`,
  dingtalk: `p${index}`,
}));

/** One open incident, and where it hangs. */
export interface Hanging {
  readonly ensemble: string;
  readonly incident: number;
  readonly conversation: string;
  /** Which of the people looks after that conversation. */
  readonly person: number;
}

/** The whole bot, two chats far away, and a card for every ensemble in one of them. */
export interface Rig {
  readonly slack: SlackStandIn;
  readonly dingtalk: DingTalkStandIn;
  readonly stores: Stores;
  readonly slackCards: readonly Hanging[];
  readonly dingtalkCards: readonly Hanging[];
  close(): Promise<void>;
}

export async function setUp(latencyMs: number): Promise<Rig> {
  const slack = new SlackStandIn();
  const dingtalk = new DingTalkStandIn();
  dingtalk.tenant.quota = { calls: 10_000_000, messages: 10_000_000 };
  for (let index = 0; index < conversations; index += 1) {
    slack.addChannel(slackConversation(index), `ops-${index}`);
    dingtalk.addGroup(dingtalkGroup(index));
  }
  dingtalk.addPeople(...people.map(({ dingtalk: id }) => id));
  await Promise.all([slack.up(), dingtalk.up()]);
  const ways = await Promise.all([
    farWay(() => slack.port, latencyMs),
    farWay(() => dingtalk.port, latencyMs),
  ]);
  slack.behind = ways[0].port;
  dingtalk.behind = ways[1].port;
  const redis = await startRedis({ appendonly: true });
  const bot = await startTheBot(slack, dingtalk, redis);
  const quiet = () => undefined;
  const stores = openStores({
    redis: { url: redis.url, prefix: 'nightkeeper' },
    replica: 'bench',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const rig = { slack, dingtalk, stores };
  return {
    ...rig,
    slackCards: await hangingIn(rig, 's', slackConversation),
    dingtalkCards: await hangingIn(rig, 'd', dingtalkGroup),
    close: () => tearDown({ ...rig, bot, redis, ways }),
  };
}

async function tearDown(parts: {
  readonly slack: SlackStandIn;
  readonly dingtalk: DingTalkStandIn;
  readonly stores: Stores;
  readonly bot: Bot;
  readonly redis: RedisServer;
  readonly ways: readonly FarWay[];
}): Promise<void> {
  await parts.bot.close();
  await parts.stores.link.close();
  await Promise.all([parts.slack.close(), parts.dingtalk.close(), parts.redis.close()]);
  for (const way of parts.ways) await way.close();
}

/** Waits until every ensemble has its incident, and every incident its card. */
async function hangingIn(
  rig: Pick<Rig, 'slack' | 'dingtalk' | 'stores'>,
  prefix: 's' | 'd',
  conversationOf: (index: number) => string,
): Promise<readonly Hanging[]> {
  const deadlineMs = Date.now() + 120_000;
  const found: Hanging[] = [];
  for (const [index, ensemble] of ensemblesOf(prefix).entries()) {
    const conversation = conversationOf(index % conversations);
    for (;;) {
      const [open] = await rig.stores.incidents.open(ensemble);
      const isShown =
        prefix === 's'
          ? slackCard(rig.slack, conversation, ensemble) !== undefined
          : dingtalkCard(rig.dingtalk, conversation, ensemble) !== undefined;
      if (open !== undefined && isShown) {
        found.push({ ensemble, incident: open.id, conversation, person: index % conversations });
        break;
      }
      if (Date.now() > deadlineMs) throw new Error(`no card of ${ensemble}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return found;
}

export function slackCard(slack: SlackStandIn, conversation: string, ensemble: string) {
  return slack
    .channel(conversation)
    .messages.find((message) => message.text.includes(`${ensemble}/zk3`));
}

export function dingtalkCard(dingtalk: DingTalkStandIn, group: string, ensemble: string) {
  return dingtalk.cards(group).find((message) => message.text.includes(`${ensemble}/zk3`));
}

function slackConversation(index: number): string {
  return `C0BENCH${String(index).padStart(3, '0')}`;
}

function dingtalkGroup(index: number): string {
  return `cidBenchGroup${String(index).padStart(3, '0')}==`;
}

function ensemblesOf(prefix: string): readonly string[] {
  return Array.from({ length: conversations * ensemblesEach }, (_, index) => `${prefix}${index}`);
}

async function startTheBot(
  slack: SlackStandIn,
  dingtalk: DingTalkStandIn,
  redis: RedisServer,
): Promise<Bot> {
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    DINGTALK_CLIENT_SECRET: dingtalk.tenant.clientSecret,
  };
  const loaded = loadConfig(yaml(slack, dingtalk, redis), { env, detectorThresholds });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return await startBot({
    config: loaded.config,
    log: createLog({
      secrets: loaded.config.secrets,
      level: process.env['NK_BENCH_LOG'] ?? 'silent',
    }),
    version: 'bench',
    zookeeper: { prober, sensors },
  });
}

function yaml(slack: SlackStandIn, dingtalk: DingTalkStandIn, redis: RedisServer): string {
  const servers = [1, 2, 3].map((id) => `{ id: zk${id}, client: "10.0.0.${id}:2181" }`);
  const indexes = Array.from({ length: conversations }, (_, index) => index);
  const route = (prefix: string, index: number): string => {
    const own = ensemblesOf(prefix).filter((_, at) => at % conversations === index);
    return `  - { ensembles: [${own.join(', ')}], to: [${prefix}-${index}] }`;
  };
  return [
    `redis: { url: "${redis.url}" }`,
    'http: { host: 127.0.0.1, port: 0 }',
    'people:',
    ...people.map(
      (one) =>
        `  ${one.dingtalk}: { name: ${one.dingtalk}, roles: { "*": operator }, slack: ${one.slack}, dingtalk: ${one.dingtalk} }`,
    ),
    'ensembles:',
    ...[...ensemblesOf('s'), ...ensemblesOf('d')].map(
      // Seldom looked at: what is measured here is how people are answered.
      (id) => `  ${id}: { servers: [${servers.join(', ')}], probe: { every: 30s } }`,
    ),
    `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}", apiUrl: "${slack.apiUrl}" }`,
    `dingtalk: { clientId: ${dingtalk.tenant.clientId}, clientSecret: "\${DINGTALK_CLIENT_SECRET}", robotCode: ${dingtalk.tenant.robotCode}, cardTemplateId: ${dingtalk.tenant.template}, apiUrl: "${dingtalk.apiUrl}", quota: { calls: 10000000, messages: 10000000 } }`,
    'destinations:',
    ...indexes.map((index) => `  s-${index}: { slack: ${slackConversation(index)} }`),
    ...indexes.map((index) => `  d-${index}: { dingtalk: "${dingtalkGroup(index)}" }`),
    // Every card is there to be pressed.
    'grouping: { above: 1000, within: 1m }',
    'routes:',
    ...indexes.map((index) => route('s', index)),
    ...indexes.map((index) => route('d', index)),
    '',
  ].join('\n');
}

/** Every ensemble has lost zk3, and goes on with zk1 and zk2. */
const prober: Prober = {
  probe: (_settings, { id }) => Promise.resolve(sampleOf(id)),
  discover: () => Promise.resolve(undefined),
  evidence: () => Promise.resolve({}),
};

const sensors: Sensors = {
  watch: () => ({ canary: () => undefined, held: () => [], close: () => Promise.resolve() }),
};

function sampleOf(server: string): Sample {
  const atMs = Date.now();
  if (server === 'zk3')
    return {
      kind: 'failure',
      server,
      atMs,
      tookMs: 1,
      reason: 'refused',
      connected: false,
      detail: 'ECONNREFUSED zk3',
    };
  return {
    kind: 'reading',
    server,
    atMs,
    tookMs: 1,
    mode: server === 'zk1' ? 'leader' : 'follower',
    source: 'mntr',
    metrics: server === 'zk1' ? { synced_followers: 1 } : {},
    zxid: '0x100000001',
    version: '3.8.0',
  };
}
