import { createHash } from 'node:crypto';
import type { Digest, DigestCall } from '../model/destination.ts';
import { signalsMax } from '../model/notification.ts';
import type { Delivery } from '../ports/channel.ts';
import { digestCard, digestEnd, digestLine, digestLinesMax } from '../rules/card/digest-card.ts';
import {
  type DigestPace,
  digestPace,
  groupingAt,
  isOver,
  openMembers,
  worstFirst,
} from '../rules/routing/digest.ts';
import { withoutDigest } from './join-digest.ts';
import { deliveryLeaseMs, type Place, save } from './place.ts';
import { afterAttempt, sendDigest, type Tended } from './send-digest.ts';

/** Calls that one line makes at most; more make a further line. */
export const callsMax = 200;

/** Does the next thing its digest needs: draw it, call in its thread, say that the storm is over, let go of what stays. */
export async function tendDigest(place: Place): Promise<Tended> {
  const { house, to } = place;
  const { digest } = place.claim.record;
  if (digest === undefined) return { kind: 'rest' };
  if ((digest.notBeforeMs ?? 0) > house.clock.now())
    return {
      kind: 'rest',
      ...(digest.notBeforeMs === undefined ? {} : { untilMs: digest.notBeforeMs }),
    };
  if (digest.attempt !== undefined) return await afterAttempt(place, digest, digest.attempt);
  if (digest.said.length > 0) return await writeSaid(place, digest);
  const nowMs = house.clock.now();
  const grouping = groupingAt(house.settings(), to);
  const over = isOver(digest, grouping, nowMs);
  const look = lookOf(digest, over);
  const { calls: isCall = false } = place.channel;
  const pace = digestPace(place.channel.edits ?? true, isCall);
  const drawAtMs = drawTime(place, digest, over);
  const mustDraw = !isCall && digest.shownHash !== look;
  const open = openMembers(digest);
  const mayLetGo = over && open.length > 0 && open.length <= grouping.above;
  const isUnedited = place.channel.edits === false;
  const mustCall = (isCall || digest.receipt !== undefined) && digest.calls.length > 0;
  if (mayLetGo && isUnedited && !(isCall && mustCall)) {
    // Where a drawing is a message of its own: before the last one, and once what still goes on has come to rest.
    const calmMs = (digest.changedMs ?? digest.joinedMs) + pace.gatherMs;
    return nowMs < calmMs ? { kind: 'rest', untilMs: calmMs } : await letGo(place, digest, open);
  }
  if (mustDraw && nowMs >= drawAtMs) return await draw(place, digest, { over, look });
  const callAtMs = callTime(digest, pace, isCall);
  if (mustCall && nowMs >= callAtMs) return await call(place, digest);
  if (over && !mustDraw) {
    // Nobody is woken to hear that no more comes, while there is still something to do, or where nobody was called.
    const mustSay = !isCall || (open.length === 0 && digest.calledMs !== undefined);
    if (digest.overMs === undefined && mustSay) return await sayOver(place, digest);
    if (open.length === 0) {
      await save(place, ({ digest: _digest, ...record }) => record);
      return { kind: 'worked' };
    }
    if (mayLetGo && !(isCall && mustCall)) return await letGo(place, digest, open);
  }
  const times = [
    ...(mustDraw ? [drawAtMs] : []),
    ...(mustCall ? [callAtMs] : []),
    ...(over ? [] : [digest.joinedMs + grouping.withinMs]),
  ];
  return times.length === 0 ? { kind: 'rest' } : { kind: 'rest', untilMs: Math.min(...times) };
}

/** When the digest may be drawn next. Where each drawing is a message of its own, the last one does not wait. */
function drawTime({ channel }: Place, digest: Digest, over: boolean): number {
  const { id, shownMs } = digest;
  const edits = channel.edits ?? true;
  const { gatherMs, drawMs } = digestPace(edits);
  if (shownMs === undefined) return id + gatherMs;
  return !edits && over && openMembers(digest).length === 0 ? shownMs : shownMs + drawMs;
}

/** When the digest may call people next; where it hangs no card, it gathers first. */
function callTime({ id, calledMs }: Digest, pace: DigestPace, isCall: boolean): number {
  if (calledMs !== undefined) return calledMs + pace.callMs;
  return isCall ? id + pace.gatherMs : Number.NEGATIVE_INFINITY;
}

/** Equal for digests that look the same. */
function lookOf({ members, beyond }: Digest, over: boolean): string {
  return createHash('sha256')
    .update(JSON.stringify([members, beyond, over]))
    .digest('hex')
    .slice(0, 32);
}

async function draw(
  place: Place,
  digest: Digest,
  { over, look }: { readonly over: boolean; readonly look: string },
): Promise<Tended> {
  const card = await cardOf(place, digest, over);
  const { receipt } = digest;
  const delivery: Delivery = { kind: 'show', card, previous: receipt, text: card.title };
  return await sendDigest(place, digest, { kind: 'show', delivery }, (sent, answer) => ({
    ...sent,
    receipt: answer,
    shownHash: look,
    shownMs: place.house.clock.now(),
    // A drawing that is a message of its own says so itself.
    ...(over && place.channel.edits === false ? { overMs: place.house.clock.now() } : {}),
  }));
}

async function call(place: Place, digest: Digest): Promise<Tended> {
  const { house, to } = place;
  const calls = digest.calls.slice(0, callsMax);
  const rest = digest.calls.slice(callsMax);
  const incidents = await Promise.all(calls.map((each) => house.incidents.get(each.incident)));
  const live = calls.flatMap((each, index) => {
    const incident = incidents[index];
    return incident === undefined || incident.state === 'resolved'
      ? []
      : [{ incident, call: each }];
  });
  if (live.length === 0) {
    await save(place, (record) => ({ ...record, digest: { ...digest, calls: rest } }));
    return { kind: 'worked' };
  }
  const line = digestLine(live, {
    language: to.language,
    settings: house.settings(),
    channel: to.channel,
  });
  const card = await cardOf(place, digest, false);
  const delivery: Delivery = { kind: 'speak', card, line, thread: digest.receipt ?? {} };
  const said = live.map(({ call: each }) => each);
  return await sendDigest(place, digest, { kind: 'speak', delivery, calls: said }, (sent) => ({
    ...sent,
    calls: rest,
    said,
    calledMs: house.clock.now(),
  }));
}

async function sayOver(place: Place, digest: Digest): Promise<Tended> {
  const card = await cardOf(place, digest, true);
  const line = digestEnd(digest, place.to.language);
  const delivery: Delivery = { kind: 'speak', card, line, thread: digest.receipt ?? {} };
  return await sendDigest(place, digest, { kind: 'over', delivery }, (sent) => ({
    ...sent,
    overMs: place.house.clock.now(),
  }));
}

async function cardOf(place: Place, digest: Digest, over: boolean) {
  const { house, to } = place;
  const named = worstFirst(digest).slice(0, digestLinesMax);
  const listed = await Promise.all(named.map(({ id }) => house.incidents.get(id)));
  return digestCard(
    digest,
    listed.filter((incident) => incident !== undefined),
    {
      language: to.language,
      settings: house.settings(),
      isOver: over,
      nowMs: house.clock.now(),
    },
  );
}

/** Writes down with each incident what was said for it; what cannot be had now is written next time. */
async function writeSaid(place: Place, digest: Digest): Promise<Tended> {
  const { house, to } = place;
  const left: DigestCall[] = [];
  for (const each of digest.said) {
    const incident = await house.incidents.get(each.incident);
    if (incident === undefined) continue;
    const { ensemble, id } = incident;
    const claim = await house.deliveries.claim(ensemble, id, to.id, deliveryLeaseMs);
    if ('heldForMs' in claim) {
      left.push(each);
      continue;
    }
    const spoken = [...new Set([...claim.record.spoken, each.signal])].slice(-signalsMax);
    await house.deliveries.write(claim, { ...claim.record, spoken }, deliveryLeaseMs);
    await house.deliveries.release(claim);
  }
  await save(place, (record) => ({ ...record, digest: { ...digest, said: left } }));
  return left.length === 0
    ? { kind: 'worked' }
    : { kind: 'rest', untilMs: house.clock.now() + deliveryLeaseMs };
}

/** The storm is over and few stay open: each of them gets a card of its own, with its buttons. */
async function letGo(place: Place, digest: Digest, open: readonly number[]): Promise<Tended> {
  const { house, to } = place;
  const atMs = house.clock.now();
  const members = { ...digest.members };
  for (const id of open) {
    const incident = await house.incidents.get(id);
    members[String(id)] = incident === undefined ? 'resolved' : 'own';
    if (incident === undefined) continue;
    const claim = await house.deliveries.claim(incident.ensemble, id, to.id, deliveryLeaseMs);
    if ('heldForMs' in claim) return { kind: 'rest', untilMs: atMs + claim.heldForMs };
    await house.deliveries.write(claim, withoutDigest(claim.record), deliveryLeaseMs);
    await house.deliveries.release(claim);
    const { ensemble } = incident;
    const wish = { ensemble, incident: id, lane: 'call', atMs, patient: false } as const;
    await house.outbox.ask(to.id, wish);
  }
  await save(place, (record) => ({ ...record, digest: { ...digest, members } }));
  return { kind: 'worked' };
}
