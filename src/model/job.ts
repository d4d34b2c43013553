import type { EnsembleId } from './ensemble.ts';
import type { IncidentId } from './incident.ts';
import type { Notice } from './sample.ts';

/** Work on the queue. Jobs carry ids, not objects, and may run twice: every handler is idempotent. */
export type Job =
  /** Probe all servers of an ensemble and judge what is seen; `notices` when a sensor asked for it. */
  | { readonly kind: 'observe'; readonly ensemble: EnsembleId; readonly notices: readonly Notice[] }
  /** Ask the servers of an ensemble for the slow facts that are due; `urgent` when something just went wrong. */
  | { readonly kind: 'survey'; readonly ensemble: EnsembleId; readonly urgent?: boolean }
  /** Walk the tree of an ensemble on, and look which ephemeral znodes come and go. */
  | { readonly kind: 'crawl'; readonly ensemble: EnsembleId }
  /** Bring a destination up to date with whatever waits for it. */
  | { readonly kind: 'deliver'; readonly destination: string }
  /** Look whether anybody could be called for an incident, and ask the fallback destinations if not. */
  | { readonly kind: 'fallback'; readonly ensemble: EnsembleId; readonly incident: IncidentId }
  /** Look whether an incident still waits for somebody, and take the next escalation step if so. */
  | {
      readonly kind: 'escalate';
      readonly ensemble: EnsembleId;
      readonly incident: IncidentId;
      readonly step: number;
      /** Calls the last step again: 1 for the first time. */
      readonly repeat?: number;
    }
  /** Look whether who acknowledged an incident must be asked, or did not answer. */
  | { readonly kind: 'remind'; readonly ensemble: EnsembleId; readonly incident: IncidentId }
  /** Bring up to date what hangs on the time of day and not on a look: silences, incidents that nobody judges any more. */
  | { readonly kind: 'life'; readonly ensemble: EnsembleId }
  /** Look again where an incident belongs: the hours of a route have begun. */
  | { readonly kind: 'reroute'; readonly ensemble: EnsembleId; readonly incident: IncidentId }
  /** Read the calendar of an on-call schedule; it belongs to the bot itself, as `ownEnsemble`. */
  | { readonly kind: 'read-calendar'; readonly ensemble: EnsembleId; readonly schedule: string }
  /** Look whether a backup of the tree is due or asked for, and make it; or whether one is missing. */
  | { readonly kind: 'backup'; readonly ensemble: EnsembleId }
  /** Look whether the time of the daily card has come; it belongs to the bot itself, as `ownEnsemble`. */
  | { readonly kind: 'self-test'; readonly ensemble: EnsembleId }
  /** Look whether the bot should do something by itself about an incident, or whether its time has come. */
  | { readonly kind: 'auto'; readonly ensemble: EnsembleId; readonly incident: IncidentId }
  /** Take the button off a test card that nobody pressed; it belongs to the bot itself, as `ownEnsemble`. */
  | { readonly kind: 'test-card'; readonly ensemble: EnsembleId; readonly card: string }
  /** One look of a drill. */
  | { readonly kind: 'drill'; readonly ensemble: EnsembleId; readonly drill: string }
  /** Do a recovery, or bring to its end what another process left; `queue` when it is only looked whether its work was queued. */
  | {
      readonly kind: 'recover';
      readonly ensemble: EnsembleId;
      readonly recovery: string;
      readonly queue?: true;
    };

export type JobKind = Job['kind'];
