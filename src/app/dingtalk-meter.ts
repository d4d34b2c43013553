import { callsMeter, type Meter, messagesMeter } from '../edges/dingtalk/meter.ts';
import type { Budgets } from '../ports/budgets.ts';
import type { Clock } from '../ports/clock.ts';

/** Counts what DingTalk counts in the month of the organisation, for all replicas together. What Redis misses is not counted. */
export function createDingTalkMeter(budgets: Budgets, clock: Clock): Meter {
  return {
    count(what) {
      const channel = what === 'calls' ? callsMeter : messagesMeter;
      const month = new Date(clock.now()).toISOString().slice(0, 7);
      void budgets.take({ channel, destination: '', month }).catch(() => undefined);
    },
  };
}
