import { type ConnectionOptions, Queue } from 'bullmq';
import { NightkeeperError } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { isConnectionTrouble, plainReason } from './failure.ts';
import { answerMsMax, backOffMs, eventStreamMax, type QueueName, queues } from './limits.ts';

/** A connection to Redis as this edge needs it: what `connectRedis(…).connection` gives. */
export type QueueConnection = ConnectionOptions & {
  on(event: 'ready', listener: () => void): unknown;
  disconnect(): void;
};

/** The queues, from the side of those who add to them. */
export interface OpenQueues {
  readonly queue: (name: QueueName) => Queue<Job, void>;
  /** Puts a bound on one question to a queue, and a code on its failure. */
  readonly ask: <T>(question: () => Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

/** Opens all queues on one connection that fails fast; does not wait for Redis. */
export function openQueues(parts: {
  readonly connection: QueueConnection;
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
}): OpenQueues {
  const { connection, prefix, clock, log } = parts;
  const ending = new AbortController();
  const open = new Map(queues.map((name) => [name, openQueue(name)]));

  function openQueue(name: QueueName): Queue<Job, void> {
    const queue = new Queue<Job, void>(name, {
      connection,
      prefix,
      streams: { events: { maxLen: eventStreamMax } },
    });
    queue.on('error', (error) => {
      if (!isConnectionTrouble(error))
        log.warn({ queue: name, reason: plainReason(error) }, 'the queue reports an error');
    });
    // A queue whose first talk with Redis broke off stays broken: BullMQ never tries again.
    queue.waitUntilReady().catch(async () => {
      await clock.sleep(backOffMs, ending.signal).catch(() => undefined);
      if (!ending.signal.aborted) open.set(name, openQueue(name));
    });
    return queue;
  }

  return {
    queue: (name) => open.get(name) ?? openQueue(name),
    async ask(question) {
      const answered = new AbortController();
      const tooLate = clock.sleep(answerMsMax, answered.signal).then(() => {
        throw new Error(`no answer within ${answerMsMax} ms`);
      });
      try {
        return await Promise.race([question(), tooLate]);
      } catch (error) {
        const reason = plainReason(error);
        throw new NightkeeperError('queue-unavailable', `the queue did not answer: ${reason}`);
      } finally {
        answered.abort();
      }
    },
    async close() {
      ending.abort();
      connection.disconnect();
      await Promise.allSettled([...open.values()].map((queue) => queue.close()));
    },
  };
}
