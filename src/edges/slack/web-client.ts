import { webApi } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConfig } from './config.ts';

/** How long one call of the Web API may take before its answer counts as lost: a send is at most two of them after its turn. */
const callTimeoutMs = 6000;

/**
 * A client of its own: a 429 pauses every method of a client, so deliveries and answers to people do not share one. It never
 * retries by itself, because a retried post is a second post.
 */
export function createWebClient(
  settings: SlackConfig,
  log: Log,
  timeoutMs: number = callTimeoutMs,
): webApi.WebClient {
  return new webApi.WebClient(settings.botToken, clientOptions(settings, log, timeoutMs));
}

/** A fresh object each time: the SDK writes into it. No `headers`, or the bot token ends up in calls with the app token. */
export function clientOptions(
  settings: SlackConfig,
  log: Log,
  timeoutMs: number = callTimeoutMs,
): webApi.WebClientOptions {
  return {
    ...(settings.apiUrl === undefined ? {} : { slackApiUrl: settings.apiUrl }),
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: boltLogger(log),
  };
}
