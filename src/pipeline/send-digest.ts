import type { Digest, DigestCall } from '../model/destination.ts';
import type { DeliveryKey, Receipt } from '../model/notification.ts';
import type { Delivery } from '../ports/channel.ts';
import { callText } from '../rules/routing/digest.ts';
import { noteFailure, noteSuccess } from './broken-channel.ts';
import { callChannel, LostPlace, type Place, save, takeBudget } from './place.ts';
import { failureOf } from './send.ts';

/** What came of one round at a destination. */
export type Tended =
  | { readonly kind: 'worked' }
  /** Nothing to do before that time, or at all. */
  | { readonly kind: 'rest'; readonly untilMs?: number };

/** Claim the attempt, send with the key, record: the same steps as for a card. */
export async function sendDigest(
  place: Place,
  digest: Digest,
  what: {
    readonly kind: 'show' | 'speak' | 'over';
    readonly delivery: Delivery;
    readonly calls?: readonly DigestCall[];
  },
  after: (digest: Digest, receipt: Receipt) => Digest,
): Promise<Tended> {
  const { house, to, channel } = place;
  const waitMs = await takeBudget(place, 'call');
  const startedMs = house.clock.now();
  if (waitMs !== 'taken') return { kind: 'rest', untilMs: startedMs + waitMs };
  const key: DeliveryKey = `nk-digest-${digest.id}-${to.id}-${digest.sends + 1}`.slice(0, 100);
  const { kind, calls } = what;
  const attempt = { key, kind, startedMs, ...(calls === undefined ? {} : { calls }) };
  await save(place, (record) => ({ ...record, digest: { ...digest, attempt } }));
  try {
    const receipt = await callChannel(place, () => channel.deliver(what.delivery, to, key));
    const { notBeforeMs: _notBeforeMs, ...rest } = digest;
    const sent = { ...rest, sends: digest.sends + 1 };
    await save(place, (record) => ({ ...record, digest: after(sent, receipt) }));
    house.telemetry.count('deliveries_total', {
      channel: to.channel,
      outcome: 'sent',
      reason: 'digest',
    });
    await noteSuccess(place);
    return { kind: 'worked' };
  } catch (error) {
    return await failed(place, { ...digest, attempt }, { thrown: error, startedMs });
  }
}

async function failed(
  place: Place,
  digest: Digest,
  what: {
    readonly thrown: unknown;
    readonly startedMs: number;
    /** What became of an earlier send could not be found out. */
    readonly isUnclear?: boolean;
  },
): Promise<Tended> {
  const { house, to } = place;
  const { thrown, startedMs, isUnclear = false } = what;
  if (thrown instanceof LostPlace) throw thrown;
  const nowMs = house.clock.now();
  const failures = (place.claim.record.trouble?.failures ?? 0) + 1;
  const failure = failureOf(thrown, failures, nowMs);
  house.log.warn({ destination: to.id, digest: digest.id, err: thrown }, 'digest failed');
  const { attempt, ...rest } = digest;
  // An unknown outcome leaves the attempt behind, to be looked for by its key; so does a question about it that got no answer.
  const mayHaveArrived = isUnclear || failure.code === 'delivery-unknown';
  const left = mayHaveArrived && attempt !== undefined ? { attempt } : {};
  const notBeforeMs = failure.retryAtMs;
  await save(place, (record) => ({ ...record, digest: { ...rest, ...left, notBeforeMs } }));
  await noteFailure(place, { kind: 'failed', startedMs, ...failure }, 0);
  return { kind: 'rest', untilMs: failure.retryAtMs };
}

/** A crash or a lost answer left a send open: what became of it is found out before anything is sent again. */
export async function afterAttempt(
  place: Place,
  digest: Digest,
  left: NonNullable<Digest['attempt']>,
): Promise<Tended> {
  const { channel, to, house } = place;
  const { attempt: _attempt, ...rest } = digest;
  const startedMs = house.clock.now();
  try {
    const found = await callChannel(
      place,
      () => channel.reconcile?.(left.key, to, left.startedMs) ?? Promise.resolve(undefined),
    );
    const arrived = found === undefined ? rest : arrivedAs(rest, left, found, house.clock.now());
    await save(place, (record) => ({ ...record, digest: arrived }));
    return { kind: 'worked' };
  } catch (error) {
    return await failed(place, digest, { thrown: error, startedMs, isUnclear: true });
  }
}

function arrivedAs(
  digest: Digest,
  left: NonNullable<Digest['attempt']>,
  receipt: Receipt,
  nowMs: number,
): Digest {
  const sent = { ...digest, sends: digest.sends + 1 };
  switch (left.kind) {
    case 'show':
      // What it looked like is not known: it is drawn once more, as an edit.
      return { ...sent, receipt };
    case 'speak': {
      const said = left.calls ?? [];
      const done = new Set(said.map(callText));
      return { ...sent, said, calls: digest.calls.filter((each) => !done.has(callText(each))) };
    }
    case 'over':
      return { ...sent, overMs: nowMs };
  }
}
