import { DeliveryError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** Sends that may wait for one conversation; more are told to come again. */
export const laneMax = 100;

/**
 * How long a send may wait for its turn. Whoever asked stops waiting soon after (`sendTimeoutMs` of the pipeline), and a message
 * sent behind their back would be there twice.
 */
export const turnMs = 5000;

/** What Slack allows to one conversation when it counts. docs.slack.dev/apis/web-api/rate-limits */
const paceMs = 1000;

/** How long after a rate limit we keep to that pace. Before the first one, short bursts are welcome. */
const pacedMs = 60_000;

interface Lane {
  last: Promise<unknown>;
  waiting: number;
  notBeforeMs: number;
  pacedUntilMs: number;
  lastMs: number;
}

/** One queue per conversation: sends keep their order, and a rate limit of one conversation holds up no other. */
export interface Lanes {
  run<T>(conversation: string, send: () => Promise<T>): Promise<T>;
}

export function createLanes(clock: Clock): Lanes {
  const lanes = new Map<string, Lane>();

  async function turn<T>(lane: Lane, askedMs: number, send: () => Promise<T>): Promise<T> {
    const nowMs = clock.now();
    if (nowMs < lane.notBeforeMs) throw comeAgain(lane.notBeforeMs - nowMs);
    if (nowMs - askedMs > turnMs) throw comeAgain(paceMs * lane.waiting);
    const waitMs = lane.lastMs + paceMs - nowMs;
    if (nowMs < lane.pacedUntilMs && waitMs > 0) await clock.sleep(waitMs);
    lane.lastMs = clock.now();
    try {
      return await send();
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'delivery-rate-limited') {
        lane.notBeforeMs = clock.now() + (error.retryAfterMs ?? paceMs);
        lane.pacedUntilMs = lane.notBeforeMs + pacedMs;
      }
      throw error;
    }
  }

  return {
    async run(conversation, send) {
      const lane = lanes.get(conversation) ?? {
        last: Promise.resolve(),
        waiting: 0,
        notBeforeMs: 0,
        pacedUntilMs: 0,
        lastMs: 0,
      };
      lanes.set(conversation, lane);
      if (lane.waiting >= laneMax) {
        throw new DeliveryError(
          'delivery-temporary',
          `${laneMax} sends wait for this conversation`,
        );
      }
      lane.waiting += 1;
      const askedMs = clock.now();
      const mine = lane.last.then(() => turn(lane, askedMs, send));
      lane.last = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        lane.waiting -= 1;
      }
    },
  };
}

function comeAgain(retryAfterMs: number): DeliveryError {
  return new DeliveryError('delivery-rate-limited', 'Slack limits the rate', { retryAfterMs });
}
