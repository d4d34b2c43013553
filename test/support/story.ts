import { connectRedis } from '../../src/edges/redis/connect.ts';
import { createIncidentStore } from '../../src/edges/redis/incident-store.ts';
import type { AuditEntry } from '../../src/model/audit.ts';
import type { Card } from '../../src/model/card.ts';
import type { Incident } from '../../src/model/incident.ts';
import { SlackStandIn } from '../servers/slack.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
  type WebhookRequest,
} from '../servers/webhook.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import type { EnsembleOptions } from '../servers/zookeeper-config.ts';
import { type StoryBot, type StoryOptions, startStoryBot } from './bot.ts';
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

/** The servers around a bot, without it. */
export async function startServers(ensemble: EnsembleOptions = {}): Promise<Omit<Story, 'bot'>> {
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
  servers: Omit<Story, 'bot'>,
  options: Partial<StoryOptions> = {},
): Promise<Story> {
  const bot = await startStoryBot({
    ensembles: { orders: servers.ensemble },
    slack: servers.slack,
    webhook: servers.webhook,
    yaml: people,
    ...options,
  });
  await bot.green();
  return {
    ...servers,
    bot,
    async close() {
      await bot.close();
      await servers.close();
    },
  };
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
  const expect: Ear['expect'] = (what, matches, deadlineMs = 15_000) =>
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
  readonly card: (what: string, matches: (card: Card) => boolean) => Promise<Card>;
  readonly incident: (id: number) => Promise<Incident>;
  /** Undefined for an ensemble that is not watched. */
  readonly health: (ensemble: string) => Promise<string | undefined>;
}

export function eyesOn(bot: () => { get(path: string): Promise<unknown> }): Eyes {
  const get = async <T>(path: string): Promise<T> => (await bot().get(path)) as T;
  return {
    card: (what, matches) =>
      until(
        `console: ${what}`,
        async () => {
          const { cards } = await get<{ cards: { card: Card }[] }>('/api/v1/cards');
          return cards.map(({ card }) => card).find(matches);
        },
        20_000,
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
