import type { DigestCall, Waiting } from '../model/destination.ts';
import type { Incident } from '../model/incident.ts';
import type { DeliveryRecord } from '../model/notification.ts';
import { join } from '../rules/routing/digest.ts';
import type { duePage } from './due-page.ts';
import { deliveryLeaseMs, type Place, save } from './place.ts';

/** An incident that goes into the digest, held under its lease. */
export interface Joining {
  readonly item: Waiting;
  readonly incident: Incident;
  readonly token: string;
  readonly record: DeliveryRecord;
  readonly page: ReturnType<typeof duePage>;
}

/** Puts incidents into the digest of the destination: first the digest is written, then what each of them is told. */
export async function joinDigest(place: Place, joining: readonly Joining[]): Promise<void> {
  const { house, to } = place;
  const nowMs = house.clock.now();
  const digest = join(
    place.claim.record.digest,
    joining.map(({ incident, page }) => ({ incident, calls: callsOf(page) })),
    nowMs,
  );
  await save(place, { ...place.claim.record, digest });
  for (const { item, incident, token, record, page } of joining) {
    const { receipt: _receipt, note: _note, ...rest } = record;
    const written = await house.deliveries.write(
      { token, record },
      {
        ...rest,
        digest: digest.id,
        shownVersion: incident.version,
        shownState: incident.state,
        shownHash: page.hash,
        firstShownMs: record.firstShownMs ?? nowMs,
      },
      deliveryLeaseMs,
    );
    if (written === 'lost') continue;
    await house.outbox.done(to.id, item);
    await house.deliveries.release(written);
  }
}

function callsOf(page: ReturnType<typeof duePage>): readonly DigestCall[] {
  return page.due.flatMap((each) =>
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
