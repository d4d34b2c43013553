import type { Waiting } from '../model/destination.ts';
import type { DeliveryNote, DeliveryRecord } from '../model/notification.ts';
import { redrawPauseMs } from '../rules/routing/budget.ts';
import { groupingFor, isStorm, withFirst } from '../rules/routing/digest.ts';
import { wasTold } from '../rules/routing/due.ts';
import { destinationsFor } from '../rules/routing/routes.ts';
import { noteFailure, noteSuccess } from './broken-channel.ts';
import { duePage } from './due-page.ts';
import { fallbackNow } from './fallback-now.ts';
import { withoutDigest } from './join-digest.ts';
import { deliveryLeaseMs, type Place, save, takeBudget, unlimited } from './place.ts';
import { type Failure, type Post, reconcile, send, settled } from './send.ts';
import type { Tended } from './send-digest.ts';

/** Messages that one incident gets in a row before the others have their turn. */
export const messagesMax = 20;

/** Takes the lease of an incident at the destination and looks what it needs; undefined when there is nothing to do now. */
export async function take(place: Place, item: Waiting): Promise<Post | undefined> {
  const { house, to, channel } = place;
  // Asked in this order on one connection: what is read is no older than what the last holder of the lease has told.
  const [claim, incident] = await Promise.all([
    house.deliveries.claim(item.ensemble, item.incident, to.id, deliveryLeaseMs),
    house.incidents.get(item.incident, item.ensemble),
  ]);
  if ('heldForMs' in claim) {
    await house.outbox.later(to.id, item, house.clock.now() + claim.heldForMs + 50);
    return undefined;
  }
  const asked = incident === undefined ? 'not-asked' : await whyHere(place, incident, claim.record);
  if (incident === undefined || asked === 'not-asked') {
    await house.deliveries.release(claim);
    await house.outbox.done(to.id, item);
    return undefined;
  }
  const record = recordNow(place, claim.record, incident.state === 'resolved');
  const { due, ...page } = duePage(house.settings(), incident, to, record, channel);
  return { item, incident, claim: { ...claim, record }, page, due, ...asked };
}

/**
 * What is known of an incident here, as it counts now. A digest that is gone shows nothing any more: what is open needs a card, what is
 * over has been told. Where nobody can be asked what became of a card that was on its way, it is drawn again.
 */
function recordNow(
  { claim, channel }: Place,
  record: DeliveryRecord,
  isResolved: boolean,
): DeliveryRecord {
  if (record.attempt?.kind === 'show' && channel.reconcile === undefined) {
    const { shownHash: _shownHash, ...unknown } = record;
    return unknown;
  }
  if (record.digest === undefined || record.digest === claim.record.digest?.id) return record;
  return isResolved ? record : withoutDigest(record);
}

/** Why an incident is to be shown here for the first time: a route leads here, or others could not call anybody. */
async function whyHere(
  { house, to, channel }: Place,
  incident: Post['incident'],
  record: DeliveryRecord,
): Promise<{ readonly note?: DeliveryNote } | 'not-asked'> {
  const settings = house.settings();
  // Where no card hangs, what was said is all there is.
  if (record.shownVersion !== undefined || (channel.calls === true && wasTold(record))) return {};
  if (destinationsFor(settings, incident, house.clock.now()).some(({ id }) => id === to.id))
    return {};
  const records = await house.deliveries.records(incident.ensemble, incident.id);
  const asked = await fallbackNow(house, incident, records);
  if (asked?.to.includes(to.id) !== true) return 'not-asked';
  const { instead, forMs } = asked;
  if (asked.usedUp) return { note: { kind: 'used-up', instead } };
  return { note: { kind: 'fallback', instead, forMs } };
}

/** Whether an incident belongs into the digest: it is there already, or it is new and one too many. */
export function joins(place: Place, post: Post): boolean {
  const { house, to, channel, claim, firstsUnderWay } = place;
  const {
    claim: { record },
    due,
    incident,
  } = post;
  if (channel.digests !== true || record.attempt !== undefined) return false;
  if (record.digest !== undefined) return due.length > 0;
  if (!isNewHere(place, post)) return false;
  // Where every message wakes somebody, what had to wait comes as one.
  if (channel.calls === true && claim.record.trouble?.code === 'delivery-rate-limited') return true;
  const nowMs = house.clock.now();
  const underWay = Array.from({ length: firstsUnderWay }, () => nowMs);
  const counted = { ...claim.record, firsts: [...claim.record.firsts, ...underWay] };
  return isStorm(counted, groupingFor(house.settings(), incident, to), nowMs);
}

/** Whether the next message is the first one of its incident here. */
function isNewHere({ channel }: Place, { claim: { record }, due: [next] }: Post): boolean {
  if (next === undefined) return false;
  return next.reason === 'first' || (channel.calls === true && !wasTold(record));
}

/** Tells one incident what it needs, message by message; where the budget is short, one message and then whoever is next. */
export async function tell(place: Place, taken: Post): Promise<Tended> {
  if (!isNewHere(place, taken)) return await tellAll(place, taken, () => undefined);
  let isUnderWay = true;
  place.firstsUnderWay += 1;
  const arrived = (): void => {
    if (isUnderWay) place.firstsUnderWay -= 1;
    isUnderWay = false;
  };
  try {
    return await tellAll(place, taken, arrived);
  } finally {
    arrived();
  }
}

async function tellAll(place: Place, taken: Post, arrived: () => void): Promise<Tended> {
  const { house, channel } = place;
  const known = await clearUp(place, taken);
  if (known.kind === 'failed') return await putOff(place, taken, known);
  let { post } = known;
  for (let count = 0; count < messagesMax; count += 1) {
    const [next] = post.due;
    if (next === undefined) return await finish(place, post);
    const limited = await waitForBudget(place, post);
    if (limited !== undefined) return limited;
    const isFirst = isNewHere(place, post);
    const sent = await send(place, post, next);
    if (sent.kind === 'failed') return await putOff(place, post, sent);
    arrived();
    await noteSent(place, isFirst);
    if (sent.isLast) {
      await house.outbox.done(place.to.id, post.item);
      return { kind: 'worked' };
    }
    ({ post } = sent);
    if (channel.budget !== undefined) break;
  }
  await house.deliveries.release(post.claim);
  return { kind: 'worked' };
}

/** Finds out what became of a message that a crash or a lost answer left open. */
async function clearUp(
  place: Place,
  post: Post,
): Promise<{ readonly kind: 'clear'; readonly post: Post } | Failure> {
  const { house, to, channel } = place;
  const left = post.claim.record.attempt;
  if (left === undefined || channel.reconcile === undefined) return { kind: 'clear', post };
  const found = await reconcile(place, post, left);
  if (found.kind === 'failed') return found;
  if (found.kind === 'unsent') return { kind: 'clear', post };
  const { claim } = found;
  const { due, ...page } = duePage(house.settings(), post.incident, to, claim.record, channel);
  return { kind: 'clear', post: { ...post, claim, page, due } };
}

/** Nothing is left to tell: nothing of it is on its way any more either. */
async function finish({ house, to }: Place, { claim, item }: Post): Promise<Tended> {
  if (claim.record.attempt === undefined) await house.deliveries.release(claim);
  else await house.deliveries.write(claim, settled(claim.record), 0);
  await house.outbox.done(to.id, item);
  return { kind: 'worked' };
}

/** Takes one message out of the budget. Where it is short, a card that was just drawn makes way for the others. */
async function waitForBudget(place: Place, { item, claim }: Post): Promise<Tended | undefined> {
  const { house, to } = place;
  const nowMs = house.clock.now();
  const pauseEndMs = (claim.record.shownMs ?? Number.NEGATIVE_INFINITY) + redrawPauseMs;
  const isShort = place.claim.record.limitedMs !== undefined;
  if (item.lane === 'redraw' && isShort && pauseEndMs > nowMs) {
    await house.outbox.later(to.id, item, pauseEndMs);
    await house.deliveries.release(claim);
    return { kind: 'worked' };
  }
  const waitMs = await takeBudget(place, item.lane);
  if (waitMs === 'taken') return undefined;
  await house.deliveries.release(claim);
  return { kind: 'rest', untilMs: nowMs + waitMs };
}

/** Draws the consequences of a failure for the destination and for what waits there. */
async function putOff(place: Place, { item, incident }: Post, failure: Failure): Promise<Tended> {
  await place.house.outbox.later(place.to.id, item, failure.retryAtMs);
  await noteFailure(place, failure, incident.id);
  return { kind: 'worked' };
}

/** Draws the consequences of a message that arrived for the destination. */
async function noteSent(place: Place, isFirst: boolean): Promise<void> {
  const { house, to, channel } = place;
  const nowMs = house.clock.now();
  if (isFirst && channel.digests === true)
    await save(place, (record) => ({ ...record, firsts: withFirst(record.firsts, nowMs) }));
  await noteSuccess(place);
  if (place.claim.record.limitedMs === undefined) return;
  const calm = await house.outbox.queue(to.id, nowMs, 2);
  if (calm.waiting.length <= 1) await unlimited(place);
}
