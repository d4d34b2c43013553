import type { DigestCall, DigestId } from '../model/destination.ts';
import type { DeliveryRecord, Notification } from '../model/notification.ts';
import { join } from '../rules/routing/digest.ts';
import { type Place, save } from './place.ts';
import type { Post } from './send.ts';

/** Puts incidents into the digest of the destination: first the digest is written, then what each of them is told. */
export async function joinDigest(place: Place, joining: readonly Post[]): Promise<void> {
  const nowMs = place.house.clock.now();
  const members = joining.map(({ incident, due }) => ({ incident, calls: callsOf(due) }));
  await save(place, (record) => ({ ...record, digest: join(record.digest, members, nowMs) }));
  const { digest } = place.claim.record;
  if (digest === undefined) return;
  await Promise.all(joining.map((post) => noteJoined(place, post, { id: digest.id, nowMs })));
}

async function noteJoined(
  { house, to }: Place,
  { item, incident, claim, page }: Post,
  digest: { readonly id: DigestId; readonly nowMs: number },
): Promise<void> {
  const { receipt: _receipt, note: _note, ...rest } = claim.record;
  const record = {
    ...rest,
    digest: digest.id,
    shownVersion: incident.version,
    shownState: incident.state,
    shownHash: page.hash,
    firstShownMs: claim.record.firstShownMs ?? digest.nowMs,
  };
  const written = await house.deliveries.write(claim, record, 0);
  if (written !== 'lost') await house.outbox.done(to.id, item);
}

function callsOf(due: readonly Notification[]): readonly DigestCall[] {
  return due.flatMap((each) =>
    each.kind === 'speak' && each.reason !== 'resolved'
      ? [{ incident: each.incident, signal: each.signal }]
      : [],
  );
}

/** The record of an incident that a digest showed, as if it had not been shown: what was said stays said. */
export function withoutDigest(record: DeliveryRecord): DeliveryRecord {
  const { digest: _d, shownVersion: _v, shownHash: _h, shownState: _s, ...rest } = record;
  return rest;
}
