import type { Facts } from './finding.ts';

/**
 * Why a person (or the bot) does not get what was asked, as a value: the words are in the language catalogue under
 * `refusal[code]`, filled with `facts`.
 */
export interface Refusal {
  readonly kind: 'refusal';
  readonly code: RefusalCode;
  readonly facts: Facts;
}

export type RefusalCode =
  | 'unknown-command'
  | 'bad-arguments'
  | 'unknown-ensemble'
  | 'unknown-server'
  | 'unknown-metric'
  | 'unknown-incident'
  | 'unknown-person'
  | 'ambiguous-incident'
  | 'not-permitted'
  | 'stranger'
  | 'already-acknowledged'
  | 'not-acknowledged'
  | 'already-resolved'
  | 'still-firing'
  | 'silenced'
  | 'silence-end-missing'
  | 'silence-end-past'
  | 'silence-too-long'
  | 'silence-reason-missing'
  | 'silence-overlaps'
  | 'silences-full'
  | 'unknown-silence'
  | 'silence-over'
  | 'note-missing'
  | 'resolve-reason-missing'
  | 'escalation-exhausted'
  | 'nobody-to-escalate-to'
  | 'nobody-on-call'
  | 'unknown-schedule'
  | 'no-executor'
  | 'no-order'
  | 'unknown-action'
  | 'reason-missing'
  | 'not-confirmed'
  | 'unknown-recovery'
  | 'not-awaiting'
  | 'own-request'
  | 'already-approved'
  | 'already-stopping'
  | 'nothing-to-stop'
  | 'no-recovery'
  | 'frozen'
  | 'not-frozen'
  | 'freeze-end-missing'
  | 'freeze-reason-missing'
  | 'freeze-overlaps'
  | 'too-many-recoveries'
  | 'breaker-open'
  | 'data-alarm'
  | 'others-syncing'
  | 'others-lag'
  | 'syncs-pending'
  | 'automation-on'
  | 'automation-off'
  | 'would-break-quorum'
  | 'would-not-help'
  | 'recovery-running'
  | 'others-out'
  | 'nothing-to-do'
  | 'cooling-down'
  | 'electing'
  | 'blind'
  | 'redis-unavailable'
  | 'busy';

export function refuse(code: RefusalCode, facts: Facts = {}): Refusal {
  return { kind: 'refusal', code, facts };
}
