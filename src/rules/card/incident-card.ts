import type { Button, Card, GridRow, Tone } from '../../model/card.ts';
import { evidenceMax } from '../../model/finding.ts';
import { type GridCell, type Incident, isOpen } from '../../model/incident.ts';
import type { Language } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { recoveryLine, stateLine } from './card-lines.ts';
import { bounded, cut } from './words/bounds.ts';
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

/** Detectors whose fault a restart of their server may end. */
const restartable: readonly string[] = ['member-down', 'member-hung', 'member-not-serving'];

export interface CardContext {
  readonly language: Language;
  readonly settings: Settings;
  readonly spark?: { readonly label: string; readonly values: readonly number[] };
}

/** Draws an incident as it is now. The same incident gives the same card: no time of day goes into it but the incident's own. */
export function incidentCard(incident: Incident, context: CardContext): Card {
  const { language, settings, spark } = context;
  const all = words(language);
  const recovery = recoveryLine(incident, all);
  return {
    incident: incident.id,
    ensemble: incident.ensemble,
    detector: incident.detector,
    ...(incident.subject.server === undefined ? {} : { server: incident.subject.server }),
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
    ...(spark === undefined
      ? {}
      : { spark: { label: spark.label, values: spark.values.slice(-sparkValuesMax) } }),
    sinceMs: incident.sinceMs,
    changedMs: changedMs(incident),
    buttons: buttons(incident, settings, all),
    more: more(incident, all),
  };
}

/** The title of an incident: the fault while it is there, how it ended once it went away. */
export function titleOf(incident: Incident, all: Words): string {
  const fault = faultWords(all, incident.detector);
  const wentAway =
    incident.resolvedMs !== undefined &&
    incident.resolvedBy === undefined &&
    incident.foldedInto === undefined &&
    incident.expired !== true;
  return cut(
    wentAway
      ? fault.over(
          incident.subject,
          incident.facts,
          (incident.resolvedMs ?? incident.sinceMs) - incident.sinceMs,
        )
      : fault.title(incident.subject, incident.facts),
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
  if (!isOpen(incident))
    return {
      meaning: incident.resolvedBy === undefined ? card.gone : card.closedByHand,
      advice: card.goneAdvice,
    };
  const fault = faultWords(all, incident.detector);
  return {
    meaning: cut(fault.meaning(incident.facts), lineCharsMax),
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

function buttons(incident: Incident, settings: Settings, all: Words): readonly Button[] {
  if (!isOpen(incident)) return [];
  const id = String(incident.id);
  const { buttons: labels, escalateConfirm } = all.card;
  const acknowledge: Button = {
    id: 'ack',
    label: labels.acknowledge,
    style: 'primary',
    invocation: { command: 'ack', args: [id], options: {} },
  };
  const escalate: Button = {
    id: 'escalate',
    label: labels.escalate,
    style: 'plain',
    invocation: { command: 'escalate', args: [id], options: {} },
    confirm: { ...escalateConfirm, text: escalateConfirm.text(incident.id) },
  };
  return [
    ...(incident.reminded === undefined
      ? incident.state === 'acknowledged'
        ? []
        : [acknowledge]
      : [{ ...acknowledge, label: labels.stillOnIt }]),
    escalate,
    ...restart(incident, settings, all),
  ];
}

/** Restart, where a restart may end the fault, the bot has a way to do it, and none is under way. */
function restart(incident: Incident, settings: Settings, all: Words): readonly Button[] {
  const { server } = incident.subject;
  const ensemble = settings.ensembles.find((each) => each.id === incident.ensemble);
  const underWay =
    incident.recovery?.state === 'running' || incident.recovery?.state === 'verifying';
  if (server === undefined || !restartable.includes(incident.detector)) return [];
  if (ensemble?.restart === undefined || underWay) return [];
  return [
    {
      id: 'restart',
      label: all.card.buttons.restart(server),
      style: 'danger',
      invocation: {
        command: 'recover',
        args: ['restart-server', incident.ensemble, server],
        options: { incident: String(incident.id) },
      },
      form: 'restart',
    },
  ];
}

function more(incident: Incident, all: Words): readonly Button[] {
  if (!isOpen(incident)) return [];
  const id = String(incident.id);
  const unacknowledge: Button = {
    id: 'unack',
    label: all.card.buttons.unacknowledge,
    style: 'plain',
    invocation: { command: 'unack', args: [id], options: {} },
  };
  const timeline: Button = {
    id: 'show',
    label: all.card.buttons.timeline,
    style: 'plain',
    invocation: { command: 'show', args: [id], options: {} },
  };
  const resolve: Button = {
    id: 'resolve',
    label: all.card.buttons.resolve,
    style: 'plain',
    invocation: { command: 'resolve', args: [id], options: { ask: 'yes' } },
    form: 'reason',
  };
  return [
    ...(incident.state === 'acknowledged' || incident.joined !== undefined ? [unacknowledge] : []),
    // The bot ends what it sees: only of what it does not see may a person know more.
    ...(incident.unseen === undefined ? [] : [resolve]),
    timeline,
  ];
}
