import type { EnsembleId, ServerId } from './ensemble.ts';
import type { IncidentId } from './incident.ts';
import type { Invocation } from './invocation.ts';
import type { Language } from './person.ts';

/** The colour of a card, by meaning. */
export type Tone = 'critical' | 'warning' | 'info' | 'acknowledged' | 'resolved';

/**
 * A button is an invocation with a label. `confirm` asks once more; `form` asks for a reason (`restart`: and shows the sum first),
 * where the chat can (a modal, a dialogue), and sends the invocation with `reason` added.
 */
export interface Button {
  readonly id: string;
  readonly label: string;
  readonly style: 'primary' | 'danger' | 'plain';
  readonly invocation: Invocation;
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no: string;
  };
  readonly form?: 'restart' | 'reason';
}

/** A row of the voter grid, in words. */
export interface GridRow {
  readonly server: ServerId;
  readonly role: string;
  readonly state: string;
  /** For the dot in front: `bad` is down, hung or not serving; `odd` is unknown or read-only. */
  readonly health: 'good' | 'bad' | 'odd';
  readonly lag?: string;
}

/** What a person sees, before any chat dresses it. In one language, complete, and free of anything secret. */
export interface Card {
  /** 0 on a digest, which stands for many. */
  readonly incident: IncidentId;
  readonly ensemble: EnsembleId;
  /** The detector's name, and the server it names where it names one: what a program wants to know. */
  readonly detector: string;
  readonly server?: ServerId;
  /** Set where nothing of it is real. */
  readonly drill?: true;
  /** The incident version it was drawn from. */
  readonly version: number;
  readonly language: Language;
  readonly tone: Tone;
  /** `page`, `warn` or `info` in words. */
  readonly severity: string;
  /** `orders: quorum lost — 1 of 3 voters serving` */
  readonly title: string;
  readonly grid: readonly GridRow[];
  readonly meaning: string;
  readonly advice: string;
  readonly runbookUrl?: string;
  readonly consoleUrl?: string;
  readonly evidence: readonly string[];
  readonly symptoms: readonly string[];
  /** One line: who acknowledged, when, where; or since when it burns; or how long it lasted. */
  readonly stateLine: string;
  /** What a recovery does or did, if one concerns this card. */
  readonly recoveryLine?: string;
  /** Why it came late, or came here at all. */
  readonly notice?: string;
  /** Values of the metric the detector speaks of, oldest first; drawn as a sparkline. */
  readonly spark?: { readonly label: string; readonly values: readonly number[] };
  /** When the fault began and the card's state changed, for chats that show times in the reader's zone. */
  readonly sinceMs: number;
  readonly changedMs: number;
  /** In reach: Acknowledge, Escalate, Restart where it fits. */
  readonly buttons: readonly Button[];
  /** The rest, for the overflow menu. */
  readonly more: readonly Button[];
}

/** A line in the thread of a card: history, not state. `mention` are people to call by their handle. */
export interface ThreadLine {
  readonly text: string;
  readonly mention: readonly string[];
  readonly file?: LineFile;
}

/** A text too long for a line: hangs beside it as a file where the chat takes files; elsewhere its beginning stands in the line. */
export interface LineFile {
  readonly title: string;
  /** At most `lineFileCharsMax` characters. */
  readonly text: string;
  /** Its most telling lines. */
  readonly head: readonly string[];
  /** How to read the rest where there is no file. */
  readonly more: string;
}

/** A file of a line: what nine servers say of themselves, without the connections of the busiest. */
export const lineFileCharsMax = 500_000;
