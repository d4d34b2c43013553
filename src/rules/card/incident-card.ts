import type { Card, GridRow, Tone } from '../../model/card.ts';
import { evidenceMax } from '../../model/finding.ts';
import { type GridCell, type Incident, isOpen } from '../../model/incident.ts';
import type { Language } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { silenceCard } from '../../model/silence.ts';
import { buttonsOf, moreButtonsOf } from './card-buttons.ts';
import { recoveryLine, stateLine } from './card-lines.ts';
import { metricOf } from './chart-metric.ts';
import { bounded, cut } from './words/bounds.ts';
import { listOf, numberOf } from './words/facts.ts';
import { faultWords } from './words/faults.ts';
import { type Words, words } from './words/words.ts';

/** Characters of a title: a header block of Slack takes 150, the shortest of our chats. */
export const titleCharsMax = 150;

/** Characters of each of meaning, advice, state and recovery line: about ten lines on a phone. */
export const lineCharsMax = 500;

/** Characters of one line of evidence or one symptom: about four lines on a phone. */
export const detailCharsMax = 200;

/** Symptoms listed on a card; more are counted. The console's incident page shows them all. */
export const symptomLinesMax = 8;

/** Servers in the grid of a card; beyond that the healthy ones are counted. Ensembles have 3 to 7 voters and some observers. */
export const gridRowsMax = 15;

/** Values of a sparkline: what fits a line on a phone. */
export const sparkValuesMax = 60;

export interface CardContext {
  readonly language: Language;
  readonly settings: Settings;
}

/** Draws an incident as it is now. The same incident gives the same card: no time of day goes into it but the incident's own. */
export function incidentCard(incident: Incident, context: CardContext): Card {
  const { language, settings } = context;
  const all = words(language);
  const recovery = recoveryLine(incident, all);
  const spark = sparkOf(incident, all);
  return {
    incident: incident.id,
    ensemble: incident.ensemble,
    detector: incident.detector,
    ...(incident.subject.server === undefined ? {} : { server: incident.subject.server }),
    ...(incident.drill === undefined ? {} : { drill: true as const }),
    version: incident.version,
    language,
    tone: toneOf(incident),
    severity: all.common.severity[incident.severity],
    title: titleOf(incident, all),
    grid: gridRows(incident.grid, all),
    ...explanation(incident, all),
    ...links(incident, settings),
    evidence: bounded(incident.evidence, evidenceMax, all.common.more).map((line) =>
      cut(line, detailCharsMax),
    ),
    symptoms: symptomLines(incident, all),
    stateLine: cut(stateLine(incident, all, settings), lineCharsMax),
    ...(recovery === undefined ? {} : { recoveryLine: cut(recovery, lineCharsMax) }),
    ...(spark === undefined ? {} : { spark }),
    sinceMs: incident.sinceMs,
    changedMs: changedMs(incident),
    buttons: buttonsOf(incident, settings, all),
    more: moreButtonsOf(incident, all),
  };
}

/** That it comes and goes, where it does. */
function flapping({ facts }: Incident, all: Words): string {
  const times = numberOf(facts, 'flaps');
  return times === 0 ? '' : ` — ${all.card.flapping(times, numberOf(facts, 'flapMs'))}`;
}

/** The figure the fault shows in, as it went when the card was last told of it. */
function sparkOf({ detector, facts }: Incident, all: Words): Card['spark'] {
  const metric = metricOf(detector, facts);
  const values = listOf(facts, 'spark').map(Number).filter(Number.isFinite);
  const last = values.at(-1);
  if (metric === undefined || last === undefined || values.length < 2) return undefined;
  return {
    label: `${all.chart.metric(metric.name)}: ${all.chart.value(last, metric.unit)}`,
    values: values.slice(-sparkValuesMax),
  };
}

/** The title of an incident: the fault while it is there, how it ended once it went away. */
/** The title of an incident; that of a drill says so first, wherever it stands. */
export function titleOf(incident: Incident, all: Words): string {
  const title = plainTitleOf(incident, all);
  return incident.drill === undefined ? title : cut(all.drill.mark(title), titleCharsMax);
}

function plainTitleOf(incident: Incident, all: Words): string {
  const fault = faultWords(all, incident.detector);
  const wentAway =
    incident.resolvedMs !== undefined &&
    (incident.resolvedBy === undefined || incident.detector === silenceCard) &&
    incident.foldedInto === undefined &&
    incident.expired !== true;
  return cut(
    wentAway
      ? fault.over(
          incident.subject,
          incident.facts,
          (incident.resolvedMs ?? incident.sinceMs) - incident.sinceMs,
        )
      : `${fault.title(incident.subject, incident.facts)}${flapping(incident, all)}`,
    titleCharsMax,
  );
}

/** The colour: resolved before acknowledged before how bad it is. */
export function toneOf(incident: Pick<Incident, 'state' | 'severity'>): Tone {
  if (incident.state === 'resolved') return 'resolved';
  if (incident.state === 'acknowledged') return 'acknowledged';
  switch (incident.severity) {
    case 'page':
      return 'critical';
    case 'warn':
      return 'warning';
    case 'info':
      return 'info';
  }
}

/** The voter grid in words. Beyond `gridRowsMax` the servers that are well are counted, never the others first. */
export function gridRows(grid: readonly GridCell[], all: Words): readonly GridRow[] {
  const rows = grid.map((cell) => gridRow(cell, all));
  if (rows.length <= gridRowsMax) return rows;
  const worstFirst = [
    ...rows.filter((row) => row.health === 'bad'),
    ...rows.filter((row) => row.health === 'odd'),
    ...rows.filter((row) => row.health === 'good'),
  ];
  const left = worstFirst.slice(gridRowsMax - 1);
  return [
    ...worstFirst.slice(0, gridRowsMax - 1),
    {
      server: all.common.more(left.length),
      role: '',
      state: '',
      health: left[0]?.health ?? 'good',
    },
  ];
}

function gridRow(cell: GridCell, all: Words): GridRow {
  return {
    server: cell.server,
    role: all.common.roles[cell.role],
    state: all.common.states[cell.state],
    health: healthOf(cell.state),
    ...(cell.lag === undefined ? {} : { lag: all.card.lag(cell.lag) }),
  };
}

/** Whether a server in this state serves; `odd` is what cannot be told. */
export function healthOf(state: GridCell['state']): GridRow['health'] {
  switch (state) {
    case 'leader':
    case 'follower':
    case 'observer':
    case 'standalone':
      return 'good';
    case 'refused':
    case 'reset':
    case 'timeout':
    case 'unreachable':
    case 'not-serving':
      return 'bad';
    case 'read-only':
    case 'unresolved':
    case 'not-allowed':
    case 'garbled':
    case 'tls':
    case 'unknown':
      return 'odd';
  }
}

/** What it means and what to do; once it is over, that there is nothing to do. */
function explanation(incident: Incident, all: Words): Pick<Card, 'meaning' | 'advice'> {
  const { card } = all;
  if (incident.foldedInto !== undefined)
    return {
      meaning: card.foldedMeaning(incident.foldedInto),
      advice: card.foldedAdvice(incident.foldedInto),
    };
  if (incident.expired === true)
    return { meaning: card.expiredMeaning, advice: card.expiredAdvice };
  if (!isOpen(incident) && incident.detector === silenceCard)
    return {
      meaning: incident.facts['freezes'] === 'only' ? card.freezeOver : card.silenceOver,
      advice: card.goneAdvice,
    };
  if (!isOpen(incident))
    return {
      meaning: incident.resolvedBy === undefined ? card.gone : card.closedByHand,
      advice: card.goneAdvice,
    };
  const fault = faultWords(all, incident.detector);
  return {
    meaning: cut(
      all.common.sentences([
        incident.drill === undefined ? '' : all.drill.meaning,
        fault.meaning(incident.facts),
      ]),
      lineCharsMax,
    ),
    advice: cut(fault.advice(incident.facts, incident.subject), lineCharsMax),
  };
}

function links(incident: Incident, settings: Settings): Pick<Card, 'runbookUrl' | 'consoleUrl'> {
  const console = settings.publicUrl?.replace(/\/+$/u, '');
  const runbooks =
    settings.runbookUrl ?? (console === undefined ? undefined : `${console}/runbooks/`);
  return {
    ...(runbooks === undefined ? {} : { runbookUrl: `${runbooks}${incident.detector}` }),
    ...(console === undefined ? {} : { consoleUrl: `${console}/incidents/${incident.id}` }),
  };
}

function symptomLines(incident: Incident, all: Words): readonly string[] {
  const lines = incident.symptoms.map((symptom) => {
    const text = faultWords(all, symptom.detector).symptom(symptom.subject, symptom.facts);
    return cut(symptom.clearedMs === undefined ? text : all.card.symptomOver(text), detailCharsMax);
  });
  return bounded(lines, symptomLinesMax, all.common.more);
}

function changedMs(incident: Incident): number {
  if (incident.resolvedMs !== undefined) return incident.resolvedMs;
  return incident.acknowledged?.atMs ?? incident.pagedMs ?? incident.openedMs;
}
