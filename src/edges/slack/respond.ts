import type { types } from '@slack/bolt';
import { neverSentCodes } from '../../ports/channel.ts';
import type { Log } from '../../ports/log.ts';
import { networkReason } from './failure.ts';
import { sleep } from './sleep.ts';

/** How long Slack may take to accept an answer. */
const respondMs = 5000;

/** Times an answer may have reached Slack: a `response_url` takes five uses in half an hour, and one click may need two of them. */
const usesMax = 4;

/** How long an answer is tried for: an outage that is shorter costs nobody theirs. */
const respondForMs = 90_000;

/** Waits between tries: doubled each time from the first to the last. */
const pauseMs = { first: 250, last: 8_000 } as const;

/** The wait after the first use that nobody confirmed; four times as long each time, so that four uses outlast an outage of ten seconds. */
const unsureMs = 500;

export interface Answer {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
  /** Everybody in the conversation, or only who asked. */
  readonly to: 'everybody' | 'asker';
  /** The card whose thread a public answer belongs to. */
  readonly threadTs?: string;
}

/**
 * Answers a click or a command through the address Slack gave with it, which works in conversations the bot is not a member of.
 * False when the answer could not be handed over; the log has the reason, never the address.
 */
export async function respond(
  responseUrl: string,
  answer: Answer,
  log: Log,
  signal: AbortSignal = new AbortController().signal,
): Promise<boolean> {
  const body = JSON.stringify({
    response_type: answer.to === 'everybody' ? 'in_channel' : 'ephemeral',
    replace_original: false,
    text: answer.text,
    blocks: answer.blocks,
    ...(answer.threadTs === undefined || answer.to === 'asker'
      ? {}
      : { thread_ts: answer.threadTs }),
  });
  let reason = '';
  let uses = 0;
  let waitMs: number = pauseMs.first;
  const endMs = performance.now() + respondForMs;
  while (uses < usesMax && performance.now() < endMs && !signal.aborted) {
    if (reason !== '') {
      await sleep(uses === 0 ? waitMs : unsureMs * 4 ** (uses - 1), signal);
      waitMs = Math.min(2 * waitMs, pauseMs.last);
    }
    try {
      const response = await fetch(responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(respondMs),
      });
      await response.body?.cancel();
      if (response.ok) return true;
      reason = `status ${response.status}`;
      uses += 1;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      reason = networkReason(error);
      // Where no connection came to be, Slack has seen nothing.
      if (!neverSentCodes.has(reason)) uses += 1;
    }
  }
  log.warn({ reason }, 'an answer did not reach slack');
  return false;
}
