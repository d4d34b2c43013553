import type { DigestId } from './destination.ts';
import type { EnsembleId } from './ensemble.ts';
import type { IncidentId, IncidentState } from './incident.ts';
import type { Language } from './person.ts';

/** A place a channel can write to: `{ channel: 'slack', address: 'C024BE91L' }`. `id` is unique in the configuration. */
export interface Destination {
  readonly id: string;
  readonly channel: string;
  readonly address: string;
  readonly language: Language;
}

/** Why somebody must hear something. */
export type Reason =
  | 'first'
  | 'paged'
  | 'worse'
  | 'reminder'
  | 'note'
  | 'taken'
  | 'escalated'
  | 'repeat'
  | 'recovery'
  | 'evidence'
  | 'resolved'
  | 'redraw';

/**
 * The decision that a destination must see or hear something of an incident. `show` draws the card (a post, or an edit of the
 * post); `speak` says one thing once (in the card's thread, with mentions), identified by `signal`.
 */
export type Notification =
  | {
      readonly kind: 'show';
      readonly incident: IncidentId;
      readonly version: number;
      readonly reason: Reason;
    }
  | {
      readonly kind: 'speak';
      readonly incident: IncidentId;
      readonly version: number;
      readonly reason: Reason;
      /** `paged`, `escalated:2`, `recovery:r-7:succeeded`: spoken once per destination. */
      readonly signal: string;
    };

/** What the chat answered when it took a message: enough to edit it, and to find its thread. */
export type Receipt = Readonly<Record<string, string>>;

/** Chosen by us before sending and kept across retries, so that a lost answer can be reconciled: at most 100 characters. */
export type DeliveryKey = string;

/** Why a card came late, or came here at all: said on the card. */
export type DeliveryNote =
  /** `limited`: the chat takes no more for now; `failing`: it could not be reached. */
  | { readonly kind: 'late'; readonly byMs: number; readonly why: 'limited' | 'failing' }
  /** The destinations that could not call anybody, and for how long when this one was asked. */
  | { readonly kind: 'fallback'; readonly instead: readonly string[]; readonly forMs: number }
  /** The destinations whose platform takes nothing more this month. */
  | { readonly kind: 'used-up'; readonly instead: readonly string[] };

/**
 * What one destination has been told of one incident. Written only by delivery, under its lease.
 */
export interface DeliveryRecord {
  readonly ensemble: EnsembleId;
  readonly incident: IncidentId;
  readonly destination: string;
  /** The incident version the shown card was drawn from; absent before the first post. */
  readonly shownVersion?: number;
  /** SHA-256 of the card last shown, without its version: equal cards are not sent again. */
  readonly shownHash?: string;
  readonly receipt?: Receipt;
  readonly firstShownMs?: number;
  /** The state the shown card showed, and when it was drawn last. */
  readonly shownState?: IncidentState;
  readonly shownMs?: number;
  /** The digest that shows the incident here, instead of a card of its own. */
  readonly digest?: DigestId;
  readonly note?: DeliveryNote;
  /** Signals spoken so far; bounded by `signalsMax`, oldest dropped. */
  readonly spoken: readonly string[];
  /** The send under way: set before it starts, cleared with its receipt. Found after a crash, it must be reconciled. */
  readonly attempt?: {
    readonly key: DeliveryKey;
    readonly kind: 'show' | 'speak';
    readonly signal?: string;
    readonly startedMs: number;
  };
  /** Tries since the last success. */
  readonly failures: number;
  readonly lastError?: string;
  /** Not before this time, after a failure or a rate limit. */
  readonly notBeforeMs?: number;
}

export const signalsMax = 50;
