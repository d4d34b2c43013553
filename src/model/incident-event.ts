import type { EndedDrill } from './drill.ts';
import type { Facts, Severity, Subject } from './finding.ts';
import type {
  Fingerprint,
  GridCell,
  IncidentId,
  Note,
  RecoveryMark,
  Stamp,
  Symptom,
  Unseen,
} from './incident.ts';
import type { Mute } from './silence.ts';

/** The only thing that changes an incident. Every event is kept: together they are the timeline. */
export type IncidentEvent =
  | {
      readonly kind: 'triggered';
      readonly atMs: number;
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
    }
  /** The fault is still there and looks different. */
  | {
      readonly kind: 'observed';
      readonly atMs: number;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
    }
  /**
   * A quiet card turns out to be the beginning of something bigger: it takes the identity of the cause, so that one fault stays
   * one card. The old finding is in `symptoms`.
   */
  | {
      readonly kind: 'recognised';
      readonly atMs: number;
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
    }
  /** What had just ended quietly turns out to be the beginning of this: its card goes on under this name. */
  | {
      readonly kind: 'continued';
      readonly atMs: number;
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
    }
  /** The hold has passed: people are called. */
  | { readonly kind: 'paged'; readonly atMs: number }
  | { readonly kind: 'acknowledged'; readonly atMs: number; readonly stamp: Stamp }
  /** One of several people whom the route asks for has it; it is not acknowledged yet. */
  | {
      readonly kind: 'joined';
      readonly atMs: number;
      readonly stamp: Stamp;
      readonly needed: number;
    }
  /** `lapsed`: the acknowledger did not answer whether they still have it. */
  | {
      readonly kind: 'unacknowledged';
      readonly atMs: number;
      readonly stamp: Stamp;
      readonly lapsed?: boolean;
    }
  /** The acknowledger is asked whether they still have it. */
  | { readonly kind: 'reminded'; readonly atMs: number }
  | { readonly kind: 'noted'; readonly atMs: number; readonly note: Note }
  /** Nothing is known of the fault any more; without `unseen`, it is seen again. */
  | { readonly kind: 'sighted'; readonly atMs: number; readonly unseen?: Unseen }
  /** A silence covers it; without `mute`, none does any more. */
  | { readonly kind: 'muted'; readonly atMs: number; readonly mute?: Mute }
  /** Nothing was known of it for too long: it ends, and nobody says that the fault is gone. */
  | { readonly kind: 'expired'; readonly atMs: number }
  /** The fault came back soon after it was resolved. */
  | {
      readonly kind: 'reopened';
      readonly atMs: number;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
    }
  | {
      readonly kind: 'escalated';
      readonly atMs: number;
      readonly stamp: Stamp;
      readonly step: number;
      readonly to: readonly string[];
      /** Schedules in which nobody was on call. */
      readonly gaps?: readonly string[];
      /** Set when the same step is called again: 1 for the first time. */
      readonly repeat?: number;
    }
  /** Became a symptom of another incident; ends this one without a word. */
  | { readonly kind: 'folded'; readonly atMs: number; readonly into: IncidentId }
  | {
      readonly kind: 'resolved';
      readonly atMs: number;
      readonly grid: readonly GridCell[];
      readonly stamp?: Stamp;
      readonly reason?: string;
    }
  | { readonly kind: 'recovery'; readonly atMs: number; readonly mark: RecoveryMark };

/** What somebody or something wants of an incident; `decide` answers with events or a refusal. */
export type Intent =
  | {
      readonly kind: 'trigger';
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
      /** True when the hold has passed already (or is zero): page with the first card. */
      readonly page: boolean;
      /** The silence it begins under. */
      readonly mute?: Mute;
      /** Whose quiet card it takes up, if one of them ended at `afterMs` or later. */
      readonly continues?: { readonly detectors: readonly string[]; readonly afterMs: number };
      /** It comes and goes: the incident it had is taken up, if that ended at this time or later. */
      readonly reopensAfterMs?: number;
    }
  | {
      readonly kind: 'observe';
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
    }
  | {
      readonly kind: 'recognise';
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly page: boolean;
    }
  | { readonly kind: 'page' }
  /** `needed`: how many people must have it; one unless a route asks for more. */
  | { readonly kind: 'acknowledge'; readonly stamp: Stamp; readonly needed?: number }
  /** `askedMs`: only if the reminder of that moment is still unanswered. */
  | { readonly kind: 'unacknowledge'; readonly stamp: Stamp; readonly askedMs?: number }
  /** Asks the acknowledger of that moment whether they still have it. */
  | { readonly kind: 'remind'; readonly acknowledgedMs: number }
  | {
      readonly kind: 'note';
      readonly stamp: Stamp;
      readonly text: string;
      readonly report?: EndedDrill;
    }
  | { readonly kind: 'sight'; readonly unseen?: Unseen }
  | { readonly kind: 'expire' }
  | { readonly kind: 'mute'; readonly mute?: Mute }
  /** Takes up an incident that ended quietly at `afterMs` or later, under another name. */
  | {
      readonly kind: 'continue';
      readonly afterMs: number;
      readonly fingerprint: Fingerprint;
      readonly detector: string;
      readonly subject: Subject;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
      readonly page: boolean;
      readonly mute?: Mute;
    }
  /** Takes up an incident that was resolved at `afterMs` or later, with what is seen now. */
  | {
      readonly kind: 'reopen';
      readonly afterMs: number;
      readonly severity: Severity;
      readonly facts: Facts;
      readonly evidence: readonly string[];
      readonly grid: readonly GridCell[];
      readonly symptoms: readonly Symptom[];
      readonly sinceMs: number;
      readonly page: boolean;
      readonly mute?: Mute;
    }
  /** `to` are the people of the next step, found by the caller; empty when there is no further step, or nobody in it. */
  | {
      readonly kind: 'escalate';
      readonly stamp: Stamp;
      readonly to: readonly string[];
      readonly fromStep?: number;
      /** The step this is, where steps without anybody were passed over; the next one otherwise. */
      readonly step?: number;
      readonly gaps?: readonly string[];
      /** Calls the people of the last step once more: 1 for the first time. */
      readonly repeat?: number;
    }
  | { readonly kind: 'fold'; readonly into: IncidentId }
  | {
      readonly kind: 'resolve';
      readonly grid: readonly GridCell[];
      readonly stamp?: Stamp;
      readonly reason?: string;
    }
  | { readonly kind: 'mark-recovery'; readonly mark: RecoveryMark }
  /** Puts a recovery on the card that the bot will begin by itself: only where nobody is on it and nothing else was done. */
  | { readonly kind: 'plan-recovery'; readonly mark: RecoveryMark }
  /** Its time has come: only where nobody has stopped it or is on it. */
  | { readonly kind: 'begin-recovery'; readonly recovery: string }
  /** It will not begin after all. */
  | {
      readonly kind: 'drop-recovery';
      readonly recovery: string;
      readonly outcome: NonNullable<RecoveryMark['outcome']>;
    }
  /** Somebody wants a recovery stopped: one to come does not begin, one that runs begins nothing new. */
  | {
      readonly kind: 'stop-recovery';
      readonly recovery: string;
      readonly stop: Stamp & { readonly reason: string };
    };
