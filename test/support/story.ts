import { afterAll, beforeAll, beforeEach } from 'vitest';
import { connectRedis } from '../../src/edges/redis/connect.ts';
import { createIncidentStore } from '../../src/edges/redis/incident-store.ts';
import type { AuditEntry } from '../../src/model/audit.ts';
import type { Card } from '../../src/model/card.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { RedisServer } from '../servers/redis.ts';
import { type SlackMessage, SlackStandIn } from '../servers/slack.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
  type WebhookRequest,
} from '../servers/webhook.ts';
import {
  startEnsemble,
  type ZooKeeperEnsemble,
  type ZooKeeperServer,
} from '../servers/zookeeper.ts';
import type { EnsembleOptions } from '../servers/zookeeper-config.ts';
import { type StoryBot, type StoryOptions, startStoryBot, storyEnv, storyYaml } from './bot.ts';
import { quietLog } from './log.ts';
import { until } from './until.ts';

/** The people of the stories: who may do what, and who they are in Slack. */
export const people = [
  'people:',
  '  ann: { name: Ann Chen, roles: { "*": admin }, slack: U0ANN }',
  '  bo: { name: Bo Berg, roles: { "*": operator }, slack: U0BO }',
  '  vic: { name: Vic Vance, roles: { "*": viewer }, slack: U0VIC }',
].join('\n');

/** The Slack conversation of the stories. */
export const ops = 'C0000OPS';

/** A real ensemble `orders` with a bot that watches it and tells console, Slack and a webhook. */
export interface Story {
  readonly ensemble: ZooKeeperEnsemble;
  readonly slack: SlackStandIn;
  readonly webhook: WebhookReceiver;
  readonly bot: StoryBot;
  close(): Promise<void>;
}

export type Servers = Omit<Story, 'bot'>;

/** The servers around a bot, without it. */
export async function startServers(ensemble: EnsembleOptions = {}): Promise<Servers> {
  const slack = new SlackStandIn();
  slack.addChannel(ops, 'ops');
  const [started, webhook] = await Promise.all([
    startEnsemble(ensemble),
    startWebhookReceiver(),
    slack.up(),
  ]);
  return {
    ensemble: started,
    slack,
    webhook,
    async close() {
      await Promise.all([started.close(), webhook.close(), slack.close()]);
    },
  };
}

/** Starts everything and waits until the bot sees a healthy ensemble. */
export async function startStory(
  options: Partial<StoryOptions> & { readonly ensemble?: EnsembleOptions } = {},
): Promise<Story> {
  const { ensemble, ...more } = options;
  return await withBot(await startServers(ensemble), more);
}

/** Adds the bot to its servers. */
export async function withBot(
  servers: Servers,
  options: Partial<StoryOptions> = {},
): Promise<Story> {
  const bot = await startStoryBot({
    ensembles: { orders: servers.ensemble },
    slack: servers.slack,
    webhook: servers.webhook,
    yaml: people,
    ...options,
  });
  const story = {
    ...servers,
    bot,
    async close() {
      await bot.close();
      await servers.close();
    },
  };
  try {
    await bot.green();
  } catch (error) {
    // The next story runs in the same process.
    await story.close();
    throw error;
  }
  return story;
}

/** One test of a story: a follower to break, and what people are told since it began. */
export interface Chapter {
  readonly victim: ZooKeeperServer;
  readonly ear: Ear;
  /** What Slack has of it. */
  readonly posted: () => readonly SlackMessage[];
}

/** Begins a test as soon as everything is healthy, in the eyes of the bot too. */
export async function beginChapter(
  servers: Servers,
  isHealthy: () => Promise<unknown>,
): Promise<Chapter> {
  await servers.ensemble.ready();
  await isHealthy();
  const [victim] = await servers.ensemble.followers();
  if (victim === undefined) throw new Error('no follower');
  const before = servers.slack.channel(ops).messages.length;
  const posted = () => servers.slack.channel(ops).messages.slice(before);
  return { victim, ear: listen(servers), posted };
}

/** Hooks for a file whose tests share one ensemble and one bot. What it returns is always that of the running test. */
export function sharedStory(): Omit<Story, 'close'> & Chapter {
  let story: Story;
  let chapter: Chapter;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(async () => {
    await story?.close();
  });
  beforeEach(async () => {
    chapter = await beginChapter(story, () => story.bot.green());
  });
  return {
    get ensemble() {
      return story.ensemble;
    },
    get slack() {
      return story.slack;
    },
    get webhook() {
      return story.webhook;
    },
    get bot() {
      return story.bot;
    },
    get victim() {
      return chapter.victim;
    },
    get ear() {
      return chapter.ear;
    },
    posted: () => chapter.posted(),
  };
}

/** The configuration of a story for a bot in a process of its own. */
export function processOf(
  servers: Servers,
  redis: RedisServer,
  more: Partial<StoryOptions> = {},
): { readonly yaml: string; readonly env: Readonly<Record<string, string>> } {
  const options = {
    ensembles: { orders: servers.ensemble },
    slack: servers.slack,
    webhook: servers.webhook,
    yaml: people,
    ...more,
  };
  return { yaml: storyYaml(options, redis), env: storyEnv(options) };
}

/** What the webhook hears from a moment on. */
export interface Ear {
  heard(): readonly WebhookRequest[];
  /** The incidents it heard of, each once, by number. */
  incidents(): readonly number[];
  /** The servers that were named, each once. */
  servers(): readonly string[];
  /** Waits for the first request that matches. */
  expect(
    what: string,
    matches: (request: WebhookRequest) => boolean,
    deadlineMs?: number,
  ): Promise<WebhookRequest>;
  /** Waits until it was shown that an incident is over. */
  over(incident: number, deadlineMs?: number): Promise<WebhookRequest>;
}

export function listen({ webhook }: Pick<Story, 'webhook'>): Ear {
  const since = webhook.requests.length;
  const heard = () => webhook.requests.slice(since);
  const expect: Ear['expect'] = (what, matches, deadlineMs) =>
    until(`webhook: ${what}`, () => heard().find(matches), deadlineMs);
  return {
    heard,
    expect,
    incidents: () => [...new Set(heard().map(({ body }) => body.incident))].sort((a, b) => a - b),
    servers: () => [...new Set(heard().flatMap(({ body }) => body.server ?? []))].sort(),
    over: (incident, deadlineMs) =>
      expect(
        `#${incident} is over`,
        ({ body }) => body.incident === incident && body.event === 'card' && !isUp(body),
        deadlineMs,
      ),
  };
}

/** What a bot in a process of its own shows on its console. */
export interface Eyes {
  readonly card: (
    what: string,
    matches: (card: Card) => boolean,
    deadlineMs?: number,
  ) => Promise<Card>;
  readonly incident: (id: number) => Promise<Incident>;
  /** Undefined for an ensemble that is not watched. */
  readonly health: (ensemble: string) => Promise<string | undefined>;
}

export function eyesOn(bot: () => { get(path: string): Promise<unknown> }): Eyes {
  const get = async <T>(path: string): Promise<T> => (await bot().get(path)) as T;
  return {
    card: (what, matches, deadlineMs) =>
      until(
        `console: ${what}`,
        async () => {
          const { cards } = await get<{ cards: { card: Card }[] }>('/api/v1/cards');
          return cards.map(({ card }) => card).find(matches);
        },
        deadlineMs,
      ),
    incident: async (id) => (await get<{ incident: Incident }>(`/api/v1/incidents/${id}`)).incident,
    async health(ensemble) {
      type Status = { readonly ensemble: string; readonly health: string };
      const { ensembles } = await get<{ ensembles: Status[] }>('/api/v1/status');
      return ensembles.find((each) => each.ensemble === ensemble)?.health;
    },
  };
}

/** True for a card that is out and not over. */
export function isUp({ tone }: { readonly tone: string }): boolean {
  return tone !== 'resolved';
}

/** What the bot logged as its own failure. */
export function errorsOf({ bot }: Pick<Story, 'bot'>): readonly string[] {
  return bot.logged.filter((line) => line.startsWith('error'));
}

/** The newest audit entries of an ensemble, newest first. */
export async function auditOf(
  { bot }: Pick<Story, 'bot'>,
  ensemble = 'orders',
): Promise<readonly AuditEntry[]> {
  const link = connectRedis({ url: bot.redis.url, prefix: 'nightkeeper', log: quietLog });
  try {
    return await createIncidentStore(link).audited(ensemble, 100);
  } finally {
    await link.close();
  }
}
