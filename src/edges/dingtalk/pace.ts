import { ApiError } from './failure.ts';
import { callPace } from './limits.ts';
import { sleep } from './sleep.ts';

/**
 * Keeps the calls of one API below what DingTalk allows the whole application in a second, however many groups there are: a refused
 * call costs quota too. Each process paces itself; with several, a refusal is rare and waits a second. Throws what DingTalk would
 * say where a call would have to wait too long.
 */
export function createPace({
  burst,
  everyMs,
  waitMsMax,
}: {
  readonly burst: number;
  readonly everyMs: number;
  readonly waitMsMax: number;
} = callPace): (api: string) => Promise<void> {
  /** When the bucket of each API is full again. */
  const fullAtMs = new Map<string, number>();

  return async (api) => {
    const nowMs = performance.now();
    const fullMs = Math.max(nowMs, fullAtMs.get(api) ?? 0) + everyMs;
    const waitMs = fullMs - nowMs - burst * everyMs;
    if (waitMs > waitMsMax) throw new ApiError(429, 'QpsLimit');
    fullAtMs.set(api, fullMs);
    if (waitMs > 0) await sleep(waitMs);
  };
}
