import type { Incident } from '../../model/incident.ts';
import type { Callee } from '../../model/on-call.ts';
import type { EscalationStep, RepeatSettings } from '../../model/settings.ts';

/** A step that is still to come. */
export interface NextStep {
  /** Counted from 1. */
  readonly step: number;
  readonly to: readonly Callee[];
  /** How long after the page it is due. */
  readonly afterMs: number;
}

/** The step that comes after those already taken. Undefined when there is no further step. */
export function nextEscalation(
  steps: readonly EscalationStep[],
  incident: Pick<Incident, 'escalationStep'>,
): NextStep | undefined {
  const next = steps[incident.escalationStep];
  if (next === undefined) return undefined;
  return { step: incident.escalationStep + 1, to: next.to, afterMs: next.afterMs };
}

/** What the clock of an incident waits for: the next step, or the last one once more. */
export type NextCall =
  | { readonly kind: 'step'; readonly step: number; readonly atMs: number }
  | {
      readonly kind: 'repeat';
      readonly step: number;
      readonly repeat: number;
      readonly atMs: number;
    };

/** The next call of a fault that people were called for and nobody has taken; undefined when there is none. */
export function nextCall(
  incident: Incident,
  steps: readonly EscalationStep[],
  repeat: RepeatSettings | undefined,
): NextCall | undefined {
  if (incident.state !== 'triggered' || incident.pagedMs === undefined) return undefined;
  if (incident.silenced !== undefined) return undefined;
  const next = nextEscalation(steps, incident);
  if (next !== undefined)
    return {
      kind: 'step',
      step: next.step,
      atMs: (incident.clockMs ?? incident.pagedMs) + next.afterMs,
    };
  const last = incident.escalated;
  const repeats = (incident.repeats ?? 0) + 1;
  if (repeat === undefined || last === undefined || steps.length === 0) return undefined;
  if (repeats > repeat.times) return undefined;
  return {
    kind: 'repeat',
    step: incident.escalationStep,
    repeat: repeats,
    atMs: Math.max(last.atMs, incident.clockMs ?? 0) + repeat.everyMs,
  };
}
