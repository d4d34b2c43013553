import type { Incident } from '../../model/incident.ts';
import type { DeliveryRecord, Reason } from '../../model/notification.ts';
import type { Settings } from '../../model/settings.ts';
import { signalsOf } from './due.ts';
import { callingRoutes } from './routes.ts';

/** How long the destinations of a route may fail to call anybody before the fallback ones are asked. */
export const fallbackAfterMs = 60_000;

const calling: readonly Reason[] = ['paged', 'escalated', 'repeat'];

/** The newest call for people that an incident makes, and since when; none once somebody has it or it is over. */
export function callOf(
  incident: Incident,
): { readonly signal: string; readonly atMs: number } | undefined {
  if (incident.state !== 'triggered' || incident.pagedMs === undefined) return undefined;
  const newest = signalsOf(incident, true)
    .filter(({ reason }) => calling.includes(reason))
    .at(-1);
  if (newest === undefined) return undefined;
  const calledMs = newest.reason === 'paged' ? undefined : incident.escalated?.atMs;
  return { signal: newest.signal, atMs: calledMs ?? incident.pagedMs };
}

/**
 * The destinations that are asked because no destination of a route has called anybody for a minute, with those that have not.
 * Judged afresh each time from what every destination was told.
 */
export function fallbackFor(
  settings: Settings,
  incident: Incident,
  records: readonly DeliveryRecord[],
  nowMs: number,
):
  | {
      readonly to: readonly string[];
      readonly instead: readonly string[];
      readonly forMs: number;
    }
  | undefined {
  const call = callOf(incident);
  if (call === undefined || nowMs - call.atMs < fallbackAfterMs) return undefined;
  // The console calls nobody: it waits for somebody to look.
  const silent = new Set(
    settings.destinations.filter(({ channel }) => channel === 'console').map(({ id }) => id),
  );
  const heard = new Set(
    records
      .filter(({ destination, spoken }) => spoken.includes(call.signal) && !silent.has(destination))
      .map(({ destination }) => destination),
  );
  const unheard = callingRoutes(settings, incident, nowMs).filter(
    (route) => (route.fallback?.length ?? 0) > 0 && !route.destinations.some((id) => heard.has(id)),
  );
  if (unheard.length === 0) return undefined;
  return {
    to: [...new Set(unheard.flatMap(({ fallback }) => fallback ?? []))],
    instead: [...new Set(unheard.flatMap(({ destinations }) => destinations))],
    forMs: nowMs - call.atMs,
  };
}

/** When that is to be looked at; undefined where no route has a fallback or nobody is called. */
export function fallbackAtMs(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): number | undefined {
  const call = callOf(incident);
  const has = callingRoutes(settings, incident, nowMs).some(
    ({ fallback }) => (fallback?.length ?? 0) > 0,
  );
  return call === undefined || !has ? undefined : call.atMs + fallbackAfterMs;
}
