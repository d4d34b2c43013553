import type { EnsembleId } from './ensemble.ts';
import type { IncidentId } from './incident.ts';
import type { DeliveryKey, Receipt } from './notification.ts';

/** Names one storm at one destination: the moment it began, in ms. */
export type DigestId = number;

/** How an incident stands in a digest; `own` when it has left for a card of its own. */
export type MemberState = 'page' | 'warn' | 'info' | 'acknowledged' | 'resolved' | 'own';

/** Something to say in the thread of a digest, of one of its incidents. */
export interface DigestCall {
  readonly incident: IncidentId;
  readonly signal: string;
}

/**
 * One card that stands for all incidents of a storm at one destination. Drawn from its members as they are now, under the same rules
 * as a card: claim, send with the key, record the receipt, reconcile what a crash left open.
 */
export interface Digest {
  readonly id: DigestId;
  /** When the last incident joined: a storm is over when none has for a while. */
  readonly joinedMs: number;
  /** When a member came or changed last. */
  readonly changedMs?: number;
  /** At most `digestMembersMax`; those beyond are counted in `beyond`. */
  readonly members: Readonly<Record<string, MemberState>>;
  readonly beyond: number;
  /** Said in one line for all, as soon as the card hangs. */
  readonly calls: readonly DigestCall[];
  /** Said, and not yet written down with the incident. */
  readonly said: readonly DigestCall[];
  readonly receipt?: Receipt;
  readonly shownHash?: string;
  readonly shownMs?: number;
  /** When it called people last: calls that come right after are gathered into one line. */
  readonly calledMs?: number;
  /** Sends so far, so that each has a key of its own. */
  readonly sends: number;
  /** The send under way: set before it starts, cleared with its receipt. */
  readonly attempt?: {
    readonly key: DeliveryKey;
    readonly kind: 'show' | 'speak' | 'over';
    readonly startedMs: number;
    readonly calls?: readonly DigestCall[];
  };
  /** Nothing is sent of it before this time, after a failure. */
  readonly notBeforeMs?: number;
  /** When it was said that the storm is over. */
  readonly overMs?: number;
}

/** Members listed by a digest: ten times what its card could show of a hundred ensembles. */
export const digestMembersMax = 2_000;

/** What is wrong with a destination since its last success. */
export interface Trouble {
  readonly sinceMs: number;
  /** Code of the last failure: `delivery-refused`. */
  readonly code: string;
  /** Its words, without secrets. */
  readonly error: string;
  readonly failures: number;
  /** The first incidents that failed, at most two: one alone may be at fault itself, two are the destination's. */
  readonly incidents: readonly IncidentId[];
  /** When it failed last. */
  readonly lastMs?: number;
  /** Nothing is sent before this time. */
  readonly notBeforeMs?: number;
  /** What was told of it: the severity of its incident. */
  readonly told?: 'warn' | 'page';
}

/** What is known of one destination as a whole. Written only by whoever holds its lease. */
export interface DestinationRecord {
  readonly destination: string;
  /** When new cards were posted lately, oldest first, at most `firstsMax`. */
  readonly firsts: readonly number[];
  readonly digest?: Digest;
  readonly trouble?: Trouble;
  /** Since when its budget has kept something waiting; absent when nothing waits. */
  readonly limitedMs?: number;
  /** What held everything up last, and until when: what waited through it comes late because of it. */
  readonly setback?: { readonly why: 'limited' | 'failing'; readonly untilMs: number };
}

/** Posts remembered to recognise a storm: the largest `above` that a configuration may ask for. */
export const firstsMax = 1_000;

/**
 * Who goes first at a destination: what a person did, then new cards and calls, then what is only drawn again.
 */
export type Lane = 'person' | 'call' | 'redraw';

export const lanes: readonly Lane[] = ['person', 'call', 'redraw'];

/** An incident that a destination does not show as it is. */
export interface Waiting {
  readonly ensemble: EnsembleId;
  readonly incident: IncidentId;
  readonly lane: Lane;
  /** Since when. */
  readonly sinceMs: number;
  /** One more for each time it was asked for: what was asked for meanwhile is not taken off. */
  readonly asked: number;
}

/** When a storm begins at a destination: more than `above` new cards within `withinMs`. What comes then goes to one digest. */
export interface Grouping {
  readonly above: number;
  readonly withinMs: number;
}

/** What a person still reads one by one. */
export const defaultGrouping: Grouping = { above: 5, withinMs: 60_000 };
