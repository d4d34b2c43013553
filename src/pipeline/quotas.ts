import { ownEnsemble } from '../model/ensemble.ts';
import { type Quota, quotaStep } from '../model/quota.ts';
import type { House } from './house.ts';
import { relieveOwn, reportOwn } from './own-trouble.ts';
import { monthOf } from './place.ts';

/** The fault under which a quota is told that runs short. */
export const quotaShort = 'quota-short';

/**
 * Looks how much of each quota of the month is used, for the metrics, and tells from 80 % on. Each step is told once: to tell more would
 * itself use what is short. What is used up pages, because somebody may hear nothing from then on.
 */
export async function judgeQuotas(house: House, quotas: readonly Quota[]): Promise<void> {
  const open = quotas.length === 0 ? [] : await house.incidents.open(ownEnsemble);
  for (const { meter, channel, what, max } of quotas) {
    const month = monthOf(house.clock.now());
    const used = await house.budgets.used(meter, month);
    house.telemetry.gauge('quota_used', used, { quota: meter });
    house.telemetry.gauge('quota_max', max, { quota: meter });
    const percent = quotaStep(used, max);
    const told = open.find(
      ({ detector, subject }) => detector === quotaShort && subject.server === meter,
    );
    if (percent === 0) {
      if (told !== undefined) await relieveOwn(house, quotaShort, meter);
      continue;
    }
    if (told?.facts['percent'] === percent && told.facts['max'] === max) continue;
    await reportOwn(house, {
      detector: quotaShort,
      about: meter,
      severity: percent === 100 ? 'page' : 'warn',
      facts: { channel, what, percent, max, month },
      evidence: [],
    });
  }
}
