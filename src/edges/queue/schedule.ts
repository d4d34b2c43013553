import type { Job, JobKind } from '../../model/job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Schedule } from '../../ports/schedule.ts';
import { attemptsMax, backOffMs, queueOf, reassertMs } from './limits.ts';
import { openQueues, type QueueConnection } from './open-queues.ts';
import { createRepeats } from './repeats.ts';
import { startWorkers, type Workers } from './workers.ts';

export interface ScheduleParts {
  /** Opens a connection: `asking` ones fail fast, `working` ones wait for Redis as long as it takes. */
  readonly connection: (use: 'asking' | 'working') => QueueConnection;
  /** First part of every key. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Background work on BullMQ: durable, shared by all replicas, picked up by another one when a process dies. */
export function createSchedule(parts: ScheduleParts): Schedule {
  const { clock, log } = parts;
  // All keys in one slot of a cluster; no ensemble can have this name.
  const prefix = `${parts.prefix}:{~queue}`;
  const asking = parts.connection('asking');
  const queues = openQueues({ connection: asking, prefix, clock, log });
  const repeats = createRepeats(queues, log);
  const handlers = new Map<JobKind, (job: Job) => Promise<void>>();
  let working: QueueConnection | undefined;
  let workers: Workers | undefined;

  async function add(job: Job, id: string | undefined, delayMs: number): Promise<void> {
    const added = await queues.queue(queueOf[job.kind]).add(job.kind, job, {
      ...(id !== undefined && { jobId: jobIdOf(id) }),
      ...(delayMs > 0 && { delay: delayMs }),
      attempts: attemptsMax,
      backoff: { type: 'exponential', delay: backOffMs },
      // A finished id must be free again.
      removeOnComplete: true,
      removeOnFail: true,
    });
    // An id that waits for its time (or its next try) is wanted now. Fails for all others, which is as good.
    if (id !== undefined && delayMs <= 0) await added.promote().catch(() => undefined);
  }

  function reassert(): void {
    void repeats.reassert();
  }
  asking.on('ready', reassert);
  const timer = setInterval(reassert, reassertMs);
  timer.unref();

  return {
    every: (id, everyMs, offsetMs, job) => repeats.set(id, { everyMs, offsetMs, job }),
    only: (ids) => repeats.keep(ids),
    now: (job, id) => queues.ask(() => add(job, id, 0)),
    at: (atMs, job, id) =>
      queues.ask(() => add(job, id, Math.max(1, Math.ceil(atMs - clock.now())))),
    handle(kind, handler) {
      handlers.set(kind, handler);
    },
    start() {
      if (workers !== undefined) return Promise.resolve();
      working = parts.connection('working');
      workers = startWorkers({ connection: working, prefix, handlers, log });
      return repeats.reassert();
    },
    async stop(graceMs) {
      clearInterval(timer);
      await workers?.close(graceMs, clock);
      working?.disconnect();
      await queues.close();
    },
  };
}

/** BullMQ wants ids without colons that are not numbers; the letter in front and the escapes keep ids apart as they were. */
export function jobIdOf(id: string): string {
  return `j-${encodeURIComponent(id)}`;
}
