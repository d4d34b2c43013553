import type { Waiting } from '../model/destination.ts';
import { DeliveryError, type DeliveryFailure, NightkeeperError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import {
  type DeliveryKey,
  type DeliveryNote,
  type DeliveryRecord,
  type Notification,
  signalsMax,
} from '../model/notification.ts';
import type { Delivery } from '../ports/channel.ts';
import type { DeliveryClaim } from '../ports/delivery-log.ts';
import { lateText } from '../rules/card/delivery-note.ts';
import { threadLine } from '../rules/card/thread-line.ts';
import { toldByCard } from '../rules/routing/due.ts';
import { lateNote } from '../rules/routing/freshness.ts';
import { pauseAfter } from '../rules/routing/trouble.ts';
import { duePage } from './due-page.ts';
import { callChannel, deliveryLeaseMs, type Place } from './place.ts';

/** One incident at a destination, held under its lease. */
export interface Post {
  readonly item: Waiting;
  readonly incident: Incident;
  readonly claim: DeliveryClaim;
  /** Why the destination is asked although no route leads there. */
  readonly note?: DeliveryNote;
}

export interface Failure {
  readonly kind: 'failed';
  readonly code: DeliveryFailure;
  readonly error: string;
  readonly retryAtMs: number;
  readonly retryAfterMs?: number;
}

export type Sent = { readonly kind: 'sent' | 'lost' } | Failure;

/** Sends one message: claim the attempt, send with the key, record the receipt. */
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
  const claim = await house.deliveries.write(
    post.claim,
    { ...post.claim.record, attempt },
    deliveryLeaseMs,
  );
  if (claim === 'lost') return { kind: 'lost' };
  const drawing = drawingOf(place, post, next);
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
    const base = settled(claim.record);
    const { note: _note, ...shown } = base;
    const recorded = await house.deliveries.write(
      claim,
      next.kind === 'speak'
        ? { ...base, spoken: [...base.spoken, next.signal].slice(-signalsMax) }
        : {
            ...shown,
            ...(drawing.note === undefined ? {} : { note: drawing.note }),
            receipt,
            shownVersion: post.incident.version,
            shownState: post.incident.state,
            shownHash: drawing.hash,
            shownMs: nowMs,
            firstShownMs: base.firstShownMs ?? nowMs,
            ...(channel.edits === false ? { spoken: toldByCard(post.incident) } : {}),
          },
      deliveryLeaseMs,
    );
    return { kind: recorded === 'lost' ? 'lost' : 'sent' };
  } catch (error) {
    return await failed(place, { ...post, claim }, error);
  }
}

/** Finds out what became of a send whose outcome was never recorded, before anything is sent again. */
export async function reconcile(
  place: Place,
  post: Post,
  left: NonNullable<DeliveryRecord['attempt']>,
): Promise<Sent | { readonly kind: 'unsent' }> {
  const { house, to, channel } = place;
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
    const written = await house.deliveries.write(post.claim, record, deliveryLeaseMs);
    return { kind: written === 'lost' ? 'lost' : 'sent' };
  } catch (error) {
    return await failed(place, post, error);
  }
}

/** What a failure of a channel means; throws what is no failure of the channel. */
export function failureOf(
  error: unknown,
  failures: number,
  nowMs: number,
): Omit<Failure, 'kind'> & { readonly pauseMs: number } {
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

async function failed(place: Place, { claim }: Post, thrown: unknown): Promise<Sent> {
  const { house, to } = place;
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
  const written = await house.deliveries.write(
    claim,
    {
      ...settled(claim.record),
      failures,
      lastError: error,
      notBeforeMs: retryAtMs,
      // Only an unknown outcome leaves the attempt behind, to be looked for by its key.
      ...(code === 'delivery-unknown' && claim.record.attempt !== undefined
        ? { attempt: claim.record.attempt }
        : {}),
    },
    deliveryLeaseMs,
  );
  return written === 'lost' ? { kind: 'lost' } : { kind: 'failed', ...failure };
}

/** The record without what only concerns a send under way or in trouble. */
function settled(record: DeliveryRecord): DeliveryRecord {
  const { attempt: _attempt, lastError: _lastError, notBeforeMs: _notBeforeMs, ...rest } = record;
  return { ...rest, failures: 0 };
}

/** The message as it is sent now: a card that comes late says so, and one that comes in place of others says that. */
function drawingOf(
  place: Place,
  { incident, claim, item, note: asked }: Post,
  next: Notification,
): { readonly delivery: Delivery; readonly hash: string; readonly note?: DeliveryNote } {
  const { house, to, channel } = place;
  const { record } = claim;
  const late = lateNote(place.claim.record, item.sinceMs, house.clock.now());
  const first = record.shownVersion === undefined;
  const note = (first ? asked : undefined) ?? late ?? (first ? undefined : keptNote(record));
  const { note: _note, ...bare } = record;
  const drawn = note === undefined ? bare : { ...bare, note };
  const { card, hash } = duePage(house.settings(), incident, to, drawn, channel);
  const noted = note === undefined ? {} : { note };
  if (next.kind === 'show') {
    const previous = record.receipt;
    return { delivery: { kind: 'show', card, previous, text: card.title }, hash, ...noted };
  }
  const line = threadLine(incident, next.signal, {
    language: to.language,
    settings: house.settings(),
    channel: to.channel,
  });
  const text = lateText(line.text, late, to.language);
  const thread = record.receipt ?? {};
  return { delivery: { kind: 'speak', card, line: { ...line, text }, thread }, hash };
}

/** Why a card is here at all stays on it; that it once came late does not. */
function keptNote({ note }: DeliveryRecord): DeliveryNote | undefined {
  return note?.kind === 'fallback' ? note : undefined;
}

/**
 * The same message has the same key on every replica and after every crash. A card that cannot be edited is sent once, so that a
 * second try has the key of the first one even when the incident has changed in between.
 */
function keyOf(next: Notification, { to, channel }: Place): DeliveryKey {
  const drawn = channel.edits === false ? 'card' : `v${next.version}`;
  const what = next.kind === 'show' ? drawn : next.signal;
  return `nk-${next.incident}-${to.id}-${what}`.slice(0, 100);
}
