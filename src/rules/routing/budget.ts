import type { Lane } from '../../model/destination.ts';
import type { Incident } from '../../model/incident.ts';
import type { DeliveryRecord, Reason } from '../../model/notification.ts';
import { signalsOf } from './due.ts';

/**
 * Which lane an incident waits in at a destination. What a person did (acknowledged, took back, escalated, restarted, closed) is
 * drawn before new cards and calls, and those before what only looks different.
 */
export function laneOf(incident: Incident, record: DeliveryRecord | undefined): Lane {
  if (record?.shownVersion === undefined) return 'call';
  const { state, resolvedBy } = incident;
  const changed = record.shownState !== undefined && record.shownState !== state;
  const unsaid = signalsOf(incident, true).filter(
    // Not every chat hears of evidence, and it is in no hurry.
    ({ signal, reason }) => reason !== 'evidence' && !record.spoken.includes(signal),
  );
  // The machine opens and resolves; everything else that changes a state was asked for by somebody.
  if (changed && (state === 'acknowledged' || resolvedBy !== undefined)) return 'person';
  if (changed && record.shownState === 'acknowledged' && state === 'triggered') return 'person';
  if (unsaid.some(({ reason }) => byPerson.includes(reason))) return 'person';
  return changed || unsaid.length > 0 ? 'call' : 'redraw';
}

/** Why something is said that a person asked for, or is called by. */
const byPerson: readonly Reason[] = ['escalated', 'recovery', 'note'];

/** Of a burst, what a lane leaves to those before it: with a burst of one nobody leaves anything. */
export function spareOf(lane: Lane, burst: number): number {
  const most = Math.max(0, burst - 1);
  switch (lane) {
    case 'person':
      return 0;
    case 'call':
      return Math.min(1, most);
    case 'redraw':
      return Math.min(3, most);
  }
}

/** The share of a monthly quota that a lane may use: when it runs short, redraws stop first and people are heard to the end. */
export function quotaOf(lane: Lane, max: number): number {
  switch (lane) {
    case 'person':
      return max;
    case 'call':
      return Math.floor(max * 0.98);
    case 'redraw':
      return Math.floor(max * 0.9);
  }
}

/** How long a card that was just drawn is left alone while the budget is short. */
export const redrawPauseMs = 10_000;

/** How long to wait when the quota of the month is used up: somebody may have raised it. */
export const quotaPauseMs = 5 * 60_000;
