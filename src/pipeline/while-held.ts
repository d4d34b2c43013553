import type { DeliveryClaim } from '../ports/delivery-log.ts';
import type { House } from './house.ts';

/**
 * Keeps the lease of a destination while a message is on its way there: short leases let another replica take over soon after a
 * kill, and a slow chat must not look like one. A lease that is lost all the same shows when the outcome is written.
 */
export async function whileHeld<T>(
  house: Pick<House, 'deliveries' | 'clock'>,
  claim: DeliveryClaim,
  leaseMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  void keep(house, claim, leaseMs, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
  }
}

async function keep(
  { deliveries, clock }: Pick<House, 'deliveries' | 'clock'>,
  claim: DeliveryClaim,
  leaseMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(leaseMs / 3, signal);
    } catch {
      return;
    }
    // One renewal may fail with Redis; the next one comes before the lease ends.
    await deliveries.renew(claim, leaseMs).catch(() => false);
  }
}
