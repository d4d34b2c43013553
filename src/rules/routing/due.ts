import type { Incident, RecoveryMark } from '../../model/incident.ts';
import type { DeliveryRecord, Notification, Reason } from '../../model/notification.ts';

/** What a way to people can do, and wants to hear. */
export interface Hearing {
  /** False: a card that was sent is not drawn again. */
  readonly edits?: boolean | undefined;
  readonly isConsole?: boolean | undefined;
  /** Wants what servers said before a recovery. */
  readonly evidence?: boolean | undefined;
  /** Its people work there, and no card says who has an incident: they are told. */
  readonly owners?: boolean | undefined;
  /** Every message wakes somebody: no card hangs there, and only calls are said, and their end. */
  readonly calls?: boolean | undefined;
}

/**
 * What a destination must still see or hear of an incident, in order: the card first, then each signal it has not heard. Level
 * triggered: it compares the incident as it is now with what was told, so that whatever happened in between is told once.
 * Where the channel cannot edit (`edits` is false), a card that was sent is not drawn again: the signals carry the news.
 * The console shows what is silenced; nobody is told of it anywhere. What servers said before a recovery is for chats that want it.
 */
export function due(
  incident: Incident,
  record: DeliveryRecord | undefined,
  cardHash: string,
  {
    edits = true,
    isConsole = false,
    evidence = false,
    owners = false,
    calls = false,
  }: Hearing = {},
): readonly Notification[] {
  const shown = wasTold(record);
  // Nobody saw it before it became a line on the card of its cause: there is nothing to take back.
  if (incident.foldedInto !== undefined && !shown) return [];
  // A silence takes the word, not the truth: a card that hangs says so, and no new one is posted into a chat.
  const isHushed = incident.silenced !== undefined;
  if (isHushed && !shown && !isConsole) return [];
  const about = { incident: incident.id, version: incident.version };
  const isCardless = calls && record?.digest === undefined;
  const shows: Notification[] =
    isCardless || (shown && (!edits || record?.shownHash === cardHash))
      ? []
      : [{ kind: 'show', ...about, reason: showReason(incident, shown) }];
  const speaks = (isHushed ? [] : signalsOf(incident, edits))
    .filter(({ signal }) => record?.spoken.includes(signal) !== true)
    .filter(({ reason }) => reason !== 'evidence' || evidence)
    .filter(({ reason }) => reason !== 'taken' || owners)
    .filter((each) => !calls || wakes(each, incident, record))
    // A digest shows by itself what is over, and has no thread of one fault.
    .filter(({ reason }) => record?.digest === undefined || !aloneOnly.includes(reason))
    .map(({ signal, reason }): Notification => ({ kind: 'speak', ...about, reason, signal }));
  return [...shows, ...speaks];
}

/** Whether a destination has been told anything of an incident: shown its card, or called to it. */
export function wasTold(record: DeliveryRecord | undefined): boolean {
  return record !== undefined && (record.shownVersion !== undefined || record.spoken.length > 0);
}

const called: readonly Reason[] = ['paged', 'escalated', 'repeat', 'worse'];

/** Whether somebody is woken for it: a page, that nobody has it any more, a recovery that failed by itself; and the end of such. */
function wakes(
  { signal, reason }: Signal,
  { severity, recovery }: Incident,
  record: DeliveryRecord | undefined,
): boolean {
  const [said = '', round] = signal.split('~');
  if (reason === 'resolved')
    return record?.spoken.some((one) => one.split('~')[1] === round) === true;
  if (severity !== 'page') return false;
  return (
    called.includes(reason) ||
    said.startsWith('lapsed:') ||
    (recovery?.automatic !== undefined && said.endsWith(':failed'))
  );
}

/** What is said under a card of its own only. */
const aloneOnly: readonly Reason[] = ['resolved', 'evidence', 'taken'];

/** The signals that a card drawn of this incident tells by itself: all but those that call somebody. */
export function toldByCard(incident: Incident): readonly string[] {
  return signalsOf(incident, false)
    .filter(({ reason }) => ['recovery', 'resolved', 'taken'].includes(reason))
    .map(({ signal }) => signal);
}

function showReason(incident: Incident, shown: boolean): Reason {
  if (!shown) return 'first';
  return incident.state === 'resolved' ? 'resolved' : 'redraw';
}

interface Signal {
  readonly signal: string;
  readonly reason: Reason;
}

/**
 * What this incident has to say by now, oldest first. What was overtaken is not said any more. An incident that was opened again says
 * everything anew: its signals end in `~` and how often it came back.
 */
export function signalsOf(incident: Incident, edits: boolean): readonly Signal[] {
  if (incident.foldedInto !== undefined)
    return edits ? [] : [{ signal: 'resolved', reason: 'resolved' }];
  const { recovery, notes = [], reopened = 0 } = incident;
  const signals = [...callsOf(incident)];
  if (recovery !== undefined && recovery.state !== 'verifying')
    signals.push({ signal: `recovery:${recovery.id}:${recovery.state}`, reason: 'recovery' });
  if (recovery !== undefined && hasAllEvidence(recovery))
    signals.push({ signal: `evidence:${recovery.id}`, reason: 'evidence' });
  if (recovery?.stopping !== undefined && isRunning(recovery))
    signals.push({ signal: `recovery:${recovery.id}:stopping`, reason: 'recovery' });
  // A redrawn card says so by itself; where there is none, it is said who has it, and the end even of what called nobody.
  if (!edits) signals.push(...handsOf(incident));
  if (incident.state === 'resolved' && (incident.pagedMs !== undefined || !edits))
    signals.push({ signal: 'resolved', reason: 'resolved' });
  const round = reopened === 0 ? '' : `~${reopened}`;
  return [
    ...signals.map(({ signal, reason }) => ({ signal: `${signal}${round}`, reason })),
    ...notes.map(({ number }): Signal => ({ signal: `note:${number}`, reason: 'note' })),
  ];
}

/** Who has taken it, or given it back. */
function handsOf({ state, acknowledged, hadBy }: Incident): readonly Signal[] {
  if (state === 'acknowledged' && acknowledged !== undefined)
    return [{ signal: `has:${acknowledged.atMs}`, reason: 'taken' }];
  if (state === 'triggered' && hadBy?.lapsed === false)
    return [{ signal: `back:${hadBy.untilMs}`, reason: 'taken' }];
  return [];
}

/** What one server said is there right after the command; what several said, when all of them were taken. */
function hasAllEvidence({ evidence, progress, state }: RecoveryMark): boolean {
  const isOver = ['succeeded', 'failed', 'aborted'].includes(state);
  return evidence === true && (progress === undefined || isOver);
}

function isRunning({ state }: RecoveryMark): boolean {
  return state === 'running' || state === 'verifying';
}

/** What calls people: while the fault may be there. */
function callsOf(incident: Incident): readonly Signal[] {
  const { state, severity, pagedMs, escalationStep, repeats, worseMs, namedMs, reminded, hadBy } =
    incident;
  if (state === 'resolved') return [];
  const signals: Signal[] = [];
  const isPaged = state === 'triggered' && pagedMs !== undefined;
  // Where the first step is called with the page, its line says both.
  if (isPaged && incident.calledWithPage !== true)
    signals.push({ signal: 'paged', reason: 'paged' });
  else if (
    state === 'triggered' &&
    !isPaged &&
    incident.reopened !== undefined &&
    severity !== 'page'
  )
    signals.push({ signal: 'reopened', reason: 'first' });
  // What was never paged is paged by the next look.
  if (
    state === 'triggered' &&
    incident.unsilencedMs !== undefined &&
    (severity !== 'page' || (pagedMs ?? Number.POSITIVE_INFINITY) < incident.unsilencedMs)
  )
    signals.push({ signal: `unsilenced:${incident.unsilencedMs}`, reason: 'paged' });
  if (isPaged && namedMs !== undefined)
    signals.push({ signal: `named:${namedMs}`, reason: 'note' });
  if (escalationStep > 0 && repeats === undefined)
    signals.push({ signal: `escalated:${escalationStep}`, reason: 'escalated' });
  if (state === 'triggered' && repeats !== undefined)
    signals.push({ signal: `repeat:${escalationStep}:${repeats}`, reason: 'repeat' });
  // Where nobody was called yet, the page says it.
  const isTold = state === 'acknowledged' || (pagedMs ?? Number.POSITIVE_INFINITY) < (worseMs ?? 0);
  if (severity === 'page' && worseMs !== undefined && isTold)
    signals.push({ signal: `worse:${worseMs}`, reason: 'worse' });
  if (state === 'acknowledged' && reminded !== undefined)
    signals.push({ signal: `reminder:${reminded.atMs}`, reason: 'reminder' });
  if (state === 'triggered' && hadBy?.lapsed === true)
    signals.push({ signal: `lapsed:${hadBy.untilMs}`, reason: 'reminder' });
  return signals;
}
