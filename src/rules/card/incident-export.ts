import type { AuditEntry } from '../../model/audit.ts';
import { type Incident, isOpen } from '../../model/incident.ts';
import type { IncidentEvent } from '../../model/incident-event.ts';
import { keeper, type Language, type Person } from '../../model/person.ts';
import type { Recovery } from '../../model/recovery.ts';
import type { Sample } from '../../model/sample.ts';
import { auditRow, isDecision, recoveriesShownMax, recoveryRow } from './audit-table.ts';
import { gridRows } from './incident-card.ts';
import { codeBlock, escapeMarkdown, markdownFacts, markdownTable } from './markdown.ts';
import { sparkline } from './sparkline.ts';
import { timeline } from './timeline.ts';
import { dayAndTime } from './words/durations.ts';
import { faultWords } from './words/faults.ts';
import { type Words, words } from './words/words.ts';

/** Characters of one line of the timeline: a note or a reason in full. */
export const exportLineCharsMax = 1000;

/** Decisions of people in one export, the newest ones. */
export const exportDecisionsMax = 100;

/** Values of the sparkline. */
export const exportSparkMax = 60;

/** How long before and after the fault the sparkline looks. */
const beforeMs = 10 * 60_000;
const afterMs = 5 * 60_000;

/** Everything that is known of an incident, for the one document. */
export interface ExportInput {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  /** Oldest first. */
  readonly recoveries: readonly Recovery[];
  /** Entries of its ensemble, newest first. */
  readonly audit: readonly AuditEntry[];
  /** Of the server it is about, oldest first. */
  readonly samples: readonly Sample[];
}

export interface ExportContext {
  readonly language: Language;
  readonly people: readonly Person[];
  readonly nowMs: number;
}

/** An incident as Markdown for a post-mortem: what it was, how long it took, what was seen, who did what and why. */
export function incidentMarkdown(input: ExportInput, context: ExportContext): string {
  const all = words(context.language);
  const { incident } = input;
  const fault = faultWords(all, incident.detector);
  const { labels } = all.card;
  const sections: readonly (readonly [title: string, body: string])[] = [
    [all.audit.export.facts, markdownFacts(glance(input, context, all))],
    [labels.meaning, escapeMarkdown(fault.meaning(incident.facts))],
    [labels.advice, escapeMarkdown(fault.advice(incident.facts, incident.subject))],
    [all.commands.timelineTitle, timelineOf(input, context, all)],
    [all.audit.recoveries, recoveriesOf(input.recoveries, all)],
    [all.audit.export.decisions, decisionsOf(input, all)],
    [all.audit.export.servers, serversOf(incident, all)],
    [labels.evidence, incident.evidence.length === 0 ? '' : codeBlock(incident.evidence)],
    [labels.symptoms, symptomsOf(incident, all)],
    [all.audit.export.metric, metricOf(input, context.nowMs, all)],
  ];
  const plain = fault.title(incident.subject, incident.facts);
  const title = incident.drill === undefined ? plain : all.drill.mark(plain);
  return [
    `# ${escapeMarkdown(`${labels.incident(incident.id)}: ${title}`)}`,
    isOpen(incident) ? `> ${escapeMarkdown(all.audit.export.open)}` : '',
    ...sections
      .filter(([, body]) => body !== '')
      .map(([label, body]) => `## ${escapeMarkdown(label)}\n\n${body}`),
    `_${escapeMarkdown(all.audit.export.written(dayAndTime(context.nowMs)))}_`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** The facts and the three durations a post-mortem asks for: until it was noticed, until somebody took it, until it was over. */
function glance(
  { incident, events }: ExportInput,
  { nowMs }: ExportContext,
  all: Words,
): readonly (readonly [string, string])[] {
  const { export: said, who } = all.audit;
  const { sinceMs, openedMs, pagedMs, resolvedMs, resolvedBy } = incident;
  const calledMs = pagedMs ?? openedMs;
  const taken =
    events.find((event) => event.kind === 'acknowledged')?.stamp ?? incident.acknowledged;
  const at = (atMs: number, fromMs: number): string =>
    said.after(dayAndTime(atMs), Math.max(0, atMs - fromMs));
  const { server } = incident.subject;
  return [
    [said.ensemble, incident.ensemble],
    ...(server === undefined ? [] : [[said.server, server] as const]),
    [said.fault, incident.detector],
    [said.severity, all.common.severity[incident.severity]],
    [said.state, all.common.incidentStates[incident.state]],
    [said.began, dayAndTime(sinceMs)],
    [said.noticed, at(openedMs, sinceMs)],
    [said.called, pagedMs === undefined ? said.never : at(pagedMs, sinceMs)],
    [
      said.acknowledged,
      taken === undefined
        ? said.never
        : all.common.join([at(taken.atMs, calledMs), who(taken.name, taken.via)]),
    ],
    [
      said.resolved,
      resolvedMs === undefined
        ? said.lasting(nowMs - sinceMs)
        : all.common.join([
            at(resolvedMs, sinceMs),
            resolvedBy === undefined ? '' : who(resolvedBy.name, resolvedBy.via),
          ]),
    ],
  ];
}

function timelineOf({ events }: ExportInput, context: ExportContext, all: Words): string {
  const rows = timeline(events, context.language, context.people, exportLineCharsMax);
  const first = rows[0];
  if (first === undefined) return '';
  return markdownTable(
    [all.commands.heads.time, '+', all.commands.heads.what],
    rows.map(({ atMs, text }, index) => [
      dayAndTime(atMs),
      index === 0 ? '' : all.common.duration(atMs - first.atMs),
      text,
    ]),
  );
}

function recoveriesOf(recoveries: readonly Recovery[], all: Words): string {
  const { heads, export: said } = all.audit;
  return recoveries
    .slice(-recoveriesShownMax)
    .map((recovery) => {
      const row = recoveryRow(recovery, all);
      const facts = markdownFacts([
        [heads.asked, row.asked],
        [heads.why, row.reason],
        ...row.guards.map((line) => [heads.guard, line] as const),
        [heads.result, row.result],
      ]);
      const output =
        recovery.output === undefined || recovery.output.trim() === ''
          ? ''
          : `\n\n${escapeMarkdown(said.output)}:\n\n${codeBlock(recovery.output.trimEnd().split('\n'))}`;
      return `### ${escapeMarkdown(`${row.id}: ${row.what}`)}\n\n${facts}${output}`;
    })
    .join('\n\n');
}

/** What people wanted of it, the refused things too. What the bot did by itself and how restarts went stands elsewhere. */
function decisionsOf({ incident, audit }: ExportInput, all: Words): string {
  const rows = audit
    .filter((entry) => entry.incident === incident.id && entry.who !== keeper.id)
    .filter((entry) => isDecision(entry) && !entry.what.startsWith('recovery:'))
    .slice(0, exportDecisionsMax)
    .toReversed();
  if (rows.length === 0) return '';
  const { heads } = all.audit;
  return markdownTable(
    [all.commands.heads.time, heads.who, all.commands.heads.what, heads.outcome, heads.why],
    rows.map((entry) => {
      const { who, what, outcome, why } = auditRow(entry, all);
      return [dayAndTime(entry.atMs), who, what, outcome, why];
    }),
  );
}

function serversOf({ grid }: Incident, all: Words): string {
  if (grid.length === 0) return '';
  const { server, state } = all.audit.export;
  return markdownTable(
    [server, '', state, ''],
    gridRows(grid, all).map((row) => [row.server, row.role, row.state, row.lag ?? '']),
  );
}

function symptomsOf({ symptoms }: Incident, all: Words): string {
  return symptoms
    .map(({ detector, subject, facts, clearedMs }) => {
      const text = faultWords(all, detector).symptom(subject, facts);
      return `- ${escapeMarkdown(clearedMs === undefined ? text : all.card.symptomOver(text))}`;
    })
    .join('\n');
}

/** What the server's latency did around the fault, as far as it is still remembered; gaps are where it did not answer. */
function metricOf({ incident, samples }: ExportInput, nowMs: number, all: Words): string {
  const untilMs = (incident.resolvedMs ?? nowMs) + afterMs;
  const near = samples.filter(({ atMs }) => atMs >= incident.sinceMs - beforeMs && atMs <= untilMs);
  const step = Math.max(1, Math.ceil(near.length / exportSparkMax));
  const values = near
    .filter((_, index) => index % step === 0)
    .map((sample) =>
      sample.kind === 'reading' ? (sample.metrics['avg_latency'] ?? Number.NaN) : Number.NaN,
    );
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return '';
  const range = all.audit.export.range(Math.min(...known), Math.max(...known));
  return codeBlock([`${sparkline(values)}  ${range}`]);
}
