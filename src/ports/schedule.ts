import type { Job, JobKind } from '../model/job.ts';

/** Background work, durable where the queue is. Handlers may run a job twice, and on any replica. */
export interface Schedule {
  /** Repeats a job; the same id replaces the earlier one. `offsetMs` shifts it within the interval: equal intervals fire in lock-step. */
  every(id: string, everyMs: number, offsetMs: number, job: Job): Promise<void>;
  /** Stops repeating every id that is not in the list. */
  only(ids: readonly string[]): Promise<void>;
  /** Runs a job soon. An id that is already waiting or running is not added again; without an id it is always added. */
  now(job: Job, id?: string): Promise<void>;
  /** Runs a job at a time. The same id is kept once. */
  at(atMs: number, job: Job, id: string): Promise<void>;
  /** Registers who does the work of a kind. A rejected promise is retried with back-off and logged. */
  handle(kind: JobKind, handler: (job: Job) => Promise<void>): void;
  /** Starts working; before this, jobs only wait. */
  start(): Promise<void>;
  /** Takes no new job, waits for the running ones (at most `graceMs`), closes connections. */
  stop(graceMs: number): Promise<void>;
}
