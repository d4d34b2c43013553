import { createHash } from 'node:crypto';
import type { Card } from '../model/card.ts';
import type { Incident } from '../model/incident.ts';
import type {
  DeliveryNote,
  DeliveryRecord,
  Destination,
  Notification,
} from '../model/notification.ts';
import type { Settings } from '../model/settings.ts';
import type { Channel } from '../ports/channel.ts';
import { noteText } from '../rules/card/delivery-note.ts';
import { incidentCard } from '../rules/card/incident-card.ts';
import { due } from '../rules/routing/due.ts';

/** A card as a destination should show it. Equal ones have the same hash. */
export interface Page {
  readonly card: Card;
  readonly hash: string;
}

type Hears = Pick<Channel, 'edits' | 'evidence' | 'owners' | 'calls'>;

export function drawPage(
  settings: Settings,
  incident: Incident,
  { language }: Destination,
  note: DeliveryNote | undefined,
): Page {
  const drawn = incidentCard(incident, { language, settings });
  const notice = noteText(incident, note, language);
  const card = notice === undefined ? drawn : { ...drawn, notice };
  return { card, hash: cardHash(card) };
}

/** The card a destination should show of an incident as it is now, and what is still to be done for that. */
export function duePage(
  settings: Settings,
  incident: Incident,
  destination: Destination,
  record: DeliveryRecord | undefined,
  channel: Hears,
): Page & { readonly due: readonly Notification[] } {
  const page = drawPage(settings, incident, destination, record?.note);
  return { ...page, due: dueAt(incident, destination, record, channel, page.hash) };
}

/** Whether a destination has still to see or hear something; the card is drawn only where the incident has changed since. */
export function owes(
  settings: Settings,
  incident: Incident,
  destination: Destination,
  record: DeliveryRecord | undefined,
  channel: Hears,
): boolean {
  if (record?.attempt !== undefined) return true;
  const hash = record?.shownVersion === incident.version ? record.shownHash : undefined;
  if (hash === undefined)
    return duePage(settings, incident, destination, record, channel).due.length > 0;
  return dueAt(incident, destination, record, channel, hash).length > 0;
}

/** What must still be seen or heard, where the card as it should be has this hash. */
export function dueAt(
  incident: Incident,
  destination: Destination,
  record: DeliveryRecord | undefined,
  { edits, evidence, owners, calls }: Hears,
  hash: string,
): readonly Notification[] {
  // A digest is drawn anew also where a card cannot be edited.
  const redraws = (edits ?? true) || record?.digest !== undefined;
  const isConsole = destination.channel === 'console';
  return due(incident, record, hash, { edits: redraws, isConsole, evidence, owners, calls });
}

/** Equal for cards that look the same: version and times that only move are left out. */
export function cardHash(card: Card): string {
  const { version: _version, changedMs: _changedMs, spark: _spark, ...seen } = card;
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 32);
}
