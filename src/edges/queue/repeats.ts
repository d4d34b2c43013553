import type { Job } from '../../model/job.ts';
import type { Log } from '../../ports/log.ts';
import { plainReason } from './failure.ts';
import { queueOf, queues } from './limits.ts';
import type { OpenQueues } from './open-queues.ts';

/** A job that repeats, on a grid of its own: at `offsetMs` past every multiple of `everyMs`. */
export interface Repeat {
  readonly everyMs: number;
  readonly offsetMs: number;
  readonly job: Job;
}

/** Keeps the repeated jobs of this process in Redis, and puts them back where they got lost. */
export interface Repeats {
  set(id: string, repeat: Repeat): Promise<void>;
  /** Stops all others. */
  keep(ids: readonly string[]): Promise<void>;
  /** Writes all of them again. Never throws: the next time comes soon. */
  reassert(): Promise<void>;
}

export function createRepeats({ queue: queueFor, ask }: OpenQueues, log: Log): Repeats {
  const wanted = new Map<string, Repeat>();
  /** True while others may still repeat that should not. */
  let mustRemove = false;

  async function write(id: string, { everyMs, offsetMs, job }: Repeat): Promise<void> {
    await queueFor(queueOf[job.kind]).upsertJobScheduler(
      encodeURIComponent(id),
      { every: everyMs, offset: offsetOn(everyMs, offsetMs) },
      // The next one is the retry.
      {
        name: job.kind,
        data: job,
        opts: { attempts: 1, removeOnComplete: true, removeOnFail: true },
      },
    );
  }

  /** BullMQ keeps the moment of the next job when only the offset is new: such a one begins afresh. */
  async function replace(id: string, repeat: Repeat): Promise<void> {
    const queue = queueFor(queueOf[repeat.job.kind]);
    const known = await queue.getJobScheduler(encodeURIComponent(id));
    const offset = offsetOn(repeat.everyMs, repeat.offsetMs);
    if (known !== undefined && (known.every !== repeat.everyMs || known.offset !== offset))
      await queue.removeJobScheduler(encodeURIComponent(id));
    await write(id, repeat);
  }

  async function removeOthers(): Promise<void> {
    const ids = new Set([...wanted.keys()].map((id) => encodeURIComponent(id)));
    for (const name of queues) {
      const queue = queueFor(name);
      for (const { key } of await queue.getJobSchedulers(0, -1))
        if (!ids.has(key)) await queue.removeJobScheduler(key);
    }
    mustRemove = false;
  }

  /** What fails now is done by the next reassertion: a bot may start before its Redis. */
  async function attempt(question: () => Promise<void>): Promise<void> {
    try {
      await ask(question);
    } catch (error) {
      log.warn(
        { reason: plainReason(error) },
        'repeated jobs could not be written, will try again',
      );
    }
  }

  return {
    async set(id, repeat) {
      wanted.set(id, repeat);
      await attempt(() => replace(id, repeat));
    },
    async keep(ids) {
      for (const id of wanted.keys()) if (!ids.includes(id)) wanted.delete(id);
      mustRemove = true;
      await attempt(removeOthers);
    },
    async reassert() {
      if (wanted.size === 0 && !mustRemove) return;
      await attempt(async () => {
        if (mustRemove) await removeOthers();
        await Promise.all([...wanted].map(([id, repeat]) => write(id, repeat)));
      });
    },
  };
}

/** Without an offset BullMQ would fire at once and start a grid from there: a whole interval means the beginning of the grid. */
function offsetOn(everyMs: number, offsetMs: number): number {
  return offsetMs % everyMs || everyMs;
}
