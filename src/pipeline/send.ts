import type { Waiting } from '../model/destination.ts';
import { DeliveryError, type DeliveryFailure, NightkeeperError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import {
  type DeliveryNote,
  type DeliveryRecord,
  type Notification,
  type Receipt,
  signalsMax,
} from '../model/notification.ts';
import type { DeliveryClaim } from '../ports/delivery-log.ts';
import { toldByCard } from '../rules/routing/due.ts';
import { pauseAfter } from '../rules/routing/trouble.ts';
import { type Drawing, drawingOf, keyOf } from './drawing.ts';
import { dueAt, type Page } from './due-page.ts';
import { callChannel, deliveryLeaseMs, LostPlace, type Place } from './place.ts';

/** One incident at a destination, held under its lease. */
export interface Post {
  readonly item: Waiting;
  readonly incident: Incident;
  readonly claim: DeliveryClaim;
  /** The card as it should hang by what is known of it here. */
  readonly page: Page;
  /** What it must still see or hear, in order. */
  readonly due: readonly Notification[];
  /** Why the destination is asked although no route leads there. */
  readonly note?: DeliveryNote;
}

export interface Failure {
  readonly kind: 'failed';
  readonly code: DeliveryFailure;
  readonly error: string;
  readonly startedMs: number;
  readonly retryAtMs: number;
  readonly retryAfterMs?: number;
}

/** With the last message of an incident its lease is given back. */
export type Sent =
  | { readonly kind: 'sent'; readonly post: Post; readonly isLast: boolean }
  | Failure;

/** Sends one message: claim the attempt, send with the key, record the receipt. Throws `LostPlace` when the incident is not ours. */
export async function send(place: Place, post: Post, next: Notification): Promise<Sent> {
  const { house, to, channel } = place;
  const startedMs = house.clock.now();
  const key = keyOf(next, place);
  const attempt = {
    key,
    kind: next.kind,
    startedMs,
    ...(next.kind === 'speak' ? { signal: next.signal } : {}),
  };
  const claim = await write(place, post.claim, { ...post.claim.record, attempt });
  const drawing = await drawingOf(place, post, next);
  try {
    const receipt = await callChannel(
      place,
      () => channel.deliver(drawing.delivery, to, key),
      claim,
    );
    const nowMs = house.clock.now();
    const labels = { channel: to.channel, outcome: 'sent', reason: next.reason };
    house.telemetry.count('deliveries_total', labels);
    house.telemetry.time('delivery_seconds', (nowMs - startedMs) / 1000, { channel: to.channel });
    const record = told(place, post, next, { drawing, receipt, nowMs });
    const page = next.kind === 'show' ? drawing.page : post.page;
    const due = dueAt(post.incident, to, record, channel, page.hash);
    const isLast = due.length === 0;
    const written = await write(place, claim, record, isLast ? 0 : deliveryLeaseMs);
    return { kind: 'sent', post: { ...post, claim: written, page, due }, isLast };
  } catch (error) {
    if (error instanceof LostPlace) throw error;
    return await failed(place, { ...post, claim }, { thrown: error, startedMs });
  }
}

/** What is known of an incident here, after a message of it has arrived. */
function told(
  { channel }: Place,
  { incident, claim: { record } }: Post,
  next: Notification,
  sent: { readonly drawing: Drawing; readonly receipt: Receipt; readonly nowMs: number },
): DeliveryRecord {
  const base = settled(record);
  if (next.kind === 'speak')
    return { ...base, spoken: [...base.spoken, next.signal].slice(-signalsMax) };
  const { drawing, receipt, nowMs } = sent;
  const { note: _note, ...shown } = base;
  return {
    ...shown,
    ...(drawing.note === undefined ? {} : { note: drawing.note }),
    receipt,
    shownVersion: incident.version,
    shownState: incident.state,
    shownHash: drawing.page.hash,
    shownMs: nowMs,
    firstShownMs: base.firstShownMs ?? nowMs,
    ...(channel.edits === false ? { spoken: toldByCard(incident) } : {}),
  };
}

/**
 * Finds out what became of a send whose outcome was never recorded, before anything is sent again. Where that cannot be found out now,
 * the attempt stays: it is asked for again, and nothing is sent before.
 */
export async function reconcile(
  place: Place,
  post: Post,
  left: NonNullable<DeliveryRecord['attempt']>,
): Promise<
  { readonly kind: 'found'; readonly claim: DeliveryClaim } | { readonly kind: 'unsent' } | Failure
> {
  const { house, to, channel } = place;
  const startedMs = house.clock.now();
  try {
    const found = await callChannel(
      place,
      () =>
        channel.reconcile?.(left.key, to, left.startedMs) ?? Promise.resolve<undefined>(undefined),
      post.claim,
    );
    if (found === undefined) return { kind: 'unsent' };
    const { shownHash, ...base } = settled(post.claim.record);
    const record: DeliveryRecord =
      left.kind === 'speak'
        ? {
            ...base,
            ...(shownHash === undefined ? {} : { shownHash }),
            spoken: [...base.spoken, left.signal ?? ''].slice(-signalsMax),
          }
        : // What the arrived card looked like is not known: without a hash it is drawn once more, as an edit.
          {
            ...base,
            receipt: found,
            shownVersion: base.shownVersion ?? 0,
            firstShownMs: base.firstShownMs ?? left.startedMs,
          };
    return { kind: 'found', claim: await write(place, post.claim, record) };
  } catch (error) {
    if (error instanceof LostPlace) throw error;
    return await failed(place, post, { thrown: error, startedMs, left });
  }
}

/** Writes what is known of an incident here; with no time for its lease, it is given back. Throws `LostPlace` when it is not ours. */
async function write(
  { house }: Place,
  claim: DeliveryClaim,
  record: DeliveryRecord,
  leaseMs = deliveryLeaseMs,
): Promise<DeliveryClaim> {
  const written = await house.deliveries.write(claim, record, leaseMs);
  if (written === 'lost') throw new LostPlace();
  return written;
}

/** What a failure of a channel means; throws what is no failure of the channel. */
export function failureOf(
  error: unknown,
  failures: number,
  nowMs: number,
): Omit<Failure, 'kind' | 'startedMs'> & { readonly pauseMs: number } {
  if (error instanceof NightkeeperError && error.code === 'redis-unavailable') throw error;
  const isDelivery = error instanceof DeliveryError;
  const code = isDelivery ? (error.code as DeliveryFailure) : 'delivery-unknown';
  const retryAfterMs = isDelivery ? error.retryAfterMs : undefined;
  const pauseMs = pauseAfter(code, failures, retryAfterMs);
  return {
    code,
    error: (error instanceof Error ? error.message : 'unknown error').slice(0, 300),
    pauseMs,
    retryAtMs: nowMs + pauseMs,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Notes a failure with the incident, and gives its lease back. */
async function failed(
  place: Place,
  { claim }: Post,
  what: {
    readonly thrown: unknown;
    readonly startedMs: number;
    /** The attempt that was asked about. */
    readonly left?: DeliveryRecord['attempt'];
  },
): Promise<Failure> {
  const { house, to } = place;
  const { thrown, startedMs } = what;
  const failures = claim.record.failures + 1;
  const failure = failureOf(thrown, failures, house.clock.now());
  const { code, error, pauseMs, retryAtMs } = failure;
  house.telemetry.count('deliveries_total', {
    channel: to.channel,
    outcome: code,
    reason: 'retry',
  });
  house.log[code === 'delivery-refused' ? 'error' : 'warn'](
    {
      incident: claim.record.incident,
      destination: to.id,
      failures,
      retryInMs: pauseMs,
      err: thrown,
    },
    'delivery failed',
  );
  // An unknown outcome leaves the attempt behind, to be looked for by its key; so does a question about it that got no answer.
  const attempt = code === 'delivery-unknown' ? claim.record.attempt : what.left;
  const record = {
    ...settled(claim.record),
    failures,
    lastError: error,
    notBeforeMs: retryAtMs,
    ...(attempt === undefined ? {} : { attempt }),
  };
  await write(place, claim, record, 0);
  return { kind: 'failed', ...failure, startedMs };
}

/** The record without what only concerns a send under way or in trouble. */
export function settled(record: DeliveryRecord): DeliveryRecord {
  const { attempt: _attempt, lastError: _lastError, notBeforeMs: _notBeforeMs, ...rest } = record;
  return { ...rest, failures: 0 };
}
