import type { Facts } from '../../model/finding.ts';
import type { Incident, RecoveryMark } from '../../model/incident.ts';
import type { IncidentEvent, Intent } from '../../model/incident-event.ts';
import { refuse } from '../../model/refusal.ts';
import type { Decision } from './decide.ts';

type RecoveryIntent = Extract<
  Intent,
  {
    readonly kind:
      | 'mark-recovery'
      | 'plan-recovery'
      | 'begin-recovery'
      | 'drop-recovery'
      | 'stop-recovery';
  }
>;

const nothing: Decision = { kind: 'events', events: [] };

/** Decides what concerns the recovery on a card: one to come is begun, dropped or stopped here, and only once. */
export function decideRecovery(
  incident: Incident,
  intent: RecoveryIntent,
  nowMs: number,
): Decision {
  const mark = incident.recovery;
  switch (intent.kind) {
    case 'mark-recovery': {
      // Who asked to stop it stays on the card, whatever else changes.
      const stopping = mark?.id === intent.mark.id ? mark.stopping : undefined;
      return marked({ ...intent.mark, ...(stopping === undefined ? {} : { stopping }) }, nowMs);
    }
    case 'plan-recovery':
      return mark === undefined && isFree(incident) ? marked(intent.mark, nowMs) : nothing;
    case 'begin-recovery':
      return isComing(mark, intent.recovery) && isFree(incident)
        ? marked({ ...mark, state: 'running', atMs: nowMs }, nowMs)
        : nothing;
    case 'drop-recovery':
      return isComing(mark, intent.recovery)
        ? marked(dropped(mark, intent.outcome, nowMs), nowMs)
        : nothing;
    case 'stop-recovery':
      return stop(incident, intent, nowMs);
  }
}

function stop(
  { recovery: mark }: Incident,
  { recovery, stop: by }: Extract<Intent, { readonly kind: 'stop-recovery' }>,
  nowMs: number,
): Decision {
  const facts = { recovery, name: by.name, reason: by.reason };
  if (mark?.id !== recovery) return nothing;
  if (mark.state === 'scheduled')
    return marked(dropped(mark, { code: 'stopped', facts }, nowMs), nowMs);
  if (mark.state !== 'running' && mark.state !== 'verifying') return nothing;
  if (mark.stopping !== undefined)
    return refuse('already-stopping', {
      recovery,
      name: mark.stopping.name,
      atMs: mark.stopping.atMs,
    });
  return marked({ ...mark, stopping: by }, nowMs);
}

/** Whether nobody is on it, and it may be acted on: the bot does nothing by itself where somebody is, or wants peace. */
function isFree({ state, silenced, unseen, joined }: Incident): boolean {
  return (
    state === 'triggered' && silenced === undefined && unseen === undefined && joined === undefined
  );
}

function isComing(mark: RecoveryMark | undefined, recovery: string): mark is RecoveryMark {
  return mark?.id === recovery && mark.state === 'scheduled';
}

function dropped(
  mark: RecoveryMark,
  outcome: NonNullable<RecoveryMark['outcome']>,
  atMs: number,
): RecoveryMark {
  return { ...mark, state: 'aborted', atMs, outcome };
}

function marked(mark: RecoveryMark, atMs: number): Decision {
  return { kind: 'events', events: [{ kind: 'recovery', atMs, mark }] };
}

/** A recovery to come is off in the same step in which somebody takes the fault on, wants peace of it, or it ends. */
export function withoutComing(incident: Incident, decision: Decision, nowMs: number): Decision {
  const mark = incident.recovery;
  if (mark?.state !== 'scheduled' || decision.kind !== 'events') return decision;
  const outcome = decision.events.map(endOf).find((each) => each !== undefined);
  if (outcome === undefined) return decision;
  const event = { kind: 'recovery', atMs: nowMs, mark: dropped(mark, outcome, nowMs) } as const;
  return { kind: 'events', events: [...decision.events, event] };
}

function endOf(event: IncidentEvent): { readonly code: string; readonly facts: Facts } | undefined {
  if (event.kind === 'acknowledged' || event.kind === 'joined')
    return { code: 'taken-on', facts: { name: event.stamp.name } };
  if (event.kind === 'muted' && event.mute !== undefined)
    return { code: 'hushed', facts: { name: event.mute.name } };
  if (event.kind === 'sighted' && event.unseen !== undefined) return { code: 'lost', facts: {} };
  const isOver = ['resolved', 'folded', 'expired', 'recognised'].includes(event.kind);
  return isOver ? { code: 'gone', facts: {} } : undefined;
}
