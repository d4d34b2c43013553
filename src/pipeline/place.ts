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
  /** The lease, and what is known of the destination: only `save` changes it. */
  claim: DestinationClaim;
  /** Ends with the write that was asked for last. */
  writing: Promise<void>;
  /** New cards on their way, which a storm counts like those that hang. */
  firstsUnderWay: number;
  /** Somebody else has the lease by now. */
  isLost: boolean;
}

export function openPlace(parts: Pick<Place, 'house' | 'to' | 'channel' | 'claim'>): Place {
  return { ...parts, writing: Promise.resolve(), firstsUnderWay: 0, isLost: false };
}

/** The lease was lost: somebody else is at it, and this sender stops where it is. */
export class LostPlace extends Error {}

/**
 * Changes what is known of the destination, and writes it down. Several messages are on their way at a time: each change builds on
 * the one before, and they are written in order. Throws `LostPlace` when the destination is not ours any more.
 */
export async function save(
  place: Place,
  change: (record: DestinationRecord) => DestinationRecord,
): Promise<void> {
  const record = change(place.claim.record);
  if (record === place.claim.record) return;
  place.claim = { ...place.claim, record };
  // Whoever asked for the write before hears of its failure.
  const before = place.writing.catch(() => undefined);
  place.writing = before.then(() => write(place));
  await place.writing;
}

async function write(place: Place): Promise<void> {
  const { house, claim } = place;
  const written = await house.outbox.write(claim, claim.record, deliveryLeaseMs);
  if (written === 'lost') throw new LostPlace();
}

/**
 * One call of the channel, bounded. Meanwhile the lease of the incident is kept: a short one lets another replica take over soon after
 * a kill, and a slow chat must not look like one. A lease that is lost all the same shows when the outcome is written.
 */
export async function callChannel<T>(
  { house }: Place,
  call: () => Promise<T>,
  post?: DeliveryClaim,
): Promise<T> {
  const ended = new AbortController();
  if (post !== undefined)
    void keep(house, ended.signal, () => house.deliveries.renew(post, deliveryLeaseMs));
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

/** Keeps the lease of the destination while work goes on there, and notes when it is lost. */
export async function keepPlace(place: Place, work: () => Promise<void>): Promise<void> {
  const { house } = place;
  const ended = new AbortController();
  void keep(house, ended.signal, async () => {
    const isOurs = await house.outbox.renew(place.claim, deliveryLeaseMs);
    place.isLost ||= !isOurs;
    return isOurs;
  });
  try {
    await work();
  } finally {
    ended.abort();
  }
}

async function keep(
  { clock }: House,
  signal: AbortSignal,
  renew: () => Promise<boolean>,
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(deliveryLeaseMs / 3, signal);
    } catch {
      return;
    }
    // One renewal may fail with Redis; the next one comes before the lease ends.
    await renew().catch(() => false);
  }
}

/** Takes one message out of the budget; how long to wait when there is none, which is remembered as the reason of what comes late. */
export async function takeBudget(place: Place, lane: Lane): Promise<'taken' | number> {
  const { house, channel, to } = place;
  const nowMs = house.clock.now();
  const { budget } = channel;
  if (budget === undefined) return 'taken';
  const month = monthOf(nowMs);
  const { monthly, meter } = budget;
  const quota = monthly === undefined ? undefined : quotaOf(lane, monthly);
  // Where the channel counts by itself, what this would count is not what the platform counts.
  const isUsedUp =
    quota !== undefined && meter !== undefined && (await house.budgets.used(meter, month)) >= quota;
  const answer = isUsedUp
    ? ({ kind: 'used-up' } as const)
    : await house.budgets.take({
        channel: channel.name,
        destination: to.id,
        rate: {
          burst: budget.burst,
          everyMs: budget.everyMs,
          spare: spareOf(lane, budget.burst),
        },
        ...(quota === undefined || meter !== undefined ? {} : { quota }),
        month,
      });
  if (answer.kind === 'taken') return 'taken';
  await save(place, (record) =>
    record.limitedMs === undefined ? { ...record, limitedMs: nowMs } : record,
  );
  return answer.kind === 'wait' ? answer.waitMs : quotaPauseMs;
}

/** Remembers that nothing is held up any more. */
export async function unlimited(place: Place): Promise<void> {
  const untilMs = place.house.clock.now();
  await save(place, (record) => {
    if (record.limitedMs === undefined) return record;
    const { limitedMs: _limitedMs, ...rest } = record;
    return { ...rest, setback: { why: 'limited', untilMs } };
  });
}

/** `2026-11`, in UTC. */
export function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}
