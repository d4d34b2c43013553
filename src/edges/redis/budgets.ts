import type { Budgets } from '../../ports/budgets.ts';
import type { RedisLink } from './connect.ts';

/** How long the count of a month is kept: longer than the month. */
const quotaKeptMs = 62 * 24 * 60 * 60 * 1000;

/** How much each destination may still be sent, in Redis and by its clock: all replicas share one budget. */
export function createBudgets(redis: RedisLink): Budgets {
  const { keys } = redis;
  return {
    async take({ channel, destination, rate, quota, month }) {
      if (rate !== undefined) {
        const waitMs = await redis.step(
          'budget',
          [keys.destination(destination).bucket],
          [rate.burst, rate.everyMs, rate.spare],
        );
        if (Number(waitMs) > 0) return { kind: 'wait', waitMs: Number(waitMs) };
      }
      const taken = await redis.step(
        'take-quota',
        [keys.quota(channel, month)],
        [quota ?? '', quotaKeptMs],
      );
      return taken === 1 ? { kind: 'taken' } : { kind: 'used-up' };
    },
    async used(channel, month) {
      return Number((await redis.ask((client) => client.get(keys.quota(channel, month)))) ?? 0);
    },
  };
}
