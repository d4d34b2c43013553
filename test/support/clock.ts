import type { Clock } from '../../src/ports/clock.ts';

/** A clock that a test owns: time stands still until `advance`. */
export interface FakeClock extends Clock {
  /** Lets `ms` pass: wakes every sleeper at its own time, in order, and lets what it does go on before the next one. */
  advance(ms: number): Promise<void>;
  /** How many sleep right now. */
  sleepers(): number;
}

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

/** Noon, 21 November 2026, UTC: any fixed moment does. */
export const fakeStartMs = Date.UTC(2026, 10, 21, 12);

export function createFakeClock(startMs: number = fakeStartMs): FakeClock {
  let nowMs = startMs;
  const sleeping = new Set<Sleeper>();

  function nextUntil(limitMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of sleeping)
      if (sleeper.atMs <= limitMs && (next === undefined || sleeper.atMs < next.atMs))
        next = sleeper;
    return next;
  }

  return {
    now: () => nowMs,
    sleepers: () => sleeping.size,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const sleeper: Sleeper = {
          atMs: nowMs + Math.max(0, ms),
          wake() {
            sleeping.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        function abort(): void {
          sleeping.delete(sleeper);
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
        }
        if (signal?.aborted === true) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        sleeping.add(sleeper);
      });
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let next = nextUntil(untilMs); next !== undefined; next = nextUntil(untilMs)) {
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
  };
}

/** Turns of the event loop that let promise chains run to their next wait. */
const settleTurns = 3;

async function settle(): Promise<void> {
  for (let turn = 0; turn < settleTurns; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
}
