import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets one piece of work begin every `everyMs`, in order; false where that would take longer than `waitMs`. By the clock of the
 * machine: it is the network that must not be hurried.
 */
export function createPace(everyMs: number, waitMs: number): () => Promise<boolean> {
  let nextMs = 0;
  return async () => {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, nextMs);
    if (atMs - nowMs > waitMs) return false;
    nextMs = atMs + everyMs;
    if (atMs > nowMs) await sleep(atMs - nowMs);
    return true;
  };
}
