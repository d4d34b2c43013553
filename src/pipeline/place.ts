import type { DestinationRecord, Lane } from '../model/destination.ts';
import { DeliveryError } from '../model/errors.ts';
import type { Destination } from '../model/notification.ts';
import type { Channel } from '../ports/channel.ts';
import type { DeliveryClaim } from '../ports/delivery-log.ts';
import type { DestinationClaim } from '../ports/outbox.ts';
import { quotaOf, quotaPauseMs, spareOf } from '../rules/routing/budget.ts';
import { withDeadline } from './deadline.ts';
import type { House } from './house.ts';

/**
 * How long a destination, or one incident at it, stays with a sender that does not renew; renewed while a message is on its way. No
 * longer than the queue takes to give the job of a killed process to another one (7.5 s at most), so that what it left half done
 * waits for one thing only.
 */
export const deliveryLeaseMs = 5_000;

/** How long one message may take; a channel that answers later has an unknown outcome. */
export const sendTimeoutMs = 20_000;

/** One destination, held under its lease. */
export interface Place {
  readonly house: House;
  readonly to: Destination;
  readonly channel: Channel;
  claim: DestinationClaim;
}

/** The lease was lost: somebody else is at it, and this sender stops where it is. */
export class LostPlace extends Error {}

/** Writes what is known of the destination. Throws `LostPlace` when it is not ours any more. */
export async function save(place: Place, record: DestinationRecord): Promise<void> {
  const written = await place.house.outbox.write(place.claim, record, deliveryLeaseMs);
  if (written === 'lost') throw new LostPlace();
  place.claim = written;
}

/**
 * One call of the channel, bounded. Meanwhile the leases are kept: short ones let another replica take over soon after a kill, and a
 * slow chat must not look like one. A lease that is lost all the same shows when the outcome is written.
 */
export async function callChannel<T>(
  place: Place,
  call: () => Promise<T>,
  post?: DeliveryClaim,
): Promise<T> {
  const ended = new AbortController();
  void keepLeases(place, post, ended.signal);
  try {
    return await withDeadline(
      call(),
      sendTimeoutMs,
      () => new DeliveryError('delivery-unknown', `no answer within ${sendTimeoutMs} ms`),
    );
  } finally {
    ended.abort();
  }
}

async function keepLeases(
  { house: { clock, outbox, deliveries }, claim }: Place,
  post: DeliveryClaim | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(deliveryLeaseMs / 3, signal);
    } catch {
      return;
    }
    // One renewal may fail with Redis; the next one comes before the lease ends.
    await outbox.renew(claim, deliveryLeaseMs).catch(() => false);
    if (post !== undefined) await deliveries.renew(post, deliveryLeaseMs).catch(() => false);
  }
}

/** Takes one message out of the budget; how long to wait when there is none, which is remembered as the reason of what comes late. */
export async function takeBudget(place: Place, lane: Lane): Promise<'taken' | number> {
  const { house, channel, to } = place;
  const nowMs = house.clock.now();
  const { budget } = channel;
  if (budget === undefined) return 'taken';
  const answer = await house.budgets.take({
    channel: channel.name,
    destination: to.id,
    rate: {
      burst: budget.burst,
      everyMs: budget.everyMs,
      spare: spareOf(lane, budget.burst),
    },
    ...(budget.monthly === undefined ? {} : { quota: quotaOf(lane, budget.monthly) }),
    month: monthOf(nowMs),
  });
  if (answer.kind === 'taken') return 'taken';
  const { record } = place.claim;
  if (record.limitedMs === undefined) await save(place, { ...record, limitedMs: nowMs });
  return answer.kind === 'wait' ? answer.waitMs : quotaPauseMs;
}

/** Remembers that nothing is held up any more. */
export async function unlimited(place: Place): Promise<void> {
  const { limitedMs, ...record } = place.claim.record;
  if (limitedMs === undefined) return;
  const untilMs = place.house.clock.now();
  await save(place, { ...record, setback: { why: 'limited', untilMs } });
}

/** `2026-11`, in UTC. */
function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}
