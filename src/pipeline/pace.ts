import type { EnsembleId } from '../model/ensemble.ts';
import type { Notice } from '../model/sample.ts';
import type { House } from './house.ts';

/** While something moves (a fault came or went), the ensemble is looked at this often. */
export const unsettledEveryMs = 250;

/** How long after the last change an unsettled ensemble is looked at that often. */
export const unsettledForMs = 30_000;

/** The slower pace of an ensemble whose fault stays. */
export const watchfulEveryMs = 1_000;

/** How long that goes on; afterwards the normal tick and the sensors suffice. */
export const watchfulForMs = 10 * 60_000;

/**
 * How often a process looks for incidents of an ensemble that some destination does not show. The list of what waits is the usual way;
 * this finds what a crash took off it.
 */
export const sweepEveryMs = 3_000;

/** Decides when an ensemble is looked at again before its next tick. */
export interface Pace {
  /** After a look: plans the next one, if something is going on. */
  after(
    ensemble: EnsembleId,
    seen: { readonly changed: boolean; readonly unsettled: boolean },
  ): Promise<void>;
  /** Looks again at once, carrying what the sensors noticed. */
  again(ensemble: EnsembleId, notices: readonly Notice[]): Promise<void>;
  /** Whether it is time to sweep an ensemble once more; whoever asks does it. */
  takeSweep(ensemble: EnsembleId): boolean;
}

export function createPace(house: Pick<House, 'schedule' | 'clock'>): Pace {
  const changedMs = new Map<EnsembleId, number>();
  const sweptMs = new Map<EnsembleId, number>();

  return {
    async after(ensemble, { changed, unsettled }) {
      const nowMs = house.clock.now();
      if (changed) changedMs.set(ensemble, nowMs);
      const sinceMs = nowMs - (changedMs.get(ensemble) ?? Number.NEGATIVE_INFINITY);
      if (!(changed || unsettled) || sinceMs > watchfulForMs) return;
      const pauseMs = sinceMs > unsettledForMs ? watchfulEveryMs : unsettledEveryMs;
      // One id per slot: however many looks ask for it, the next one happens once.
      const slot = Math.ceil((nowMs + pauseMs) / pauseMs);
      await house.schedule.at(
        nowMs + pauseMs,
        { kind: 'observe', ensemble, notices: [] },
        `again-${ensemble}-${pauseMs}-${slot}`,
      );
    },
    async again(ensemble, notices) {
      await house.schedule.now({ kind: 'observe', ensemble, notices });
    },
    takeSweep(ensemble) {
      const nowMs = house.clock.now();
      if (nowMs - (sweptMs.get(ensemble) ?? Number.NEGATIVE_INFINITY) < sweepEveryMs) return false;
      sweptMs.set(ensemble, nowMs);
      return true;
    },
  };
}
