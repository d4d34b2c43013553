import type { Waiting } from '../model/destination.ts';
import type { Job } from '../model/job.ts';
import type { Queue } from '../ports/outbox.ts';
import { judgeTrouble } from './broken-channel.ts';
import { tendDigest } from './digest.ts';
import { createFlights, type Flights } from './flights.ts';
import type { House } from './house.ts';
import { joinDigest } from './join-digest.ts';
import { deliveryLeaseMs, keepPlace, LostPlace, openPlace, type Place } from './place.ts';
import type { Post } from './send.ts';
import type { Tended } from './send-digest.ts';
import { joins, take, tell } from './tell.ts';

/** What one job does before it hands over to a fresh one: about a minute of a chat that takes one message a second. */
export const roundsMax = 1_000;
export const workMsMax = 60_000;

/** Incidents read from the queue at a time, and the most that join a digest in one step. */
export const batchMax = 50;

/**
 * Incidents whose messages are on their way to one destination at a time, where the platform sets no budget. Their messages go one
 * after the other all the same; with a budget, all messages do.
 */
export const atOnceMax = 8;

/** How old the list of what waits may be: this long a person waits behind what was ripe before. */
export const listMsMax = 250;

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
  const place = openPlace({ house, to, channel, claim });
  const flights = createFlights(house.clock);
  try {
    await keepPlace(place, () => work(place, flights));
  } catch (error) {
    // What is on its way has leases of its own, and is told to its end.
    await flights.land().catch(() => undefined);
    if (!(error instanceof LostPlace)) throw error;
    // Whoever has it now may die before it is done.
    await again(house, to.id, house.clock.now() + deliveryLeaseMs + 100);
  }
}

/** Works until nothing is left to do now, and sees to it that somebody comes back for what is left for later. */
async function work(place: Place, flights: Flights): Promise<void> {
  const { house, to, channel } = place;
  const endMs = house.clock.now() + workMsMax;
  let list: { readonly queue: Queue; readonly atMs: number; ready: readonly Waiting[] } | undefined;
  for (let round = 0; round < roundsMax && house.clock.now() < endMs; round += 1) {
    if (place.isLost) throw new LostPlace();
    const nowMs = house.clock.now();
    const isOld = list === undefined || list.ready.length === 0 || nowMs - list.atMs >= listMsMax;
    if (list === undefined || isOld || channel.budget !== undefined) {
      const queue = await house.outbox.queue(to.id, nowMs, batchMax);
      list = { queue, atMs: nowMs, ready: queue.waiting.filter((item) => !flights.has(item)) };
    }
    const { done, ready } = await oneRound(place, flights, list.ready);
    list.ready = ready;
    if (done.kind === 'worked') continue;
    if (flights.size() > 0) {
      await flights.next(listMsMax);
      continue;
    }
    if ((await house.outbox.leave(place.claim, list.queue.seen)) === 'more') {
      list = undefined;
      continue;
    }
    const times = [done.untilMs, list.queue.nextAtMs].filter((atMs) => atMs !== undefined);
    if (times.length > 0) await again(house, to.id, Math.min(...times));
    return;
  }
  await flights.land();
  const { seen } = await house.outbox.queue(to.id, house.clock.now(), 0);
  await house.outbox.leave(place.claim, seen);
  await again(house, to.id, house.clock.now());
}

interface Round {
  readonly done: Tended;
  /** What is ripe and was not taken. */
  readonly ready: readonly Waiting[];
}

async function oneRound(place: Place, flights: Flights, ready: readonly Waiting[]): Promise<Round> {
  const nextMs = await judgeTrouble(place);
  const heldUntilMs = place.claim.record.trouble?.notBeforeMs ?? 0;
  if (heldUntilMs > place.house.clock.now()) {
    const untilMs = Math.min(heldUntilMs, nextMs ?? heldUntilMs);
    return { done: { kind: 'rest', untilMs }, ready };
  }
  const tended: Tended = ready[0]?.lane === 'person' ? { kind: 'rest' } : await tendDigest(place);
  if (tended.kind === 'worked') return { done: tended, ready };
  const told = await tellSome(place, flights, ready);
  if (told.done.kind === 'worked') return told;
  const times = [tended.untilMs, told.done.untilMs, nextMs].filter((atMs) => atMs !== undefined);
  const done: Tended =
    times.length === 0 ? { kind: 'rest' } : { kind: 'rest', untilMs: Math.min(...times) };
  return { done, ready: told.ready };
}

/** Tells as many incidents as may be on their way together; with a storm, a whole batch goes into the digest. */
async function tellSome(place: Place, flights: Flights, ready: readonly Waiting[]): Promise<Round> {
  const { budget } = place.channel;
  // A destination in trouble is asked by one message at a time.
  const most = budget === undefined && place.claim.record.trouble === undefined ? atOnceMax : 1;
  const free = Math.max(0, most - flights.size());
  const items = ready.slice(0, free);
  const rest = ready.slice(free);
  if (items.length === 0) return { done: { kind: 'rest' }, ready };
  const joining: Post[] = [];
  for (const post of await takeAll(place, items)) {
    if (joins(place, post)) joining.push(post);
    else if (budget === undefined) flights.add(post.item, tell(place, post));
    else return { done: await tell(place, post), ready: rest };
  }
  if (joining.length === 0) return { done: { kind: 'worked' }, ready: rest };
  const others = rest.filter(({ lane }) => lane !== 'person');
  await joinDigest(place, [...joining, ...(await takeJoining(place, others))]);
  return { done: { kind: 'worked' }, ready: [] };
}

async function takeAll(place: Place, items: readonly Waiting[]): Promise<readonly Post[]> {
  const posts = await Promise.all(items.map((item) => take(place, item)));
  return posts.filter((post) => post !== undefined);
}

/** Of the others that wait, those that go into the digest as well. */
async function takeJoining(place: Place, waiting: readonly Waiting[]): Promise<readonly Post[]> {
  const posts = await takeAll(place, waiting);
  const [joining, others] = [
    posts.filter((post) => joins(place, post)),
    posts.filter((post) => !joins(place, post)),
  ];
  await Promise.all(others.map(({ claim }) => place.house.deliveries.release(claim)));
  return joining;
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
