import type { Incident } from '../../model/incident.ts';
import type { DeliveryNote } from '../../model/notification.ts';
import type { Language } from '../../model/person.ts';
import { lineCharsMax } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { words } from './words/words.ts';

/** What a card says of its own coming: how late and why, or in place of whom. */
export function noteText(
  incident: Incident,
  note: DeliveryNote | undefined,
  language: Language,
): string | undefined {
  if (note === undefined) return undefined;
  const { delivery } = words(language);
  if (note.kind === 'fallback')
    return cut(delivery.fallback(note.instead, note.forMs), lineCharsMax);
  if (note.kind === 'used-up') return cut(delivery.usedUp(note.instead), lineCharsMax);
  return incident.state === 'resolved' && incident.resolvedMs !== undefined
    ? delivery.lateOver(incident.sinceMs, incident.resolvedMs, note.why)
    : delivery.late(note.byMs, note.why);
}

/** A line that is said late, saying so. */
export function lateText(text: string, note: DeliveryNote | undefined, language: Language): string {
  if (note?.kind !== 'late') return text;
  return words(language).delivery.lateLine(text, note.byMs);
}
