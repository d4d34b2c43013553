import type { Config } from '../config/config.ts';
import { defaultQuota } from '../edges/dingtalk/config.ts';
import { callsMeter, messagesMeter } from '../edges/dingtalk/meter.ts';
import type { Quota } from '../model/quota.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** How often it is looked how much is used: as often as the metrics are usually read. */
export const quotaEveryMs = 10_000;

/** The quotas of the chats that a configuration uses. */
export function quotasOf({ dingtalk, dingtalkRobots }: Config): readonly Quota[] {
  const { calls, messages } = dingtalk?.quota ?? defaultQuota;
  const speaks = dingtalk !== undefined || Object.keys(dingtalkRobots).length > 0;
  return [
    ...(dingtalk === undefined
      ? []
      : [{ meter: callsMeter, channel: 'dingtalk', what: 'calls', max: calls } as const]),
    ...(speaks
      ? [{ meter: messagesMeter, channel: 'dingtalk', what: 'messages', max: messages } as const]
      : []),
  ];
}

/** Looks every few seconds how much of each quota is used; every replica does, and what it tells is told once. */
export function startQuotaWatch(parts: {
  readonly quotas: () => readonly Quota[];
  readonly judge: (quotas: readonly Quota[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await parts
        .judge(parts.quotas())
        .catch((error: unknown) => parts.log.warn({ err: error }, 'quotas could not be read'));
      await parts.clock.sleep(quotaEveryMs, stopping.signal).catch(() => undefined);
    }
  }
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
