import { ownEnsemble } from '../model/ensemble.ts';
import type { Incident } from '../model/incident.ts';
import type {
  DeliveryKey,
  DeliveryNote,
  DeliveryRecord,
  Notification,
} from '../model/notification.ts';
import type { EvidencePack } from '../model/recovery.ts';
import type { Delivery } from '../ports/channel.ts';
import { lateText } from '../rules/card/delivery-note.ts';
import { threadLine } from '../rules/card/thread-line.ts';
import { lateNote } from '../rules/routing/freshness.ts';
import { drawPage, type Page } from './due-page.ts';
import type { House } from './house.ts';
import type { Place } from './place.ts';
import type { Post } from './send.ts';

export interface Drawing {
  readonly delivery: Delivery;
  readonly page: Page;
  readonly note?: DeliveryNote;
}

/** The message as it is sent now: a card that comes late says so, and one that comes in place of others says that. */
export async function drawingOf(place: Place, post: Post, next: Notification): Promise<Drawing> {
  const { house, to } = place;
  const { incident, claim, item, note: asked } = post;
  const { record } = claim;
  const late = lateNote(place.claim.record, item.sinceMs, house.clock.now());
  const first = record.shownVersion === undefined;
  const note = (first ? asked : undefined) ?? late ?? (first ? undefined : keptNote(record));
  const page = note === record.note ? post.page : drawPage(house.settings(), incident, to, note);
  const { card } = page;
  if (next.kind === 'show') {
    const delivery = { kind: 'show', card, previous: record.receipt, text: card.title } as const;
    return { delivery, page, ...(note === undefined ? {} : { note }) };
  }
  const line = threadLine(incident, next.signal, {
    language: to.language,
    settings: house.settings(),
    channel: to.channel,
    evidence: next.reason === 'evidence' ? await evidenceOf(house, incident) : [],
  });
  const text = lateText(line.text, late, to.language);
  const thread = record.receipt ?? {};
  return { delivery: { kind: 'speak', card, line: { ...line, text }, thread }, page };
}

/** What servers said right before the recovery of an incident. */
async function evidenceOf(
  { recoveries }: House,
  { recovery, ensemble, subject }: Incident,
): Promise<readonly EvidencePack[]> {
  if (recovery === undefined) return [];
  // A card of its own belongs to the bot, and its recovery to the ensemble it is about.
  const about = ensemble === ownEnsemble ? subject.ensemble : ensemble;
  return await recoveries.evidence(about, recovery.id);
}

/** Why a card is here at all stays on it; that it once came late does not. */
function keptNote({ note }: DeliveryRecord): DeliveryNote | undefined {
  return note?.kind === 'fallback' ? note : undefined;
}

/**
 * The same message has the same key on every replica and after every crash. A card that cannot be edited is sent once, so that a
 * second try has the key of the first one even when the incident has changed in between.
 */
export function keyOf(next: Notification, { to, channel }: Place): DeliveryKey {
  const drawn = channel.edits === false ? 'card' : `v${next.version}`;
  const what = next.kind === 'show' ? drawn : next.signal;
  return `nk-${next.incident}-${to.id}-${what}`.slice(0, 100);
}
