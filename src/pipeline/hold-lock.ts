import type { EnsembleId } from '../model/ensemble.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Recovery } from '../model/recovery.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { House } from './house.ts';
import { lookAfter } from './recovery-work.ts';

/** How long a recovery holds the ensemble's lock without renewing. */
export const lockLeaseMs = 30_000;

/** Takes the lock for a recovery that is about to be queued, and sees to it that it is, whatever becomes of this process. */
export async function takeLock(
  house: Pick<House, 'recoveries' | 'schedule' | 'clock'>,
  ensemble: EnsembleId,
  recovery: string,
): Promise<{ readonly fence: number } | Refusal> {
  await lookAfter(house, ensemble, recovery);
  const lock = await house.recoveries.lock(ensemble, recovery, lockLeaseMs);
  return 'heldBy' in lock ? refuse('recovery-running', { recovery: lock.heldBy, ensemble }) : lock;
}

/**
 * Makes sure, right before an order is given, that the lock is still ours. A process that was paused while it asked holds an answer of
 * long ago: somebody else may have the lock by now, and looks at what became of it.
 */
export async function holdLock(
  house: Pick<House, 'recoveries' | 'clock'>,
  { id, ensemble, fence }: Pick<Recovery, 'id' | 'ensemble' | 'fence'>,
): Promise<void> {
  const askedMs = house.clock.now();
  const renewed = await house.recoveries.renew(ensemble, id, fence, lockLeaseMs);
  if (!renewed || house.clock.now() - askedMs >= lockLeaseMs / 2)
    throw new NightkeeperError('redis-conflict', `recovery ${id} lost its lock`);
}
