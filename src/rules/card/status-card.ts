import type { Tone } from '../../model/card.ts';
import type { EnsembleId } from '../../model/ensemble.ts';
import type { Incident } from '../../model/incident.ts';
import type { Language } from '../../model/person.ts';
import type { ReplyBlock } from '../../model/reply.ts';
import type { EnsembleStatus } from '../../model/status.ts';
import { gridRows, titleOf } from './incident-card.ts';
import { cut } from './words/bounds.ts';
import { type Words, words } from './words/words.ts';

/** Ensembles in one overview; more are counted. A person with more of them asks for one by name. */
export const overviewRowsMax = 120;

/** Characters of a title inside a table. */
export const tableTitleCharsMax = 100;

export interface StatusContext {
  readonly language: Language;
  readonly nowMs: number;
}

/** An ensemble in the overview; without a status it was not looked at yet. */
export interface StatusEntry {
  readonly ensemble: EnsembleId;
  readonly status: EnsembleStatus | undefined;
  readonly open: number;
}

const worst: Readonly<Record<EnsembleStatus['health'], number>> = {
  down: 0,
  unknown: 1,
  degraded: 2,
  healthy: 3,
};

/** How all ensembles stand, one line each, the worst first. */
export function statusOverview(
  entries: readonly StatusEntry[],
  { language, nowMs }: StatusContext,
): readonly ReplyBlock[] {
  const all = words(language);
  const { heads, none } = all.commands;
  if (entries.length === 0) return [{ kind: 'text', text: all.commands.noEnsembles }];
  const sorted = entries.toSorted(
    (a, b) =>
      worst[a.status?.health ?? 'unknown'] - worst[b.status?.health ?? 'unknown'] ||
      a.ensemble.localeCompare(b.ensemble, 'en'),
  );
  const rows = sorted
    .slice(0, overviewRowsMax)
    .map(({ ensemble, status, open }) => [
      ensemble,
      all.common.health[status?.health ?? 'unknown'],
      status === undefined ? none : all.commands.count(status.serving, status.voters),
      status?.leader ?? none,
      open === 0 ? none : all.commands.openCount(open),
      status === undefined ? all.commands.notSeen : all.common.ago(nowMs - status.atMs),
    ]);
  const left = sorted.length - overviewRowsMax;
  return [
    {
      kind: 'table',
      head: [heads.ensemble, heads.health, heads.voters, heads.leader, heads.open, heads.seen],
      rows,
      tones: sorted
        .slice(0, overviewRowsMax)
        .map(({ status }) => tones[status?.health ?? 'unknown']),
    },
    ...(left > 0 ? [{ kind: 'text' as const, text: all.common.more(left) }] : []),
  ];
}

const tones: Readonly<Record<EnsembleStatus['health'], Tone>> = {
  down: 'critical',
  degraded: 'warning',
  unknown: 'info',
  healthy: 'resolved',
};

/** How one ensemble stands: its servers, its numbers, and what is open. */
export function statusDetail(
  status: EnsembleStatus,
  open: readonly Incident[],
  context: StatusContext,
): readonly ReplyBlock[] {
  const all = words(context.language);
  return [
    {
      kind: 'grid',
      title: `${status.ensemble} · ${all.common.health[status.health]}`,
      tone: tones[status.health],
      rows: gridRows(status.grid, all),
    },
    { kind: 'facts', rows: factRows(status, all, context.nowMs) },
    ...(open.length === 0 ? [] : incidentTable(open, context)),
  ];
}

function factRows(
  status: EnsembleStatus,
  all: Words,
  nowMs: number,
): readonly (readonly [string, string])[] {
  const { heads, none, count } = all.commands;
  const connections = sum(Object.values(status.servers).map((server) => server.connections));
  return [
    [heads.voters, count(status.serving, status.voters)],
    [heads.quorum, String(status.quorum)],
    [heads.margin, String(Math.max(0, status.serving - status.quorum))],
    [heads.leader, status.leader ?? none],
    ...(status.canary === undefined
      ? []
      : [[heads.canary, canary(status.canary, all, nowMs)] as const]),
    [heads.version, versions(status, all)],
    ...(connections === undefined ? [] : [[heads.connections, String(connections)] as const]),
    [heads.seen, all.common.ago(nowMs - status.atMs)],
  ];
}

function canary(
  result: NonNullable<EnsembleStatus['canary']>,
  { commands }: Words,
  nowMs: number,
): string {
  const agoMs = nowMs - result.atMs;
  return result.kind === 'written'
    ? commands.canaryWritten(result.tookMs, agoMs)
    : commands.canaryFailed(agoMs);
}

/** One version where all agree; otherwise which servers have which. */
function versions(status: EnsembleStatus, all: Words): string {
  const byVersion = new Map<string, string[]>();
  for (const [id, { version }] of Object.entries(status.servers))
    if (version !== undefined) byVersion.set(version, [...(byVersion.get(version) ?? []), id]);
  const found = [...byVersion];
  if (found.length === 0) return all.commands.none;
  if (found.length === 1) return found[0]?.[0] ?? all.commands.none;
  return found
    .map(([version, ids]) => all.commands.versions(version, all.common.list(ids)))
    .join(', ');
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

/** Incidents, one line each, in the order given. */
export function incidentTable(
  incidents: readonly Incident[],
  { language, nowMs }: StatusContext,
): readonly ReplyBlock[] {
  const all = words(language);
  const { heads } = all.commands;
  return [
    {
      kind: 'table',
      head: [heads.incident, heads.what, heads.state, heads.since],
      rows: incidents.map((incident) => [
        `#${incident.id}`,
        cut(titleOf(incident, all), tableTitleCharsMax),
        stateOf(incident, all),
        all.common.ago(nowMs - incident.sinceMs),
      ]),
    },
  ];
}

function stateOf(incident: Incident, all: Words): string {
  const state = all.common.incidentStates[incident.state];
  return incident.state === 'acknowledged' && incident.acknowledged !== undefined
    ? `${state} · ${incident.acknowledged.name}`
    : state;
}

/** Lines of a timeline in an answer; the oldest of more are counted. */
export const timelineRowsMax = 15;

/** A timeline as a table: the first line with its time, the others with the time since. */
export function timelineTable(
  rows: readonly { readonly atMs: number; readonly text: string }[],
  language: Language,
): readonly ReplyBlock[] {
  const all = words(language);
  const first = rows[0];
  if (first === undefined) return [];
  const lines = rows.map(({ atMs, text }, index) => [
    index === 0 ? all.common.time(atMs) : `+${all.common.duration(atMs - first.atMs)}`,
    text,
  ]);
  const left = lines.length - timelineRowsMax;
  const shown =
    left <= 0
      ? lines
      : [...lines.slice(0, 1), ['', all.common.more(left + 1)], ...lines.slice(left + 2)];
  return [
    { kind: 'text', text: all.commands.timelineTitle },
    { kind: 'table', head: [all.commands.heads.time, all.commands.heads.what], rows: shown },
  ];
}
