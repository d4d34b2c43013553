import type { Incident, RecoveryMark } from '../../model/incident.ts';
import { keeper, type Person } from '../../model/person.ts';
import { refusalTextOf } from './words/refusal-text.ts';
import type { Words } from './words/words.ts';

/** Where an incident stands, in one line: who acknowledged it, when, where; or since when it burns; or how long it lasted. */
export function stateLine(incident: Incident, all: Words, people: readonly Person[]): string {
  const { card, common } = all;
  if (incident.state === 'resolved') return over(incident, all);
  if (incident.acknowledged !== undefined)
    return common.join([
      card.acknowledged(incident.acknowledged),
      escalation(incident, all, people),
      card.since(incident.sinceMs),
    ]);
  return common.join([
    waiting(incident, all),
    escalation(incident, all, people),
    card.since(incident.sinceMs),
  ]);
}

function waiting(incident: Incident, { card }: Words): string {
  if (incident.severity === 'info') return card.forTheRecord;
  if (incident.pagedMs !== undefined) return card.paged(incident.pagedMs);
  return incident.severity === 'page' ? card.quiet : card.warning;
}

function escalation(incident: Incident, { card }: Words, people: readonly Person[]): string {
  const { escalated } = incident;
  if (escalated === undefined) return '';
  return card.escalated(namesOf(escalated.to, people), byHand(escalated), escalated.atMs);
}

function over(incident: Incident, { card, common }: Words): string {
  if (incident.foldedInto !== undefined) return card.folded(incident.foldedInto);
  const atMs = incident.resolvedMs ?? incident.openedMs;
  const lastedMs = atMs - incident.sinceMs;
  return common.join([
    incident.resolvedBy === undefined
      ? card.resolved(atMs, lastedMs)
      : card.resolvedBy(incident.resolvedBy, lastedMs),
    incident.acknowledged === undefined ? '' : card.handledBy(incident.acknowledged.name),
    incident.pagedMs === undefined ? card.nobodyCalled : '',
  ]);
}

/** What a recovery does or did, if one concerns the incident. */
export function recoveryLine(incident: Incident, all: Words): string | undefined {
  return incident.recovery === undefined
    ? undefined
    : recoveryText(incident.recovery, incident.recovery.state, all);
}

/** A recovery in one line, as it stood in the given state. */
export function recoveryText(mark: RecoveryMark, state: RecoveryMark['state'], all: Words): string {
  const { recovery } = all.card;
  const what = all.card.action(mark.action, mark.server);
  switch (state) {
    case 'running':
      return recovery.running(what, mark, mark.reason);
    case 'verifying':
      return recovery.verifying(what, mark);
    case 'succeeded':
      return recovery.succeeded(what, mark);
    case 'failed':
      return recovery.failed(what, mark, outcomeText(mark, all));
  }
}

/** Why a recovery failed: a refusal's words, or those of a failure. */
function outcomeText({ outcome }: RecoveryMark, all: Words): string {
  if (outcome === undefined) return all.card.recovery.unexplained;
  const refusal = refusalTextOf(all, outcome.code, outcome.facts);
  return (
    refusal?.text ?? all.card.outcome(outcome.code, outcome.facts) ?? all.card.recovery.unexplained
  );
}

/** People by their names, as the configuration has them. */
export function namesOf(ids: readonly string[], people: readonly Person[]): readonly string[] {
  return ids.map((id) => people.find((person) => person.id === id)?.name ?? id);
}

/** The name of a person who did something; empty when the bot did it. */
export function byHand(stamp: { readonly by: string; readonly name: string }): string {
  return stamp.by === keeper.id ? '' : stamp.name;
}
