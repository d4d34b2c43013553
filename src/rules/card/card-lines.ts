import { type Incident, type RecoveryMark, viaPage } from '../../model/incident.ts';
import { keeper, type Person } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { refusalTextOf } from './words/refusal-text.ts';
import type { Words } from './words/words.ts';

/** Where an incident stands, in one line: who acknowledged it, when, where; or since when it burns; or how long it lasted. */
export function stateLine(incident: Incident, all: Words, audience: Audience): string {
  const { card, common } = all;
  if (incident.state === 'resolved') return over(incident, all);
  const { acknowledged, reminded, reopened } = incident;
  return common.join([
    silenced(incident, all),
    sight(incident, all),
    reopened === undefined ? '' : card.again(reopened + 1),
    acknowledged === undefined ? waiting(incident, all) : card.acknowledged(acknowledged),
    reminded === undefined ? '' : card.reminded(reminded.atMs),
    joined(incident, all),
    hadBy(incident, all),
    escalation(incident, all, audience),
    card.since(incident.sinceMs),
  ]);
}

/** That nobody is told of it, until when, by whom and why. */
function silenced({ silenced: mute }: Incident, { card }: Words): string {
  return mute === undefined ? '' : card.silenced(mute.untilMs, mute.name, mute.reason);
}

/** That nothing is known of the fault, where that is so: it comes before everything else. */
function sight({ unseen }: Incident, { card }: Words): string {
  if (unseen === undefined) return '';
  return unseen.why === 'left' ? card.left(unseen.sinceMs) : card.unseen(unseen.sinceMs);
}

/** Who has it already where several people must; beside the one who acknowledged last. */
function joined({ joined: stamps = [], needed = 1, acknowledged }: Incident, all: Words): string {
  const names = stamps.map(({ name }) => name);
  if (names.length === 0) return '';
  return acknowledged === undefined ? all.card.joined(names, needed) : all.card.joinedBy(names);
}

function hadBy({ hadBy: had, acknowledged }: Incident, { card }: Words): string {
  if (had === undefined || acknowledged !== undefined) return '';
  return card.hadBy(had.name, had.untilMs, had.lapsed);
}

function waiting(incident: Incident, { card }: Words): string {
  if (incident.severity === 'info') return card.forTheRecord;
  if (incident.pagedMs !== undefined) return card.paged(incident.pagedMs);
  return incident.severity === 'page' ? card.quiet : card.warning;
}

function escalation(incident: Incident, all: Words, audience: Audience): string {
  const { escalated, repeats } = incident;
  if (escalated === undefined) return '';
  const { card, common } = all;
  const names = calledNames(escalated.to, audience, all);
  return common.join([
    callText(),
    repeats === undefined ? '' : card.calledAgain(repeats),
    escalated.gaps === undefined ? '' : card.nobodyOnCall(escalated.gaps),
  ]);

  function callText(): string {
    if (escalated === undefined || names.length === 0) return '';
    return escalated.via === viaPage
      ? card.called(names)
      : card.escalated(names, byHand(escalated), escalated.atMs);
  }
}

function over(incident: Incident, { card, common }: Words): string {
  if (incident.foldedInto !== undefined) return card.folded(incident.foldedInto);
  const atMs = incident.resolvedMs ?? incident.openedMs;
  const lastedMs = atMs - incident.sinceMs;
  if (incident.expired === true)
    return common.join([
      card.expired(atMs),
      card.unseen(incident.unseen?.sinceMs ?? incident.sinceMs),
    ]);
  return common.join([
    incident.resolvedBy === undefined
      ? card.resolved(atMs, lastedMs)
      : card.resolvedBy(incident.resolvedBy, lastedMs),
    incident.resolvedReason ?? '',
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
  const what = all.card.action(mark.action, mark.server, mark.argument);
  const { automation } = all;
  switch (state) {
    case 'scheduled':
      return automation.coming(what, mark.startsMs ?? mark.atMs, mark.automatic?.afterMs ?? 0);
    case 'aborted':
      return abortedText(what, mark, all);
    case 'awaiting':
      return all.approval.awaiting(what, mark, mark.reason, mark.approval ?? nobodyNeeded);
    case 'rejected':
      return all.approval.rejected(
        what,
        String(mark.outcome?.facts['name'] ?? ''),
        String(mark.outcome?.facts['reason'] ?? ''),
      );
    case 'expired':
      return all.approval.expired(what);
    case 'running':
      return all.common.join([
        progressText(mark, all),
        mark.automatic === undefined
          ? recovery.running(what, mark, mark.reason)
          : automation.running(what, mark.automatic.afterMs),
        stoppingText(what, mark, all),
      ]);
    case 'verifying':
      return all.common.join([
        ofSessions.has(mark.action)
          ? recovery.running(what, mark, mark.reason)
          : recovery.verifying(what, mark),
        stoppingText(what, mark, all),
      ]);
    case 'succeeded':
      return all.common.join([workedText(what, mark, all), keptText(mark, all)]);
    case 'failed':
      return all.common.join([
        progressText(mark, all),
        recovery.failed(what, mark, outcomeText(mark, all)),
        mark.outcome?.facts['undone'] === true ? all.actions.undone : '',
        keptText(mark, all),
      ]);
  }
}

/** Who stopped it, or why it does not begin by itself. */
function abortedText(what: string, { outcome }: RecoveryMark, all: Words): string {
  const { code = 'gone', facts = {} } = outcome ?? {};
  const refusal = refusalTextOf(all, code, facts)?.text;
  if (refusal !== undefined) return all.automation.dropped(what, refusal);
  return all.automation.ended(code, what, facts) ?? all.automation.dropped(what, code);
}

/** That somebody stops it while it runs. */
export function stoppingText(
  what: string,
  { stopping, progress, phase }: RecoveryMark,
  all: Words,
): string {
  if (stopping === undefined) return '';
  return all.automation.stopping(
    what,
    stopping.name,
    stopping.reason,
    (progress ?? phase) !== undefined,
  );
}

/** Recoveries after which no server comes back. */
const ofSessions: ReadonlySet<string> = new Set(['kill-session', 'drop-connection']);

function workedText(what: string, mark: RecoveryMark, { card, actions }: Words): string {
  const { recovery } = card;
  if (mark.phase === undefined && ofSessions.has(mark.action))
    return recovery.worked(what, mark, actions.worked(mark.action, {}));
  if (mark.phase !== undefined)
    return recovery.worked(what, mark, actions.worked(mark.action, mark.phase.facts ?? {}));
  return mark.progress === undefined
    ? recovery.succeeded(what, mark)
    : recovery.rolled(what, mark, mark.progress.done);
}

/** That what the server said before is kept, and where. */
function keptText(mark: RecoveryMark, all: Words): string {
  return mark.evidence === undefined ? '' : all.evidence.kept(mark.id);
}

/** Bars of a progress; more servers than that share one. */
const barsMax = 10;

/** `▰▰▱▱▱ 2 of 5 done, now zk3`, where servers are taken one after the other. */
function progressText({ progress, phase }: RecoveryMark, { card, actions }: Words): string {
  if (phase !== undefined) {
    const { done, total, name, facts = {} } = phase;
    const text = name === undefined || done === total ? '' : actions.phase(name, facts);
    return card.recovery.phase(barOf(done, total), done, total, text);
  }
  if (progress === undefined) return '';
  const { done, total, server = '' } = progress;
  return card.recovery.progress(barOf(done, total), done, total, server);
}

function barOf(done: number, total: number): string {
  const bars = Math.min(total, barsMax);
  const full = total === 0 ? 0 : Math.floor((done / total) * bars);
  return `${'▰'.repeat(full)}${'▱'.repeat(bars - full)}`;
}

const nobodyNeeded = { needed: 0, given: [], untilMs: 0 };

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

/** Who there is, and where they can be reached. */
export type Audience = Pick<Settings, 'people' | 'destinations'>;

/** Names of people who are called; with a word where no destination can reach them. */
export function calledNames(
  ids: readonly string[],
  { people, destinations }: Audience,
  all: Words,
): readonly string[] {
  const ways = new Set(destinations.map(({ channel }) => channel));
  // The console calls nobody: it only counts where there is nothing else.
  if (ways.size > 1) ways.delete('console');
  return ids.map((id) => {
    const person = people.find((each) => each.id === id);
    if (person === undefined) return id;
    const reachable = [...ways].some((way) => person.handles[way] !== undefined);
    return reachable ? person.name : all.card.noContact(person.name);
  });
}

/** The name of a person who did something; empty when the bot did it. */
export function byHand(stamp: { readonly by: string; readonly name: string }): string {
  return stamp.by === keeper.id ? '' : stamp.name;
}
