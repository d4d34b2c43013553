import type { EndedDrill } from './drill.ts';
import type { EnsembleId, ServerId } from './ensemble.ts';
import type { Facts, Severity, Subject } from './finding.ts';
import type { PhaseName } from './phase.ts';
import type { FailureReason, Mode } from './sample.ts';
import type { Mute } from './silence.ts';

/** Counted from 1 over all ensembles: the 12 of `/zk ack 12`. */
export type IncidentId = number;

/** The identity of a fault: `orders/member-down/zk2`, or `orders/quorum-lost/` for the ensemble as a whole. */
export type Fingerprint = string;

export type IncidentState = 'triggered' | 'acknowledged' | 'resolved';

/** One server as the card's grid shows it. */
export interface GridCell {
  readonly server: ServerId;
  readonly role: 'voter' | 'observer';
  /** What it says it is, or why it says nothing; `unknown` before the first probe. */
  readonly state: Mode | FailureReason | 'unknown';
  /** Transactions behind the newest zxid of the same epoch; absent when unknown. */
  readonly lag?: number;
}

/** A finding that another one explains: a line on its card. */
export interface Symptom {
  readonly detector: string;
  readonly subject: Subject;
  readonly severity: Severity;
  readonly facts: Facts;
  readonly sinceMs: number;
  /** Set when the symptom is over while its cause still stands. */
  readonly clearedMs?: number;
}

/** Symptoms kept on one incident; more are counted, not listed. */
export const symptomsMax = 20;

/** Who did something to an incident, when, and where from. */
export interface Stamp {
  readonly by: string;
  readonly name: string;
  /** `slack`, `console`, `cli`, `api`, … */
  readonly via: string;
  readonly atMs: number;
}

/** What a person wrote on an incident; counted from 1. */
export interface Note extends Stamp {
  readonly number: number;
  readonly text: string;
  /** What came of a drill; its words take the place of the text. */
  readonly report?: EndedDrill;
}

/** Notes an incident carries until every destination has heard them; the timeline keeps the others. */
export const notesMax = 10;

/** Characters of a note. */
export const noteCharsMax = 1000;

/** Why and since when nothing is known of a fault: no verdict, or what it is about left the configuration. */
export interface Unseen {
  readonly sinceMs: number;
  readonly why: 'unknown' | 'left';
}

/** The way in of a step that is called with the page. */
export const viaPage = 'page';

/** What a card says of a recovery that concerns its incident. */
export interface RecoveryMark {
  readonly id: string;
  readonly action: string;
  readonly server: ServerId;
  readonly state:
    | 'scheduled'
    | 'awaiting'
    | 'running'
    | 'verifying'
    | 'succeeded'
    | 'failed'
    | 'rejected'
    | 'expired'
    | 'aborted';
  /** Set where nobody asked for it: the bot does it by itself, after this time without anybody on it. */
  readonly automatic?: { readonly afterMs: number };
  /** When it begins unless somebody stops it. */
  readonly startsMs?: number;
  /** Who asked to stop it while it ran: nothing new is begun, and what was sent to a server is waited for. */
  readonly stopping?: Stamp & { readonly reason: string };
  /** Set when what the server said before is kept. */
  readonly evidence?: true;
  /** How far it is, where it takes one server after the other; `server` is the one it has in hand. */
  readonly progress?: {
    readonly done: number;
    readonly total: number;
    readonly server?: ServerId;
  };
  /** The same where it takes several orders: the order in hand, or the one that failed. */
  readonly phase?: {
    readonly done: number;
    readonly total: number;
    readonly name?: PhaseName;
    readonly server?: ServerId;
    readonly facts?: Facts;
  };
  /** What was asked for besides the server. */
  readonly argument?: string;
  /** While it awaits others: how many must agree, who has, and until when. */
  readonly approval?: {
    readonly needed: number;
    readonly given: readonly string[];
    readonly untilMs: number;
  };
  readonly by: string;
  readonly name: string;
  readonly via: string;
  readonly reason: string;
  readonly atMs: number;
  /** Words of the outcome: the refusal code or the failure, as a key of the language catalogue. */
  readonly outcome?: { readonly code: string; readonly facts: Facts };
}

/** The durable, deduplicated life of one fault. Only events change it. */
export interface Incident {
  readonly id: IncidentId;
  readonly fingerprint: Fingerprint;
  readonly ensemble: EnsembleId;
  readonly detector: string;
  readonly subject: Subject;
  readonly state: IncidentState;
  /** One more for every event: what compare-and-set compares. */
  readonly version: number;
  /** The worst of the finding and its symptoms. */
  readonly severity: Severity;
  readonly facts: Facts;
  readonly evidence: readonly string[];
  readonly symptoms: readonly Symptom[];
  readonly grid: readonly GridCell[];
  /** When the fault began, as far as was seen. */
  readonly sinceMs: number;
  readonly openedMs: number;
  /** When people were first called; absent while the card is quiet. */
  readonly pagedMs?: number;
  readonly acknowledged?: Stamp;
  readonly resolvedMs?: number;
  /** Who resolved it by hand; absent when the fault went away. */
  readonly resolvedBy?: Stamp;
  /** Set when the incident became a symptom of another one. */
  readonly foldedInto?: IncidentId;
  /** Escalation steps taken: 0 before the first. */
  readonly escalationStep: number;
  /** Who took the last step, and whom it called; `gaps` are schedules in which nobody was on call then. */
  readonly escalated?: Stamp & {
    readonly to: readonly string[];
    readonly gaps?: readonly string[];
  };
  /** Times the last step was called again; absent before the first. */
  readonly repeats?: number;
  /** Set when the first step was called with the page, so that one line says both. */
  readonly calledWithPage?: true;
  readonly recovery?: RecoveryMark;
  /** Set where nothing of it is real: the drill it belongs to. */
  readonly drill?: string;
  /** How often the fault came back and the incident with it. */
  readonly reopened?: number;
  /** Those who have it while the route asks for `needed` of them, and it is not acknowledged yet. */
  readonly joined?: readonly Stamp[];
  readonly needed?: number;
  /** Who had it before it was given back; `lapsed` when they did not answer whether they still have it. */
  readonly hadBy?: Stamp & { readonly untilMs: number; readonly lapsed: boolean };
  /** The acknowledger was asked whether they still have it, and has not answered. */
  readonly reminded?: { readonly atMs: number };
  /** When the severity last rose to `page`. */
  readonly worseMs?: number;
  /** When its cause was found after people had been called. */
  readonly namedMs?: number;
  readonly unseen?: Unseen;
  /** True when it ended because nothing was known of it for too long: nobody can say that the fault is gone. */
  readonly expired?: boolean;
  /** Why it was resolved by hand. */
  readonly resolvedReason?: string;
  /** From when the escalation counts, where that is later than the page. */
  readonly clockMs?: number;
  /** Nobody is told of it meanwhile. */
  readonly silenced?: Mute;
  /** When the last silence over it ended. */
  readonly unsilencedMs?: number;
  /** The newest notes, oldest first, at most `notesMax`. */
  readonly notes?: readonly Note[];
}

const recoveriesUnderWay: ReadonlySet<RecoveryMark['state']> = new Set([
  'scheduled',
  'awaiting',
  'running',
  'verifying',
]);

/** True while something may still come of a recovery. */
export function isUnderWay({ state }: Pick<RecoveryMark, 'state'>): boolean {
  return recoveriesUnderWay.has(state);
}

/** True while the fault may still be there. */
export function isOpen(incident: Incident): boolean {
  return incident.state !== 'resolved';
}
