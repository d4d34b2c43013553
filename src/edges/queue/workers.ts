import { type Job as QueuedJob, UnrecoverableError, Worker } from 'bullmq';
import type { Job, JobKind } from '../../model/job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { isConnectionTrouble, plainReason } from './failure.ts';
import {
  concurrency,
  lockMs,
  type QueueName,
  queueOf,
  queues,
  stalledCheckMs,
  stalledMax,
} from './limits.ts';
import type { QueueConnection } from './open-queues.ts';

type Handlers = ReadonlyMap<JobKind, (job: Job) => Promise<void>>;

export interface Workers {
  /** Takes no new job, waits for the running ones, at most `graceMs`; what still runs then is picked up by another process. */
  close(graceMs: number, clock: Clock): Promise<void>;
}

/** Starts one worker for each queue. */
export function startWorkers(parts: {
  readonly connection: QueueConnection;
  readonly prefix: string;
  readonly handlers: Handlers;
  readonly log: Log;
}): Workers {
  const workers = queues.map((name) => startWorker(name, parts));
  return {
    async close(graceMs, clock) {
      const closing = Promise.allSettled(workers.map((worker) => worker.close()));
      const closed = new AbortController();
      await Promise.race([closing, clock.sleep(graceMs, closed.signal)]);
      closed.abort();
      // Ends what the grace did not; returns at once where all is closed. Without Redis it may hang, and nobody waits for it.
      for (const worker of workers) worker.close(true).catch(() => undefined);
    },
  };
}

function startWorker(
  name: QueueName,
  { connection, prefix, handlers, log }: Parameters<typeof startWorkers>[0],
): Worker<Job, void> {
  const worker = new Worker<Job, void>(name, (queued) => work(queued, handlers, log), {
    connection,
    prefix,
    concurrency: concurrency[name],
    lockDuration: lockMs,
    stalledInterval: stalledCheckMs,
    maxStalledCount: stalledMax,
  });
  worker.on('error', (error) => {
    if (!isConnectionTrouble(error))
      log.warn({ queue: name, reason: plainReason(error) }, 'a worker reports an error');
  });
  worker.on('stalled', (id) => log.warn({ queue: name, id }, 'job lost its worker, runs again'));
  return worker;
}

async function work(queued: QueuedJob<Job, void>, handlers: Handlers, log: Log): Promise<void> {
  const { data: job, id } = queued;
  const attempt = queued.attemptsMade + 1;
  const isLast = attempt >= (queued.opts.attempts ?? 1);
  try {
    if (!isJob(job)) throw new UnrecoverableError('a job that this version does not know');
    const handler = handlers.get(job.kind);
    if (handler === undefined) throw new Error(`nobody handles ${job.kind} jobs`);
    await handler(job);
  } catch (error) {
    const facts = { job: queued.name, id, attempt, error };
    if (isLast || error instanceof UnrecoverableError)
      log.error(facts, 'job dropped after its last attempt');
    else log.warn(facts, 'job failed, will be tried again');
    throw error;
  }
}

/** What lies in the queue may come from another version. */
function isJob(value: unknown): value is Job {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    Object.hasOwn(queueOf, value.kind)
  );
}
