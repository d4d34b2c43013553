import type { ServerId } from '../../model/ensemble.ts';
import type { Survey } from '../../model/survey.ts';
import type { CrawlState, TreeFacts } from '../../model/tree.ts';
import { type EnsembleStore, surveyKeptMs } from '../../ports/ensemble-store.ts';
import type { RedisLink } from './connect.ts';
import { readIfAny } from './json.ts';
import { takeLease } from './lease.ts';

/** Keeps the slow facts of servers in Redis: one hash per ensemble, a few kilobytes for each server. */
export function keepsSurveys(redis: RedisLink): Pick<EnsembleStore, 'saveSurvey' | 'claimSurvey'> {
  const { keys } = redis;
  return {
    async saveSurvey(id, survey) {
      const key = keys.ensemble(id).surveys;
      await redis.ask((client) =>
        client
          .multi()
          .hset(key, survey.server, JSON.stringify(survey))
          .pexpire(key, surveyKeptMs)
          .exec(),
      );
    },
    claimSurvey: (id, forMs) => claim(redis, keys.ensemble(id).surveying, forMs),
  };
}

/** Keeps what crawls bring: two strings per ensemble, at most `treeBytesMax` and `crawlBytesMax` long. */
export function keepsCrawls(
  redis: RedisLink,
): Pick<EnsembleStore, 'crawl' | 'saveCrawl' | 'claimCrawl'> {
  const { keys } = redis;
  return {
    async crawl(id) {
      const key = keys.ensemble(id).crawl;
      const text = await redis.ask((client) => client.get(key));
      return text === null ? undefined : readIfAny<CrawlState>(text, key);
    },
    async saveCrawl(id, state, tree) {
      const at = keys.ensemble(id);
      await redis.ask((client) =>
        client
          .multi()
          .set(at.crawl, JSON.stringify(state), 'PX', surveyKeptMs)
          .set(at.tree, JSON.stringify(tree), 'PX', surveyKeptMs)
          .exec(),
      );
    },
    claimCrawl: (id, forMs) => claim(redis, keys.ensemble(id).crawling, forMs),
  };
}

/** What a crawl brought, as `recall` finds it. */
export function treeIn(value: unknown, key: string): TreeFacts | undefined {
  return typeof value === 'string' ? readIfAny<TreeFacts>(value, key) : undefined;
}

async function claim(
  redis: RedisLink,
  key: string,
  forMs: number,
): Promise<(() => Promise<void>) | undefined> {
  const lease = await takeLease(redis, key, forMs);
  return lease === undefined ? undefined : () => lease.release();
}

/** Those of the servers asked for: one that left the ensemble is no longer of interest. */
export function surveysIn(
  value: unknown,
  servers: readonly ServerId[],
  key: string,
): Readonly<Record<ServerId, Survey>> {
  const texts = (value ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(
    servers.flatMap((server) => {
      const text = Object.hasOwn(texts, server) ? texts[server] : undefined;
      const known = text === undefined ? undefined : readIfAny<Survey>(text, `${key} ${server}`);
      return known === undefined ? [] : [[server, known]];
    }),
  );
}
