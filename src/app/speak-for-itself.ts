import type { Config } from '../config/config.ts';
import { sendHeartbeat } from '../edges/heartbeat/beat.ts';
import { createBlindWatch } from '../pipeline/blind.ts';
import type { House } from '../pipeline/house.ts';
import { judgeQuotas } from '../pipeline/quotas.ts';
import type { Watch } from '../pipeline/watch.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Lifecycle } from './lifecycle.ts';
import { quotasOf, startQuotaWatch } from './quota-watch.ts';
import type { Stores } from './stores.ts';

/** What the bot says of itself: that it is blind, that a chat has little of its month left, and to a switch outside that it is well. */
export function speakForItself(
  lifecycle: Lifecycle,
  {
    house,
    stores,
    watch,
  }: { readonly house: House; readonly stores: Stores; readonly watch: Watch },
  now: {
    readonly config: () => Config;
    readonly isReady: () => boolean;
    readonly version: string;
  },
): void {
  const { clock, log, telemetry } = house;
  const blind = createBlindWatch(house, {
    replica: house.ownership.replica,
    redis: stores.link.where,
    replicas: () => watch.replicas(),
    blindSinceMs: () => watch.blindSinceMs(),
  });
  blind.start();
  lifecycle.onClose('blind watch', () => blind.stop());
  const quotas = startQuotaWatch({
    quotas: () => quotasOf(now.config()),
    judge: (each) => judgeQuotas(house, each),
    clock,
    log,
  });
  lifecycle.onClose('quota watch', () => quotas.stop());
  const heartbeat = startHeartbeat({
    config: () => now.config().heartbeat,
    isReady: now.isReady,
    send: (to) => sendHeartbeat(to, now.version),
    clock,
    log,
    telemetry,
  });
  lifecycle.onClose('heartbeat', () => heartbeat.stop());
}
