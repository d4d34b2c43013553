import type { Budgets } from '../../../src/ports/budgets.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** How much each destination may still be sent, kept in this process, by the clock given. */
export function createMemoryBudgets(clock: Clock): Budgets {
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  const quotas = new Map<string, number>();
  return {
    take({ channel, destination, rate, quota, month }) {
      if (rate !== undefined) {
        const nowMs = clock.now();
        const bucket = buckets.get(destination) ?? { tokens: rate.burst, atMs: nowMs };
        const filled = bucket.tokens + (nowMs - bucket.atMs) / rate.everyMs;
        const tokens = Math.min(rate.burst, filled);
        const missing = 1 + rate.spare - tokens;
        if (missing > 1e-6)
          return Promise.resolve({ kind: 'wait', waitMs: Math.ceil(missing * rate.everyMs) });
        buckets.set(destination, { tokens: tokens - 1, atMs: nowMs });
      }
      const used = quotas.get(`${channel} ${month}`) ?? 0;
      if (quota !== undefined && used >= quota) return Promise.resolve({ kind: 'used-up' });
      quotas.set(`${channel} ${month}`, used + 1);
      return Promise.resolve({ kind: 'taken' });
    },
    used: (channel, month) => Promise.resolve(quotas.get(`${channel} ${month}`) ?? 0),
  };
}
