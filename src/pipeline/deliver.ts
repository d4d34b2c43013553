import type { Waiting } from '../model/destination.ts';
import type { Job } from '../model/job.ts';
import type { DeliveryNote, DeliveryRecord } from '../model/notification.ts';
import type { Queue } from '../ports/outbox.ts';
import { redrawPauseMs } from '../rules/routing/budget.ts';
import { groupingFor, isStorm, withFirst } from '../rules/routing/digest.ts';
import { fallbackFor } from '../rules/routing/fallback.ts';
import { destinationsFor } from '../rules/routing/routes.ts';
import { judgeTrouble, noteFailure, noteSuccess } from './broken-channel.ts';
import { tendDigest } from './digest.ts';
import { duePage } from './due-page.ts';
import type { House } from './house.ts';
import { type Joining, joinDigest, withoutDigest } from './join-digest.ts';
import { deliveryLeaseMs, LostPlace, type Place, save, takeBudget, unlimited } from './place.ts';
import { type Post, reconcile, send } from './send.ts';
import type { Tended } from './send-digest.ts';

/** What one job does before it hands over to a fresh one: about a minute of a chat that takes one message a second. */
export const roundsMax = 100;

/** Incidents read from the queue at a time, and the most that join a digest in one step. */
export const batchMax = 50;

/**
 * Brings one destination up to date: one sender at a time, what a person did first, then new cards and calls, then redraws. Level
 * triggered: each message shows the incident as it is now, so that many changes while the chat was away become one edit.
 */
export async function deliver(house: House, job: Job): Promise<void> {
  if (job.kind !== 'deliver') return;
  const to = house.settings().destinations.find((each) => each.id === job.destination);
  const channel = to === undefined ? undefined : house.channel(to.channel);
  if (to === undefined || channel === undefined) return;
  const claim = await house.outbox.claim(to.id, deliveryLeaseMs);
  if ('heldForMs' in claim) {
    // Whoever holds it sees what was asked for; this looks once more in case the holder dies.
    return await again(house, to.id, house.clock.now() + claim.heldForMs + 100);
  }
  try {
    await work({ house, to, channel, claim });
  } catch (error) {
    if (!(error instanceof LostPlace)) throw error;
  }
}

/** Works until nothing is left to do now, and sees to it that somebody comes back for what is left for later. */
async function work(place: Place): Promise<void> {
  const { house, to } = place;
  for (let round = 0; round < roundsMax; round += 1) {
    const queue = await house.outbox.queue(to.id, house.clock.now(), batchMax);
    const done = await oneRound(place, queue);
    if (done.kind === 'worked') continue;
    if ((await house.outbox.leave(place.claim, queue.seen)) === 'more') {
      await save(place, place.claim.record);
      continue;
    }
    const times = [done.untilMs, queue.nextAtMs].filter((atMs) => atMs !== undefined);
    if (times.length > 0) await again(house, to.id, Math.min(...times));
    return;
  }
  const { seen } = await house.outbox.queue(to.id, house.clock.now(), 0);
  await house.outbox.leave(place.claim, seen);
  await again(house, to.id, house.clock.now());
}

async function oneRound(place: Place, { waiting }: Queue): Promise<Tended> {
  const nextMs = await judgeTrouble(place);
  const heldUntilMs = place.claim.record.trouble?.notBeforeMs ?? 0;
  if (heldUntilMs > place.house.clock.now())
    return { kind: 'rest', untilMs: Math.min(heldUntilMs, nextMs ?? heldUntilMs) };
  const [first] = waiting;
  const tended: Tended = first?.lane === 'person' ? { kind: 'rest' } : await tendDigest(place);
  if (tended.kind === 'worked') return tended;
  const told: Tended =
    first === undefined ? { kind: 'rest' } : await tellOne(place, first, waiting);
  if (told.kind === 'worked') return told;
  const times = [tended.untilMs, told.untilMs, nextMs].filter((atMs) => atMs !== undefined);
  return times.length === 0 ? { kind: 'rest' } : { kind: 'rest', untilMs: Math.min(...times) };
}

/** The next message of one incident; with a storm, a whole batch goes into the digest. */
async function tellOne(place: Place, item: Waiting, waiting: readonly Waiting[]): Promise<Tended> {
  const { house, to } = place;
  const found = await take(place, item);
  if (found === undefined) return { kind: 'worked' };
  const { post, page } = found;
  if (joins(place, found)) {
    const others = waiting.filter((each) => each !== item && each.lane !== 'person');
    await joinDigest(place, [asJoining(found), ...(await takeOthers(place, others))]);
    return { kind: 'worked' };
  }
  const left = post.claim.record.attempt;
  const next = page.due[0];
  if (left !== undefined && place.channel.reconcile !== undefined) {
    const reconciled = await reconcile(place, post, left);
    if (reconciled.kind !== 'unsent') return await after(place, post, reconciled, false);
  }
  if (next === undefined) {
    await house.deliveries.release(post.claim);
    await house.outbox.done(to.id, item);
    return { kind: 'worked' };
  }
  const limited = await waitForBudget(place, post);
  if (limited !== undefined) return limited;
  const sent = await send(place, post, next);
  return await after(place, post, sent, next.reason === 'first');
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

/** Draws the consequences of a send for the destination and for what waits there. */
async function after(
  place: Place,
  { item, incident, claim }: Post,
  sent: Awaited<ReturnType<typeof send>>,
  isFirst: boolean,
): Promise<Tended> {
  const { house, to } = place;
  if (sent.kind === 'lost') throw new LostPlace();
  await house.deliveries.release(claim);
  if (sent.kind === 'failed') {
    await house.outbox.later(to.id, item, sent.retryAtMs);
    await noteFailure(place, sent, incident.id);
    return { kind: 'worked' };
  }
  if (isFirst) {
    const { record } = place.claim;
    await save(place, { ...record, firsts: withFirst(record.firsts, house.clock.now()) });
  }
  await noteSuccess(place);
  const calm = await house.outbox.queue(to.id, house.clock.now(), 2);
  if (calm.waiting.length <= 1) await unlimited(place);
  return { kind: 'worked' };
}

interface Found {
  readonly post: Post;
  readonly page: ReturnType<typeof duePage>;
}

/** Takes the lease of an incident at the destination and looks what it needs; undefined when there is nothing to do now. */
async function take(place: Place, item: Waiting): Promise<Found | undefined> {
  const { house, to, channel } = place;
  const nowMs = house.clock.now();
  const incident = await house.incidents.get(item.incident);
  if (incident === undefined) {
    await house.outbox.done(to.id, item);
    return undefined;
  }
  const claim = await house.deliveries.claim(
    incident.ensemble,
    incident.id,
    to.id,
    deliveryLeaseMs,
  );
  if ('heldForMs' in claim) {
    await house.outbox.later(to.id, item, nowMs + claim.heldForMs + 50);
    return undefined;
  }
  const record = recordNow(place, claim.record, incident.state === 'resolved');
  const asked = record.shownVersion === undefined ? await whyHere(place, incident) : {};
  if (asked === 'not-asked') {
    await house.deliveries.release(claim);
    await house.outbox.done(to.id, item);
    return undefined;
  }
  const post: Post = { item, incident, claim: { ...claim, record }, ...asked };
  return { post, page: duePage(house.settings(), incident, to, record, channel) };
}

/** A digest that is gone shows nothing any more: what is open needs a card, what is over has been told. */
function recordNow(place: Place, record: DeliveryRecord, isResolved: boolean): DeliveryRecord {
  if (record.digest === undefined || record.digest === place.claim.record.digest?.id) return record;
  return isResolved ? record : withoutDigest(record);
}

/** Why an incident is to be shown here for the first time: a route leads here, or others could not call anybody. */
async function whyHere(
  { house, to }: Place,
  incident: Post['incident'],
): Promise<{ readonly note?: DeliveryNote } | 'not-asked'> {
  const settings = house.settings();
  if (destinationsFor(settings, incident, house.clock.now()).some(({ id }) => id === to.id))
    return {};
  const records = await house.deliveries.records(incident.ensemble, incident.id);
  const asked = fallbackFor(settings, incident, records, house.clock.now());
  if (asked?.to.includes(to.id) !== true) return 'not-asked';
  return { note: { kind: 'fallback', instead: asked.instead, forMs: asked.forMs } };
}

/** Whether an incident belongs into the digest: it is there already, or it is new and one too many. */
function joins(place: Place, { post, page }: Found): boolean {
  const { house, to, channel, claim } = place;
  const { record } = post.claim;
  if (channel.digests !== true || record.attempt !== undefined) return false;
  if (record.digest !== undefined) return page.due.length > 0;
  if (page.due[0]?.reason !== 'first') return false;
  const grouping = groupingFor(house.settings(), post.incident, to);
  return isStorm(claim.record, grouping, house.clock.now());
}

/** Of the others that wait, those that go into the digest as well. */
async function takeOthers(place: Place, waiting: readonly Waiting[]): Promise<readonly Joining[]> {
  const joining: Joining[] = [];
  for (const item of waiting) {
    const found = await take(place, item);
    if (found === undefined) continue;
    if (joins(place, found)) joining.push(asJoining(found));
    else await place.house.deliveries.release(found.post.claim);
  }
  return joining;
}

function asJoining({ post, page }: Found): Joining {
  const { item, incident, claim } = post;
  return { item, incident, token: claim.token, record: claim.record, page };
}

/** A new configuration may have mended what was broken: every destination is tried at once, whatever it was waiting for. */
export async function retryDestinations(house: House): Promise<void> {
  for (const { id } of house.settings().destinations) {
    await house.outbox.ripen(id, house.clock.now());
    const claim = await house.outbox.claim(id, deliveryLeaseMs);
    if ('heldForMs' in claim) continue;
    const { trouble, ...record } = claim.record;
    if (trouble !== undefined) {
      const { notBeforeMs: _notBeforeMs, ...rest } = trouble;
      await house.outbox.write(claim, { ...record, trouble: rest }, deliveryLeaseMs);
    }
    const { seen } = await house.outbox.queue(id, house.clock.now(), 0);
    await house.outbox.leave(claim, seen);
    await house.schedule.now({ kind: 'deliver', destination: id });
  }
}

async function again(house: House, destination: string, atMs: number): Promise<void> {
  const id = `deliver-${destination}-${Math.ceil(atMs / 250)}`;
  await house.schedule.at(atMs, { kind: 'deliver', destination }, id);
}
