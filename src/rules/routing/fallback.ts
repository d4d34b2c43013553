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

/** Why other destinations are asked than those of the route, and which. */
export interface Fallback {
  readonly to: readonly string[];
  readonly instead: readonly string[];
  readonly forMs: number;
  /** Nothing more goes there this month: that is known at once, and nobody waits a minute for it. */
  readonly usedUp: boolean;
}

/**
 * The destinations that are asked because no destination of a route has called anybody for a minute, or can call anybody this month,
 * with those that have not. Judged afresh each time from what every destination was told.
 */
export function fallbackFor(
  settings: Settings,
  incident: Incident,
  records: readonly DeliveryRecord[],
  nowMs: number,
  usedUp: ReadonlySet<string> = new Set(),
): Fallback | undefined {
  const call = callOf(incident);
  if (call === undefined) return undefined;
  // The console calls nobody: it waits for somebody to look.
  const silent = new Set(
    settings.destinations.filter(({ channel }) => channel === 'console').map(({ id }) => id),
  );
  const heard = new Set(
    records
      .filter(({ destination, spoken }) => spoken.includes(call.signal) && !silent.has(destination))
      .map(({ destination }) => destination),
  );
  const forMs = nowMs - call.atMs;
  const isHopeless = (ids: readonly string[]): boolean =>
    ids.some((id) => usedUp.has(id)) && ids.every((id) => usedUp.has(id) || silent.has(id));
  const unheard = callingRoutes(settings, incident, nowMs).filter(
    ({ fallback = [], destinations }) =>
      fallback.length > 0 &&
      !destinations.some((id) => heard.has(id)) &&
      (forMs >= fallbackAfterMs || isHopeless(destinations)),
  );
  if (unheard.length === 0) return undefined;
  const instead = [...new Set(unheard.flatMap(({ destinations }) => destinations))];
  return {
    to: [...new Set(unheard.flatMap(({ fallback }) => fallback ?? []))],
    instead,
    forMs,
    usedUp: isHopeless(instead),
  };
}

/** The destinations of the incident's routes that a fallback could stand in for. */
export function replaceable(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): readonly string[] {
  if (callOf(incident) === undefined) return [];
  return [
    ...new Set(
      callingRoutes(settings, incident, nowMs).flatMap(({ fallback = [], destinations }) =>
        fallback.length === 0 ? [] : destinations,
      ),
    ),
  ];
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
