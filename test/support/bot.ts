import { type Bot, startBot } from '../../src/app/bot.ts';
import { detectorThresholds } from '../../src/app/catalog.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Card } from '../../src/model/card.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import type { Reply } from '../../src/model/reply.ts';
import type { Log } from '../../src/ports/log.ts';
import { type DingTalkStandIn, ops as dingtalkOps } from '../servers/dingtalk.ts';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import type { SlackStandIn } from '../servers/slack.ts';
import type { WebhookReceiver } from '../servers/webhook.ts';
import type { ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { until } from './until.ts';

/** The whole bot in this process, with the real servers a story needs. */
export interface StoryBot {
  readonly bot: Bot;
  readonly redis: RedisServer;
  readonly url: string;
  /** What it logged at warn and above. */
  readonly logged: readonly string[];
  /** Cards on the console, newest first. */
  cards(): Promise<readonly Card[]>;
  /** Waits for a card on the console. */
  card(what: string, matches: (card: Card) => boolean, deadlineMs?: number): Promise<Card>;
  /** Types a line on the console as a person (default: the person at this machine). */
  type(line: string, token?: string): Promise<Reply>;
  incident(
    id: number,
  ): Promise<{ readonly incident: Incident; readonly events: readonly IncidentEvent[] }>;
  /** Waits until every ensemble is healthy. */
  green(deadlineMs?: number): Promise<void>;
  get(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface StoryOptions {
  readonly ensembles: Readonly<Record<string, ZooKeeperEnsemble>>;
  /** More of them, as lines of the section `ensembles`. */
  readonly ensemblesYaml?: string;
  readonly redis?: RedisServer;
  /** The section `redis` where it names more than that server, as YAML flow: `{ cluster: […] }`. */
  readonly redisYaml?: string;
  readonly webhook?: WebhookReceiver;
  readonly slack?: SlackStandIn;
  /** The Slack conversation of the destination `ops`. */
  readonly slackChannel?: string;
  /** With its group `ops` as the destination `duty`, in Chinese. */
  readonly dingtalk?: DingTalkStandIn;
  /** With cards of its template (the default), or with texts. */
  readonly dingtalkCards?: boolean;
  /** More sections of the configuration, as YAML. */
  readonly yaml?: string;
  /** More settings inside every ensemble, as YAML flow: `thresholds: { … }`. */
  readonly ensembleYaml?: string;
  /** More settings inside the section `restart` of every ensemble, as YAML flow. */
  readonly restartYaml?: string;
  readonly routes?: string;
  /** Settings of `http` besides its host, as YAML flow; any free port otherwise. */
  readonly http?: string;
  /** More destinations, each as YAML flow: `{ slack: C0000CN1, language: zh-CN }`. */
  readonly destinations?: Readonly<Record<string, string>>;
  /** Sent with every request of the test, where the people of the story have tokens. */
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The tests of a file kill the same servers within seconds of each other. That is a crash loop, or a rolling restart, and would be one
 * card; here each is told on its own. So is each of the times a fault comes back (`flap` in the stories' configuration).
 */
export const apart =
  'thresholds: { member-crash-loop: { starts: 1000 }, rolling-restart: { windowMs: 0 } }';

/** Writes the configuration of a story, as an operator would; everything but `http`. */
export function storyYaml(options: StoryOptions, redis: RedisServer): string {
  const ensembles = Object.entries(options.ensembles).map(([id, ensemble]) => {
    const servers = ensemble.servers.map(
      (server) =>
        `{ id: ${server.id}, client: "${server.host}:${server.clientPort}", role: ${server.role} }`,
    );
    return [
      `  ${id}:`,
      `    servers: [${servers.join(', ')}]`,
      `    restart: { command: ${JSON.stringify(ensemble.restartArgv())}, ${halvesYaml(ensemble)}, ${options.restartYaml === undefined ? '' : `${options.restartYaml}, `}timeout: 30s, cooldown: 1s }`,
      // The tests of a file restart the same servers again and again.
      '    recoveriesPerHour: 0',
      `    ${apart}`,
      ...(options.ensembleYaml === undefined ? [] : [`    ${options.ensembleYaml}`]),
    ].join('\n');
  });
  const { webhook, slack, dingtalk } = options;
  const more = Object.entries(options.destinations ?? {});
  const destinations = [
    ...more.map(([id, destination]) => `  ${id}: ${destination}`),
    ...(slack === undefined ? [] : [`  ops: { slack: ${options.slackChannel ?? 'C0000OPS'} }`]),
    ...(dingtalk === undefined ? [] : [`  duty: { dingtalk: "${dingtalkOps}", language: zh-CN }`]),
    ...(webhook === undefined
      ? []
      : [`  hook: { webhook: { url: "${webhook.url}", secret: "\${HOOK_SECRET}" } }`]),
  ];
  const names = [
    ...more.map(([id]) => id),
    ...(slack === undefined ? [] : ['ops']),
    ...(dingtalk === undefined ? [] : ['duty']),
    ...(webhook === undefined ? [] : ['hook']),
  ];
  return [
    `redis: ${options.redisYaml ?? `{ url: "${redis.url}" }`}`,
    ...(options.yaml?.includes('incidents:') === true ? [] : ['incidents: { flap: { times: 0 } }']),
    'ensembles:',
    ...ensembles,
    ...(options.ensemblesYaml === undefined ? [] : [options.ensemblesYaml]),
    ...(slack === undefined
      ? []
      : [
          `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}", apiUrl: "${slack.apiUrl}" }`,
        ]),
    ...dingtalkYaml(dingtalk, options.dingtalkCards !== false),
    ...(destinations.length === 0 ? [] : ['destinations:', ...destinations]),
    ...(names.length === 0 ? [] : [options.routes ?? `routes: [{ to: [${names.join(', ')}] }]`]),
    ...(options.yaml === undefined ? [] : [options.yaml]),
    '',
  ].join('\n');
}

function halvesYaml(ensemble: ZooKeeperEnsemble): string {
  const { stop, start, on } = ensemble.halves();
  return `stop: ${JSON.stringify(stop)}, start: ${JSON.stringify(start)}, on: ${JSON.stringify(on)}`;
}

function dingtalkYaml(dingtalk: DingTalkStandIn | undefined, cards: boolean): readonly string[] {
  if (dingtalk === undefined) return [];
  const { clientId, template, quota } = dingtalk.tenant;
  return [
    'dingtalk:',
    `  clientId: ${clientId}`,
    `  clientSecret: "\${DINGTALK_CLIENT_SECRET}"`,
    ...(cards ? [`  cardTemplateId: ${template}`] : []),
    `  apiUrl: "${dingtalk.apiUrl}"`,
    `  quota: { calls: ${quota.calls}, messages: ${quota.messages} }`,
  ];
}

/** The secrets that the configuration of a story refers to. */
export function storyEnv({
  webhook,
  slack,
  dingtalk,
  env,
}: StoryOptions): Readonly<Record<string, string>> {
  return {
    ...(webhook === undefined ? {} : { HOOK_SECRET: webhook.secret }),
    ...(slack === undefined
      ? {}
      : { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken }),
    ...(dingtalk === undefined ? {} : { DINGTALK_CLIENT_SECRET: dingtalk.tenant.clientSecret }),
    ...env,
  };
}

export function storyConfig(options: StoryOptions, redis: RedisServer): Config {
  const http = `http: { host: 127.0.0.1, ${options.http ?? 'port: 0'} }`;
  const yaml = `${http}\n${storyYaml(options, redis)}`;
  const loaded = loadConfig(yaml, { env: storyEnv(options), detectorThresholds });
  if (!loaded.ok) throw new Error(`configuration: ${JSON.stringify(loaded.faults, null, 1)}`);
  return loaded.config;
}

export async function startStoryBot(options: StoryOptions): Promise<StoryBot> {
  const redis = options.redis ?? (await startRedis({ appendonly: true }));
  const logged: string[] = [];
  const note = (level: string) => (facts: object, message: string) => {
    const err = 'err' in facts && facts.err instanceof Error ? ` ${facts.err.stack}` : '';
    logged.push(`${level}: ${message} ${JSON.stringify(facts)}${err}`);
  };
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: note('warn'),
    error: note('error'),
  };
  const bot = await startBot({ config: storyConfig(options, redis), log, version: '0.0.0-test' });
  const signed = (token = options.token): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const get = async (path: string) =>
    await (await fetch(`${bot.address}${path}`, { headers: signed() })).json();
  const cards = async () => {
    const body = (await get('/api/v1/cards')) as { cards: readonly { card: Card }[] };
    return body.cards.map(({ card }) => card);
  };
  return {
    bot,
    redis,
    url: bot.address,
    logged,
    cards,
    get,
    card: (what, matches, deadlineMs) =>
      until(`console: ${what}`, async () => (await cards()).find(matches), deadlineMs),
    async type(line, token) {
      const response = await fetch(`${bot.address}/api/v1/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(token) },
        body: JSON.stringify({ line }),
      });
      return (await response.json()) as Reply;
    },
    async incident(id) {
      return (await get(`/api/v1/incidents/${id}`)) as Awaited<ReturnType<StoryBot['incident']>>;
    },
    async green(deadlineMs) {
      await until(
        'every ensemble is healthy',
        async () => {
          const body = (await get('/api/v1/status')) as { ensembles: { health: string }[] };
          return body.ensembles.every(({ health }) => health === 'healthy');
        },
        deadlineMs,
      );
    },
    async close() {
      await bot.close();
      if (options.redis === undefined) await redis.close();
    },
  };
}
