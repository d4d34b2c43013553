import type { Incident } from '../../model/incident.ts';
import type { DeliveryRecord, Notification, Reason } from '../../model/notification.ts';

/**
 * What a destination must still see or hear of an incident, in order: the card first, then each signal it has not heard. Level
 * triggered: it compares the incident as it is now with what was told, so that whatever happened in between is told once.
 * Where the channel cannot edit (`edits` is false), a card that was sent is not drawn again: the signals carry the news.
 */
export function due(
  incident: Incident,
  record: DeliveryRecord | undefined,
  cardHash: string,
  edits = true,
): readonly Notification[] {
  if (record?.broken !== undefined) return [];
  const shown = record?.shownVersion !== undefined;
  // Nobody saw it before it became a line on the card of its cause: there is nothing to take back.
  if (incident.foldedInto !== undefined && !shown) return [];
  const about = { incident: incident.id, version: incident.version };
  const shows: Notification[] =
    shown && (!edits || record?.shownHash === cardHash)
      ? []
      : [{ kind: 'show', ...about, reason: showReason(incident, shown) }];
  const speaks = signalsOf(incident, edits)
    .filter(({ signal }) => record?.spoken.includes(signal) !== true)
    .map(({ signal, reason }): Notification => ({ kind: 'speak', ...about, reason, signal }));
  return [...shows, ...speaks];
}

/** The signals that a card drawn of this incident tells by itself: all but those that call somebody. */
export function toldByCard(incident: Incident): readonly string[] {
  return signalsOf(incident, false)
    .filter(({ reason }) => reason === 'recovery' || reason === 'resolved')
    .map(({ signal }) => signal);
}

function showReason(incident: Incident, shown: boolean): Reason {
  if (!shown) return 'first';
  return incident.state === 'resolved' ? 'resolved' : 'redraw';
}

/** What this incident has to say by now, oldest first. What was overtaken is not said any more. */
function signalsOf(
  incident: Incident,
  edits: boolean,
): readonly { readonly signal: string; readonly reason: Reason }[] {
  if (incident.foldedInto !== undefined)
    return edits ? [] : [{ signal: 'resolved', reason: 'resolved' }];
  const { state, pagedMs, escalationStep, recovery } = incident;
  const signals: { readonly signal: string; readonly reason: Reason }[] = [];
  if (state === 'triggered' && pagedMs !== undefined)
    signals.push({ signal: 'paged', reason: 'paged' });
  if (state !== 'resolved' && escalationStep > 0)
    signals.push({ signal: `escalated:${escalationStep}`, reason: 'escalated' });
  if (recovery !== undefined && recovery.state !== 'verifying')
    signals.push({ signal: `recovery:${recovery.id}:${recovery.state}`, reason: 'recovery' });
  // A redrawn card says so by itself; where there is none, the end is said even of what called nobody.
  if (state === 'resolved' && (pagedMs !== undefined || !edits))
    signals.push({ signal: 'resolved', reason: 'resolved' });
  return signals;
}
