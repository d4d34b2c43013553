import { DeliveryError, NightkeeperError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import {
  type DeliveryKey,
  type DeliveryRecord,
  type Destination,
  type Notification,
  signalsMax,
} from '../model/notification.ts';
import type { Channel, Delivery } from '../ports/channel.ts';
import type { DeliveryClaim } from '../ports/delivery-log.ts';
import { threadLine } from '../rules/card/thread-line.ts';
import { toldByCard } from '../rules/routing/due.ts';
import { withDeadline } from './deadline.ts';
import { duePage } from './due-page.ts';
import type { House } from './house.ts';
import { whileHeld } from './while-held.ts';

/**
 * How long one sender holds a destination of an incident without renewing; renewed while a message is on its way. No longer than
 * the queue takes to give the job of a killed process to another one (7.5 s at most), so that what it left half done waits for one
 * thing only.
 */
export const deliveryLeaseMs = 5_000;

/** How long one message may take; a channel that answers later has an unknown outcome. */
export const sendTimeoutMs = 20_000;

/** First pause after a failure; doubled each time up to `backoffMsMax`. */
export const backoffMs = 1_000;
export const backoffMsMax = 5 * 60_000;

/** Messages one job sends before it hands over to a fresh one. */
export const roundsMax = 20;

type Needs = Pick<
  House,
  'settings' | 'incidents' | 'deliveries' | 'schedule' | 'clock' | 'log' | 'telemetry' | 'channel'
>;

/** One destination of one incident, held under a lease. */
interface Post {
  readonly to: Destination;
  readonly channel: Channel;
  readonly claim: DeliveryClaim;
}

type Step =
  | { readonly kind: 'done' }
  | { readonly kind: 'sent'; readonly claim: DeliveryClaim }
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly claim: DeliveryClaim; readonly retryAtMs: number };

/**
 * Brings one destination up to date with one incident: claim, send with the key, record the receipt. Level-triggered: each round
 * draws the incident as it is now, so many changes while the channel was away become one edit.
 */
export async function deliver(house: Needs, job: Job): Promise<void> {
  if (job.kind !== 'deliver') return;
  const to = house.settings().destinations.find((each) => each.id === job.destination);
  const channel = to === undefined ? undefined : house.channel(to.channel);
  if (to === undefined || channel === undefined) return;
  const claim = await house.deliveries.claim(job.ensemble, job.incident, to.id, deliveryLeaseMs);
  if ('heldForMs' in claim) {
    // Whoever holds it draws the newest state; this looks once more in case the holder dies.
    return await again(house, job, house.clock.now() + claim.heldForMs + 100);
  }
  let post: Post = { to, channel, claim };
  for (let round = 0; round < roundsMax; round += 1) {
    const step = await oneRound(house, post);
    if (step.kind === 'lost') return;
    if (step.kind === 'done') return await finish(house, post, job);
    post = { ...post, claim: step.claim };
    if (step.kind === 'failed') {
      await house.deliveries.release(post.claim);
      return await again(house, job, step.retryAtMs);
    }
  }
  await house.deliveries.release(post.claim);
  await again(house, job, house.clock.now());
}

/** Lets go of the lease; a change that came in between finds its job refused by the lease, so it is looked for once more. */
async function finish(
  house: Needs,
  { to, claim, channel }: Post,
  job: Job & { kind: 'deliver' },
): Promise<void> {
  await house.deliveries.release(claim);
  const incident = await house.incidents.get(job.incident);
  if (incident === undefined) return;
  const { due } = duePage(house.settings(), incident, to, claim.record, channel);
  if (due.length > 0) await again(house, job, house.clock.now());
}

async function oneRound(house: Needs, post: Post): Promise<Step> {
  const { record } = post.claim;
  const nowMs = house.clock.now();
  const incident = await house.incidents.get(record.incident);
  if (incident === undefined) return { kind: 'done' };
  const left = record.attempt;
  const page = duePage(house.settings(), incident, post.to, record, post.channel);
  if (left === undefined && page.due[0] === undefined) return { kind: 'done' };
  if ((record.notBeforeMs ?? 0) > nowMs) {
    return { kind: 'failed', claim: post.claim, retryAtMs: record.notBeforeMs ?? nowMs };
  }
  if (left !== undefined && post.channel.reconcile !== undefined) {
    const reconciled = await reconcile(house, post, left);
    if (reconciled !== 'unsent') return reconciled;
  }
  return page.due[0] === undefined
    ? { kind: 'done' }
    : await send(house, post, { incident, next: page.due[0], page });
}

async function send(
  house: Needs,
  post: Post,
  what: {
    readonly incident: Incident;
    readonly next: Notification;
    readonly page: ReturnType<typeof duePage>;
  },
): Promise<Step> {
  const { to, channel } = post;
  const { next } = what;
  const startedMs = house.clock.now();
  const key = keyOf(next, to, channel);
  const claim = await house.deliveries.write(
    post.claim,
    {
      ...post.claim.record,
      attempt: {
        key,
        kind: next.kind,
        startedMs,
        ...(next.kind === 'speak' ? { signal: next.signal } : {}),
      },
    },
    deliveryLeaseMs,
  );
  if (claim === 'lost') return { kind: 'lost' };
  try {
    const delivery = deliveryOf(house, what, claim.record, to);
    const receipt = await whileHeld(house, claim, deliveryLeaseMs, () =>
      withDeadline(
        channel.deliver(delivery, to, key),
        sendTimeoutMs,
        () => new DeliveryError('delivery-unknown', `no answer within ${sendTimeoutMs} ms`),
      ),
    );
    const labels = { channel: to.channel, outcome: 'sent', reason: next.reason };
    house.telemetry.count('deliveries_total', labels);
    const seconds = (house.clock.now() - startedMs) / 1000;
    house.telemetry.time('delivery_seconds', seconds, { channel: to.channel });
    const base = settled(claim.record);
    const recorded = await house.deliveries.write(
      claim,
      next.kind === 'speak'
        ? { ...base, spoken: [...base.spoken, next.signal].slice(-signalsMax) }
        : {
            ...base,
            receipt,
            shownVersion: what.incident.version,
            shownHash: what.page.hash,
            firstShownMs: base.firstShownMs ?? house.clock.now(),
            ...(channel.edits === false ? { spoken: toldByCard(what.incident) } : {}),
          },
      deliveryLeaseMs,
    );
    return recorded === 'lost' ? { kind: 'lost' } : { kind: 'sent', claim: recorded };
  } catch (error) {
    return await failed(house, { ...post, claim }, error);
  }
}

/** Finds out what became of a send whose outcome was never recorded, before anything is sent again. */
async function reconcile(
  house: Needs,
  post: Post,
  left: NonNullable<DeliveryRecord['attempt']>,
): Promise<Step | 'unsent'> {
  try {
    const found = await whileHeld(house, post.claim, deliveryLeaseMs, () =>
      withDeadline(
        post.channel.reconcile?.(left.key, post.to, left.startedMs) ?? Promise.resolve(undefined),
        sendTimeoutMs,
        () => new DeliveryError('delivery-unknown', `no answer within ${sendTimeoutMs} ms`),
      ),
    );
    if (found === undefined) return 'unsent';
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
    return written === 'lost' ? { kind: 'lost' } : { kind: 'sent', claim: written };
  } catch (error) {
    return await failed(house, post, error);
  }
}

async function failed(house: Needs, { to, claim }: Post, error: unknown): Promise<Step> {
  if (error instanceof NightkeeperError && error.code === 'redis-unavailable') throw error;
  const nowMs = house.clock.now();
  const failures = claim.record.failures + 1;
  const code = error instanceof DeliveryError ? error.code : 'delivery-unknown';
  const retryAfterMs = error instanceof DeliveryError ? error.retryAfterMs : undefined;
  const doubledMs = Math.min(backoffMs * 2 ** Math.min(failures - 1, 20), backoffMsMax);
  const pauseMs = code === 'delivery-refused' ? backoffMsMax : (retryAfterMs ?? doubledMs);
  const message = (error instanceof Error ? error.message : 'unknown error').slice(0, 300);
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
      err: error,
    },
    'delivery failed',
  );
  const written = await house.deliveries.write(
    claim,
    {
      ...settled(claim.record),
      failures,
      lastError: message,
      notBeforeMs: nowMs + pauseMs,
      // Only an unknown outcome leaves the attempt behind, to be looked for by its key.
      ...(code === 'delivery-unknown' && claim.record.attempt !== undefined
        ? { attempt: claim.record.attempt }
        : {}),
    },
    deliveryLeaseMs,
  );
  if (written === 'lost') return { kind: 'lost' };
  return { kind: 'failed', claim: written, retryAtMs: nowMs + pauseMs };
}

/** The record without what only concerns a send under way or in trouble. */
function settled(record: DeliveryRecord): DeliveryRecord {
  const { attempt: _attempt, lastError: _lastError, notBeforeMs: _notBeforeMs, ...rest } = record;
  return { ...rest, failures: 0 };
}

async function again(house: Needs, job: Job & { kind: 'deliver' }, atMs: number): Promise<void> {
  const id = `retry-${job.incident}-${job.destination}-${Math.ceil(atMs / 250)}`;
  await house.schedule.at(atMs, job, id);
}

function deliveryOf(
  house: Needs,
  what: {
    readonly incident: Incident;
    readonly next: Notification;
    readonly page: ReturnType<typeof duePage>;
  },
  record: DeliveryRecord,
  to: Destination,
): Delivery {
  const { card } = what.page;
  if (what.next.kind === 'show') {
    return { kind: 'show', card, previous: record.receipt, text: card.title };
  }
  const line = threadLine(what.incident, what.next.signal, {
    language: to.language,
    settings: house.settings(),
    channel: to.channel,
  });
  return { kind: 'speak', card, line, thread: record.receipt ?? {} };
}

/**
 * The same message has the same key on every replica and after every crash. A card that cannot be edited is sent once, so that a
 * second try has the key of the first one even when the incident has changed in between.
 */
function keyOf(next: Notification, to: Destination, channel: Channel): DeliveryKey {
  const drawn = channel.edits === false ? 'card' : `v${next.version}`;
  const what = next.kind === 'show' ? drawn : next.signal;
  return `nk-${next.incident}-${to.id}-${what}`.slice(0, 100);
}
