import type { AuditEntry } from '../../model/audit.ts';
import type { Facts } from '../../model/finding.ts';
import { keeper, type Language } from '../../model/person.ts';
import type { GuardRecord, Recovery } from '../../model/recovery.ts';
import type { ReplyBlock } from '../../model/reply.ts';
import { detailCharsMax } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { listOf } from './words/facts.ts';
import { refusalTextOf } from './words/refusal-text.ts';
import { type Words, words } from './words/words.ts';

/** Recoveries in one answer or one export, the newest ones. More for one incident is a person who should stop. */
export const recoveriesShownMax = 10;

/** Entries that only repeat what another entry or the timeline says: each look that saw a change, each redraw for a recovery. */
const repeating: ReadonlySet<string> = new Set(['observe', 'mark-recovery']);

/** Whether somebody decided something: what a reader of the audit looks for. */
export function isDecision(entry: AuditEntry): boolean {
  return !repeating.has(entry.what);
}

/** One entry in words. */
export interface AuditRow {
  readonly time: string;
  readonly who: string;
  readonly what: string;
  readonly about: string;
  readonly outcome: string;
  readonly why: string;
}

export function auditRow(entry: AuditEntry, all: Words): AuditRow {
  const { audit, common } = all;
  return {
    time: common.time(entry.atMs),
    who: cut(entry.who === keeper.id ? audit.keeper : audit.who(entry.name, entry.via), 60),
    what: cut(audit.what(entry.what), 60),
    about: aboutOf(entry),
    outcome: audit.outcomes[entry.outcome],
    why: cut(whyOf(entry, all), detailCharsMax),
  };
}

function aboutOf({ ensemble, incident, facts }: AuditEntry): string {
  const server = facts['server'];
  return [
    ensemble,
    ...(typeof server === 'string' ? [server] : []),
    ...(incident === undefined ? [] : [`#${incident}`]),
  ].join(' ');
}

/** Why it was refused or failed; else the reason that was given, and what the guard summed up. */
function whyOf({ why, facts }: AuditEntry, all: Words): string {
  const reason = typeof facts['reason'] === 'string' ? facts['reason'] : '';
  const called = all.common.list(listOf(facts, 'to'));
  if (why === undefined) return all.common.join([reason, called, sumOf(facts, all)]);
  const words = refusalTextOf(all, why, facts)?.text ?? all.card.outcome(why, facts) ?? why;
  return all.common.join([words, reason]);
}

/** Decisions as a table, in the order given. */
export function auditTable(
  entries: readonly AuditEntry[],
  language: Language,
): readonly ReplyBlock[] {
  const all = words(language);
  const { heads, nothing } = all.audit;
  if (entries.length === 0) return [{ kind: 'text', text: nothing }];
  const rows = entries.map((entry) => auditRow(entry, all));
  return [
    {
      kind: 'table',
      head: [
        all.commands.heads.time,
        heads.who,
        all.commands.heads.what,
        heads.about,
        heads.outcome,
        heads.why,
      ],
      rows: rows.map((row) => [row.time, row.who, row.what, row.about, row.outcome, row.why]),
    },
  ];
}

/** A recovery in words: who, why, what the guard said each time, what came of it. */
export interface RecoveryRow {
  readonly id: string;
  readonly what: string;
  readonly asked: string;
  readonly reason: string;
  readonly guards: readonly string[];
  readonly result: string;
}

export function recoveryRow(recovery: Recovery, all: Words): RecoveryRow {
  const { audit, card, common } = all;
  const { requested } = recovery;
  return {
    id: recovery.id,
    what: card.action(recovery.action, recovery.server),
    asked: common.join([audit.who(requested.name, requested.via), common.time(requested.atMs)]),
    reason: recovery.reason,
    guards: recovery.guards.map((record) => cut(guardLine(record, all), detailCharsMax)),
    result: cut(resultOf(recovery, all), detailCharsMax),
  };
}

/** `before it ran: allowed · After stopping zk2: 2 of 3, quorum is 2: margin 0.` */
function guardLine({ at, verdict }: GuardRecord, all: Words): string {
  const { audit, common } = all;
  const said =
    verdict.kind === 'allow'
      ? audit.allowed
      : audit.refusedBy(refusalTextOf(all, verdict.code, verdict.facts)?.text ?? verdict.code);
  return common.join([`${audit.guardAt[at]}: ${said}`, sumOf(verdict.facts, all)]);
}

/** What stays of the quorum, where the facts are those of a guard. */
function sumOf(facts: Facts, { commands }: Words): string {
  return typeof facts['after'] === 'number' ? commands.form.after(facts) : '';
}

function resultOf(recovery: Recovery, all: Words): string {
  const { audit, card, common } = all;
  const { outcome, startedMs, finishedMs } = recovery;
  const state = audit.states[recovery.state];
  const timed =
    startedMs === undefined || finishedMs === undefined
      ? state
      : audit.took(state, finishedMs - startedMs);
  if (outcome === undefined) return timed;
  const why =
    refusalTextOf(all, outcome.code, outcome.facts)?.text ??
    card.outcome(outcome.code, outcome.facts) ??
    outcome.code;
  return common.join([timed, why]);
}

/** The recoveries of an incident as a table; nothing where there are none. */
export function recoveryTable(
  recoveries: readonly Recovery[],
  language: Language,
): readonly ReplyBlock[] {
  const all = words(language);
  if (recoveries.length === 0) return [];
  const { heads } = all.audit;
  return [
    { kind: 'text', text: all.audit.recoveries },
    {
      kind: 'table',
      head: [heads.recovery, heads.asked, heads.why, heads.guard, heads.result],
      rows: recoveries
        .slice(-recoveriesShownMax)
        .map((recovery) => recoveryRow(recovery, all))
        .map((row) => [
          `${row.id} ${row.what}`,
          row.asked,
          row.reason,
          row.guards.join('; '),
          row.result,
        ]),
    },
  ];
}
