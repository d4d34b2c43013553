import type { types } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/** How long Slack may take to accept an answer. */
const respondMs = 5000;

/** Tries of one answer: the second covers a passing reset or 5xx. A `response_url` takes five uses in half an hour. */
const respondTries = 2;

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
export async function respond(responseUrl: string, answer: Answer, log: Log): Promise<boolean> {
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
  for (let attempt = 1; attempt <= respondTries; attempt += 1) {
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
      if (response.status < 500) break;
    } catch (error) {
      reason = error instanceof Error ? error.name : 'unknown';
    }
  }
  log.warn({ reason }, 'an answer did not reach slack');
  return false;
}
