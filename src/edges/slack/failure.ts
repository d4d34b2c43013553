import { webApi } from '@slack/bolt';
import { DeliveryError, type DeliveryFailure } from '../../model/errors.ts';
import { badTokenWords } from '../../model/slack-words.ts';
import { neverSentCodes } from '../../ports/channel.ts';

/** How long to wait when Slack limits the rate and does not say for how long. */
const retryAfterDefaultMs = 5000;

/** Errors that no retry mends: somebody has to change something in Slack or in the configuration. */
const refusals: ReadonlySet<string> = new Set([
  ...badTokenWords,
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'missing_scope',
  'enterprise_is_restricted',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_thread_locked',
]);

/** Whether somebody has to change something before it can work. */
export function isRefusal(code: string): boolean {
  return refusals.has(code);
}

/** Errors that say nothing about whether Slack did it. docs.slack.dev/reference/methods/chat.postMessage#errors */
const undecided: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
]);

const limited: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
]);

/** The code Slack put into its answer, where there is one. */
export function slackErrorOf(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const code = error.data.error;
  // A proxy's page of HTML with status 200 ends up here as a whole.
  return /^[a-z0-9_]{1,60}$/u.test(code) ? code : 'unreadable_answer';
}

/** What a failed call means for the next try. */
export function failureOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return rateLimited(error.retryAfter * 1000, error);
  }
  // A 429 without Retry-After is a plain error in this SDK.
  if (error instanceof Error && error.message.startsWith('Retry header')) {
    return rateLimited(retryAfterDefaultMs, error);
  }
  const code = slackErrorOf(error);
  if (code !== undefined) return platformFailure(code, error);
  if (error instanceof webApi.WebAPIHTTPError) {
    // The body is not ours to show: no cause.
    const failure = error.statusCode >= 500 ? 'delivery-unknown' : 'delivery-temporary';
    return new DeliveryError(failure, `Slack answered with status ${error.statusCode}`);
  }
  const reason = networkReason(error);
  const failure = neverSentCodes.has(reason) ? 'delivery-temporary' : 'delivery-unknown';
  return new DeliveryError(failure, `Slack did not answer: ${reason}`, { cause: error });
}

function platformFailure(code: string, cause: unknown): DeliveryError {
  const message = `Slack said ${code}`;
  if (limited.has(code)) return rateLimited(retryAfterDefaultMs, cause);
  const failure: DeliveryFailure = refusals.has(code)
    ? 'delivery-refused'
    : undecided.has(code) || code === 'unreadable_answer'
      ? 'delivery-unknown'
      : 'delivery-temporary';
  return new DeliveryError(failure, message, code === 'unreadable_answer' ? {} : { cause });
}

function rateLimited(retryAfterMs: number, cause: unknown): DeliveryError {
  return new DeliveryError('delivery-rate-limited', 'Slack limits the rate', {
    retryAfterMs,
    cause,
  });
}

/** `ECONNREFUSED`, `TimeoutError`: the innermost thing with a name. */
export function networkReason(error: unknown): string {
  let inner = error instanceof webApi.WebAPIRequestError ? error.original : error;
  let reason = 'unknown';
  for (let depth = 0; depth < 4 && inner instanceof Error; depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    reason = inner.name;
    inner = inner.cause as Error;
  }
  return reason;
}
