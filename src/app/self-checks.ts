import type { Config } from '../config/config.ts';
import type { HealthReport } from '../edges/http/health.ts';
import type { Check } from '../model/check.ts';
import { quotaStep } from '../model/quota.ts';
import { monthOf } from '../pipeline/place.ts';
import type { Budgets } from '../ports/budgets.ts';
import { quotasOf } from './quota-watch.ts';

/** What the bot knows of itself: its health, and what its chats have used of their month. */
export async function checksOf(
  report: HealthReport | undefined,
  config: Config,
  budgets: Budgets,
  nowMs: number,
): Promise<readonly Check[]> {
  const quotas = await Promise.all(
    quotasOf(config).map(async ({ meter, max }): Promise<Check> => {
      const used = await budgets.used(meter, monthOf(nowMs));
      const ok = quotaStep(used, max) === 0;
      return { name: `quota ${meter}`, ok, detail: `${used} / ${max}` };
    }),
  );
  return [...(report?.checks ?? []), ...quotas];
}
