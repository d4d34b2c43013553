import type { EnsembleId } from '../model/ensemble.ts';
import { type OwnSessions, toldCountsMs } from '../model/own-sessions.ts';
import type { House } from './house.ts';

/** How often a replica with sessions says so, though nothing has changed: three of these may get lost. */
const tellEveryMs = toldCountsMs / 4;

/** Tells all replicas which sessions this one opened: a look is made by any of them, and one that is killed tells nothing any more. */
export interface SessionTeller {
  /** Of all ensembles that are configured. Without Redis nothing is told, and nobody looks. */
  tellAll(): Promise<void>;
}

export function createSessionTeller(
  house: Pick<House, 'settings' | 'ensembles' | 'ownership' | 'ownSessions' | 'clock'>,
): SessionTeller {
  const told = new Map<EnsembleId, { readonly atMs: number; readonly text: string }>();

  async function tell(ensemble: EnsembleId): Promise<void> {
    const newest = house.ownSessions?.(ensemble);
    if (newest === undefined) return;
    const atMs = house.clock.now();
    const text = JSON.stringify(newest);
    const before = told.get(ensemble);
    if (before === undefined ? isNothing(newest) : !isDue(before, { atMs, text, newest })) return;
    told.set(ensemble, { atMs, text });
    try {
      await house.ensembles.saveOwnSessions(ensemble, house.ownership.replica, {
        ...newest,
        atMs,
      });
    } catch {
      // The heartbeat says that Redis is away; the next one tells again.
      told.delete(ensemble);
    }
  }

  return {
    async tellAll() {
      await Promise.all(house.settings().ensembles.map(({ id }) => tell(id)));
    },
  };
}

function isNothing({ standing, left }: OwnSessions): boolean {
  return standing === 0 && left.length === 0;
}

function isDue(
  before: { readonly atMs: number; readonly text: string },
  now: { readonly atMs: number; readonly text: string; readonly newest: OwnSessions },
): boolean {
  if (now.text !== before.text) return true;
  return now.newest.standing > 0 && now.atMs - before.atMs >= tellEveryMs;
}
