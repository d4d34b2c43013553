import type { Clock } from '../ports/clock.ts';

/** Timers are not exact: shorter pauses are not made, and what one took too long is made up for. */
const slackMs = 20;

/** Holds whoever asks back to so many requests a second. */
export type Brake = (requests?: number) => Promise<void>;

/**
 * Lets so many requests a second pass, evenly. What was not used for longer than `creditMs` is lost: after a server that did not answer
 * for a minute nobody may ask for all of that minute at once. An abort ends the pause.
 */
export function createBrake(
  clock: Clock,
  perSecond: number,
  {
    creditMs = slackMs,
    signal,
  }: { readonly creditMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Brake {
  let nextMs = clock.now();
  return async (requests = 1) => {
    const nowMs = clock.now();
    nextMs = Math.max(nextMs, nowMs - creditMs) + (requests * 1000) / perSecond;
    const waitMs = nextMs - nowMs;
    if (waitMs >= slackMs) await clock.sleep(Math.ceil(waitMs), signal).catch(() => undefined);
  };
}
