import type { JobKind } from '../../model/job.ts';

/** The queues, and which work each carries: slow work of one kind never holds up another. */
export const queues = ['observe', 'deliver', 'follow', 'survey'] as const;

export type QueueName = (typeof queues)[number];

/** Where the jobs of a kind wait. Escalations, reminders and recoveries are few, and follow an incident. */
export const queueOf: Readonly<Record<JobKind, QueueName>> = {
  observe: 'observe',
  survey: 'survey',
  crawl: 'survey',
  backup: 'survey',
  deliver: 'deliver',
  fallback: 'deliver',
  escalate: 'follow',
  remind: 'follow',
  life: 'follow',
  recover: 'follow',
  auto: 'follow',
  drill: 'follow',
  reroute: 'follow',
  'read-calendar': 'follow',
  'self-test': 'follow',
  'test-card': 'follow',
};

/**
 * Jobs of one queue that run in a process at a time. Observing waits on the network: above 50 in flight probes only get later
 * (event-loop p99 9 ms at 50, 90 ms at 1000, measured on two cores). A delivery is one destination and mostly waits for its answers: a
 * platform that takes requests and says nothing holds all its destinations for 20 s, and the others must still find room.
 */
export const concurrency: Readonly<Record<QueueName, number>> = {
  observe: 50,
  deliver: 100,
  follow: 10,
  // Surveys may take a quarter of a minute each where servers hang, and nobody waits for them.
  survey: 10,
};

/** Tries of a job before it is dropped with a log line; what it left undone is found by the next look. */
export const attemptsMax = 5;

/** Wait before the second try; it doubles with every further one: 0.5, 1, 2, 4 s. */
export const backOffMs = 500;

/** How long to wait after a number of failed tries. */
export function backOffAfterMs(failures: number): number {
  return backOffMs * 2 ** (failures - 1);
}

/**
 * A worker's hold on a job, renewed at half of it. With the check below, work of a killed process starts elsewhere after 3.9 s
 * (median of 20; 44 s with BullMQ's defaults). An event loop blocked for 3.5 s loses nothing at these values.
 */
export const lockMs = 5000;

/** How often each process looks for jobs whose worker is gone. */
export const stalledCheckMs = 2500;

/** Times a job may lose its worker before it counts as failed; each is one process that died under it. */
export const stalledMax = 5;

/** How often repeated jobs are written again: a Redis that lost its data lost them without a word. */
export const reassertMs = 10_000;

/** Job events that BullMQ keeps per queue for listeners; we have none. */
export const eventStreamMax = 100;

/** How long one question to the queue may take: a caller may be a person who waits. Two commands of 2 s at most each. */
export const answerMsMax = 4000;
