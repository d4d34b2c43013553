import type { Trouble } from '../../model/destination.ts';
import type { IncidentId } from '../../model/incident.ts';

/** First pause after a failure; doubled each time up to one of the next two. */
export const backoffMs = 1_000;

/** The longest pause while a chat may come back any moment: one message every few seconds is all that a destination that is away gets. */
export const outageMsMax = 5_000;

/** The longest pause where it refused for good: somebody has to do something, and then it heals by itself. */
export const backoffMsMax = 5 * 60_000;

/** How long a chat may be out before that is told. */
export const brokenAfterMs = 60_000;

/** How long before people are called for it; and how long a chat may limit us before that is told. */
export const brokenPageAfterMs = 5 * 60_000;

/** How long to wait after so many failures in a row, unless the chat said how long. */
export function pauseAfter(code: string, failures: number, retryAfterMs?: number): number {
  if (code === 'delivery-refused') return backoffMsMax;
  return retryAfterMs ?? Math.min(backoffMs * 2 ** Math.min(failures - 1, 20), outageMsMax);
}

/**
 * The trouble of a destination after one more failure. A rate limit holds everything; other failures do when a second incident has
 * them: one alone may be at fault itself, and must not stand in the way of the others.
 */
export function withFailure(
  before: Trouble | undefined,
  failure: {
    readonly code: string;
    readonly error: string;
    readonly incident: IncidentId;
    readonly retryAfterMs?: number;
    /** When the message set out. */
    readonly startedMs: number;
  },
  nowMs: number,
): Trouble {
  const { code, error, incident, retryAfterMs, startedMs } = failure;
  // Messages that were on their way together and failed together are one failure of the destination.
  const isSameWave = startedMs < (before?.lastMs ?? Number.NEGATIVE_INFINITY);
  const failures = (before?.failures ?? 0) + (isSameWave ? 0 : 1);
  const incidents = [...new Set([...(before?.incidents ?? []), incident])].slice(0, 2);
  const holds = code === 'delivery-rate-limited' || incidents.length > 1;
  const told = before?.told;
  return {
    sinceMs: before?.sinceMs ?? nowMs,
    code,
    error,
    failures,
    incidents,
    lastMs: nowMs,
    ...(holds ? { notBeforeMs: nowMs + pauseAfter(code, failures, retryAfterMs) } : {}),
    ...(told === undefined ? {} : { told }),
  };
}

/** How bad a trouble is by now, and when it is next to be judged; nothing to tell before that. */
export function verdictOf(
  { code, sinceMs }: Trouble,
  nowMs: number,
): { readonly severity?: 'warn' | 'page'; readonly nextMs?: number } {
  const forMs = nowMs - sinceMs;
  if (code === 'delivery-rate-limited')
    return forMs >= brokenPageAfterMs
      ? { severity: 'warn' }
      : { nextMs: sinceMs + brokenPageAfterMs };
  if (forMs >= brokenPageAfterMs) return { severity: 'page' };
  if (code === 'delivery-refused' || forMs >= brokenAfterMs)
    return { severity: 'warn', nextMs: sinceMs + brokenPageAfterMs };
  return { nextMs: sinceMs + brokenAfterMs };
}
