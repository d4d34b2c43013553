import type { DeliveryError } from '../../model/errors.ts';
import type { Log } from '../../ports/log.ts';
import { failureOf } from './failure.ts';
import { sleep } from './sleep.ts';

/** How long an answer is tried for: an outage that is shorter costs nobody theirs. */
const insistMs = 90_000;

/** Waits between tries: doubled each time from the first to the last. */
const pauseMs = { first: 500, last: 8_000 } as const;

/**
 * Says something to a person, again and again while DingTalk is away or asks for patience: said twice is better than never. Throws a
 * `DeliveryError` when it is refused, and when the time is over.
 */
export async function insist(
  send: () => Promise<unknown>,
  { log, giveUp }: { readonly log: Log; readonly giveUp: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + insistMs;
  let waitMs: number = pauseMs.first;
  for (;;) {
    let failure: DeliveryError;
    try {
      await send();
      return;
    } catch (error) {
      failure = failureOf(error);
    }
    const pause = Math.max(waitMs, failure.retryAfterMs ?? 0);
    const isLate = performance.now() + pause > endMs || giveUp.aborted;
    if (failure.code === 'delivery-refused' || isLate) throw failure;
    log.debug({ code: failure.code, retryInMs: pause }, 'an answer to dingtalk is tried again');
    await sleep(pause, giveUp);
    waitMs = Math.min(2 * waitMs, pauseMs.last);
  }
}
