import { NightkeeperError } from '../model/errors.ts';
import type { Recovery } from '../model/recovery.ts';
import type { House } from './house.ts';
import { lockLeaseMs } from './request-recovery.ts';

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
