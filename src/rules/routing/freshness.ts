import type { DestinationRecord } from '../../model/destination.ts';
import type { DeliveryNote } from '../../model/notification.ts';

/** From here on a card says how late it comes: longer than a busy minute takes, shorter than people forgive. */
export const lateMs = 30_000;

/** What a card that waited since then must say of its lateness; nothing when it is on time. */
export function lateNote(
  record: DestinationRecord,
  sinceMs: number,
  nowMs: number,
): DeliveryNote | undefined {
  const byMs = nowMs - sinceMs;
  if (byMs < lateMs) return undefined;
  return { kind: 'late', byMs, why: reasonOf(record, sinceMs) };
}

function reasonOf(record: DestinationRecord, sinceMs: number): 'limited' | 'failing' {
  if (record.trouble !== undefined)
    return record.trouble.code === 'delivery-rate-limited' ? 'limited' : 'failing';
  if (record.setback !== undefined && record.setback.untilMs >= sinceMs) return record.setback.why;
  return record.limitedMs === undefined ? 'failing' : 'limited';
}
