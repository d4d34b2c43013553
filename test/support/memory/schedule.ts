import { attemptsMax, backOffAfterMs } from '../../../src/edges/queue/limits.ts';
import type { Job, JobKind } from '../../../src/model/job.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Schedule } from '../../../src/ports/schedule.ts';

/** A schedule that a test can look into. */
export interface MemorySchedule extends Schedule {
  /** Resolves when no job runs or waits for its turn; jobs whose time has not come may remain. */
  idle(): Promise<void>;
  /** Ids of the jobs that repeat. */
  repeating(): readonly string[];
}

/** Real time that `stop` waits for handlers: nobody moves the clock of a test that is closing. */
const stopRealMsMax = 2000;

interface Entry {
  readonly job: Job;
  readonly id: string | undefined;
  readonly attemptsMax: number;
  failures: number;
  state: 'later' | 'waiting' | 'running';
  readonly wake: AbortController;
}

/** Background work in this process, on the clock given: with a fake clock, nothing repeats or retries until time is let pass. */
export function createMemorySchedule(parts: {
  readonly clock: Clock;
  readonly log: Log;
}): MemorySchedule {
  const { clock, log } = parts;
  const handlers = new Map<JobKind, (job: Job) => Promise<void>>();
  const repeats = new Map<string, AbortController>();
  const entries = new Set<Entry>();
  const running = new Set<Promise<void>>();
  let phase: 'new' | 'started' | 'stopped' = 'new';

  function find(id: string | undefined): Entry | undefined {
    return id === undefined ? undefined : [...entries].find((entry) => entry.id === id);
  }

  function add(job: Job, id: string | undefined, delayMs: number, attempts = attemptsMax): void {
    if (phase === 'stopped') return;
    const entry: Entry = {
      job: structuredClone(job),
      id,
      attemptsMax: attempts,
      failures: 0,
      state: 'later',
      wake: new AbortController(),
    };
    entries.add(entry);
    wait(entry, delayMs);
  }

  function wait(entry: Entry, delayMs: number): void {
    const ripe = (): void => {
      if (phase === 'stopped' || entry.state !== 'later') return;
      entry.state = 'waiting';
      if (phase === 'started') run(entry);
    };
    entry.state = 'later';
    if (delayMs <= 0) ripe();
    // `wake` ends the sleep early, for a job that is asked for again now.
    else clock.sleep(delayMs, entry.wake.signal).then(ripe, ripe);
  }

  function run(entry: Entry): void {
    entry.state = 'running';
    const work = Promise.resolve()
      .then(() => {
        const handler = handlers.get(entry.job.kind);
        if (handler === undefined) throw new Error(`nobody handles ${entry.job.kind} jobs`);
        return handler(structuredClone(entry.job));
      })
      .then(
        () => {
          entries.delete(entry);
        },
        (error: unknown) => {
          fail(entry, error);
        },
      )
      .finally(() => {
        running.delete(work);
      });
    running.add(work);
  }

  function fail(entry: Entry, error: unknown): void {
    entry.failures += 1;
    const facts = { job: entry.job.kind, id: entry.id, attempt: entry.failures, error };
    if (entry.failures >= entry.attemptsMax) {
      log.error(facts, 'job dropped after its last attempt');
      entries.delete(entry);
    } else {
      log.warn(facts, 'job failed, will be tried again');
      wait(entry, backOffAfterMs(entry.failures));
    }
  }

  async function repeat(
    job: Job,
    everyMs: number,
    offsetMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const nowMs = clock.now();
      const slotMs = Math.floor(nowMs / everyMs) * everyMs + (offsetMs % everyMs);
      await clock.sleep((slotMs > nowMs ? slotMs : slotMs + everyMs) - nowMs, signal);
      // The next one is the retry.
      add(job, undefined, 0, 1);
    }
  }

  function stopRepeating(id: string): void {
    repeats.get(id)?.abort();
    repeats.delete(id);
  }

  return {
    every(id, everyMs, offsetMs, job) {
      stopRepeating(id);
      const controller = new AbortController();
      repeats.set(id, controller);
      repeat(job, everyMs, offsetMs, controller.signal).catch(() => undefined);
      return Promise.resolve();
    },
    only(ids) {
      for (const id of repeats.keys()) if (!ids.includes(id)) stopRepeating(id);
      return Promise.resolve();
    },
    now(job, id) {
      const known = find(id);
      if (known === undefined) add(job, id, 0);
      else if (known.state === 'later') known.wake.abort();
      return Promise.resolve();
    },
    at(atMs, job, id) {
      if (find(id) === undefined) add(job, id, atMs - clock.now());
      return Promise.resolve();
    },
    handle(kind, handler) {
      handlers.set(kind, handler);
    },
    start() {
      if (phase === 'new') phase = 'started';
      for (const entry of entries) if (entry.state === 'waiting') run(entry);
      return Promise.resolve();
    },
    async stop(graceMs) {
      phase = 'stopped';
      for (const id of repeats.keys()) stopRepeating(id);
      for (const entry of entries) entry.wake.abort();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.allSettled(running),
        new Promise((resolve) => {
          timer = setTimeout(resolve, Math.min(graceMs, stopRealMsMax));
        }),
      ]);
      clearTimeout(timer);
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    repeating: () => [...repeats.keys()],
  };
}
