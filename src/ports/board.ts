import type { Card, ThreadLine } from '../model/card.ts';
import type { IncidentId } from '../model/incident.ts';
import type { DeliveryKey } from '../model/notification.ts';

/** A card as the console shows it, with its thread. */
export interface PinnedCard {
  readonly card: Card;
  readonly key: DeliveryKey;
  readonly atMs: number;
  readonly thread: readonly (ThreadLine & { readonly key: DeliveryKey; readonly atMs: number })[];
}

/** Where the console's cards hang, shared by all replicas. */
export interface Board {
  /** Pins or replaces a card; the same key twice is once. */
  pin(card: Card, key: DeliveryKey, atMs: number): Promise<void>;
  /** Adds a line to the card's thread; the same key twice is once. At most `threadMax` lines are kept. */
  note(incident: IncidentId, line: ThreadLine, key: DeliveryKey, atMs: number): Promise<void>;
  get(incident: IncidentId): Promise<PinnedCard | undefined>;
  /** Newest first, at most `limit` (and at most `cardsMax` are kept). */
  list(limit: number): Promise<readonly PinnedCard[]>;
  /** Whether this key was pinned or noted. */
  has(key: DeliveryKey): Promise<boolean>;
}

export const cardsMax = 500;
export const threadMax = 100;
