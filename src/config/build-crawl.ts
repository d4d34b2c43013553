import type { CrawlSettings } from '../model/settings.ts';
import type { ParsedConfig } from './schema.ts';

/** How the tree of an ensemble is walked, as the inside knows it. */
export function crawlOf(
  crawl: NonNullable<ParsedConfig['ensembles'][string]['crawl']>,
): CrawlSettings {
  const { every, time, ...limits } = crawl;
  return { everyMs: every, timeMs: time, ...limits };
}
