import type { Facts } from '../../model/finding.ts';
import type { Fingerprint } from '../../model/incident.ts';
import type { EnsembleMemory } from '../../model/memory.ts';
import type { FlapSettings } from '../../model/settings.ts';

/** Beginnings of one fault that are remembered, the newest. */
const startsMax = 50;

/** When faults began lately: those that come and go, by fingerprint. */
type Starts = Readonly<Record<Fingerprint, readonly number[]>>;

/** How often a fault began within the window. */
export function timesOf(
  memory: EnsembleMemory,
  fingerprint: Fingerprint,
  flap: FlapSettings,
  nowMs: number,
): number {
  const starts = memory.starts?.[fingerprint] ?? [];
  return starts.filter((atMs) => atMs > nowMs - flap.withinMs).length;
}

/** Whether so many beginnings within the window make a fault that comes and goes. 0 in the settings: never. */
export function flaps(times: number, flap: FlapSettings): boolean {
  return flap.times > 0 && times >= flap.times;
}

/** What the card of such a fault says beside its own facts. */
export function flapFacts(times: number, flap: FlapSettings): Facts {
  return flaps(times, flap) ? { flaps: times, flapMs: flap.withinMs } : {};
}

/** What to remember of beginnings: those of before within the window, and those of this look. */
export function startsAfter(
  memory: EnsembleMemory,
  began: readonly Fingerprint[],
  flap: FlapSettings,
  nowMs: number,
): Starts {
  if (flap.times === 0) return {};
  const fingerprints = new Set([...Object.keys(memory.starts ?? {}), ...began]);
  return Object.fromEntries(
    [...fingerprints].flatMap((fingerprint) => {
      const starts = [
        ...(memory.starts?.[fingerprint] ?? []).filter((atMs) => atMs > nowMs - flap.withinMs),
        ...(began.includes(fingerprint) ? [nowMs] : []),
      ].slice(-startsMax);
      return starts.length === 0 ? [] : [[fingerprint, starts] as const];
    }),
  );
}
