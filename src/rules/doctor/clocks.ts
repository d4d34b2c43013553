import { type Diagnosis, diagnose } from '../../model/diagnosis.ts';
import type { Survey } from '../../model/survey.ts';

/** Clocks that differ by less are one time, for whoever reads cards: as the detector clock-skew has it. */
export const clockWarnMs = 1000;

/** What another clock shows beside the bot's, and how exactly that is known. */
export interface ClockReading {
  /** How far it is ahead (negative: behind). */
  readonly skewMs: number;
  readonly errorMs: number;
}

/** Whether a clock is off for sure, when all doubt counts for it. */
export function isOff({ skewMs, errorMs }: ClockReading): boolean {
  return Math.abs(skewMs) - errorMs > clockWarnMs;
}

/** The clocks of the servers of an ensemble. */
export function judgeServerClocks(
  ensemble: string,
  surveys: Readonly<Record<string, Pick<Survey, 'clock'>>>,
): readonly Diagnosis[] {
  const clocks = Object.entries(surveys).flatMap(([server, { clock }]) =>
    clock === undefined ? [] : [{ server, ...clock }],
  );
  if (clocks.length === 0) return [];
  const off = clocks.filter(isOff);
  if (off.length === 0) return [diagnose('clock-servers', ensemble, { count: clocks.length })];
  const isEverybody = off.length === clocks.length && clocks.length > 1;
  return off.map(({ server, skewMs, errorMs }) =>
    diagnose('clock-server-off', `${ensemble} ${server}`, { skewMs, errorMs, isEverybody }),
  );
}

/** The clock of Redis, by which leases and what waits are timed. */
export function judgeRedisClock(reading: ClockReading): Diagnosis {
  const facts = { skewMs: reading.skewMs, errorMs: reading.errorMs };
  return diagnose(isOff(reading) ? 'clock-redis-off' : 'clock-redis', '', facts);
}

/** The clocks of the replicas beside each other; each has compared its own with that of Redis. */
export function judgeReplicaClocks(
  replicas: readonly (ClockReading & { readonly name: string })[],
): readonly Diagnosis[] {
  if (replicas.length < 2) return [];
  // One clock of Redis for all, so that a difference between them is one of their own.
  const skews = replicas.map(({ skewMs }) => skewMs).toSorted((a, b) => a - b);
  const middle = skews[Math.floor((skews.length - 1) / 2)] ?? 0;
  const off = replicas.filter(({ skewMs, errorMs }) => isOff({ skewMs: skewMs - middle, errorMs }));
  if (off.length === 0) return [diagnose('clock-replicas', '', { count: replicas.length })];
  return off.map(({ name, skewMs, errorMs }) =>
    // What Redis is ahead of it, it is behind.
    diagnose('clock-replica-off', name, { skewMs: middle - skewMs, errorMs }),
  );
}
