import { ownEnsemble } from '../../model/ensemble.ts';
import type { Incident } from '../../model/incident.ts';
import type { Destination } from '../../model/notification.ts';
import type { Callee } from '../../model/on-call.ts';
import { recoveryCard } from '../../model/recovery-card.ts';
import {
  defaultIncidentSettings,
  type EscalationStep,
  type IncidentSettings,
  type RepeatSettings,
  type RouteSettings,
  type Settings,
} from '../../model/settings.ts';
import { silenceCard } from '../../model/silence.ts';
import { isWithin, nextEdge } from '../../model/week-window.ts';
import { fits } from './silences.ts';

/**
 * Where an incident is shown: the destinations of every route that matches it, each once, in the order of the configuration.
 * Without any route everything is shown everywhere. A route with hours matches when they cover the moment it opened, the page, or
 * now: what was meant for a place is shown there even when its hours have ended before it could be.
 */
export function destinationsFor(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): readonly Destination[] {
  if (incident.detector === brokenChannel) return elsewhere(settings, incident);
  if (settings.routes.length === 0) return settings.destinations;
  const { openedMs, pagedMs, resolvedMs } = incident;
  // What is over does not come to a place whose hours begin later.
  const moments = [openedMs, pagedMs ?? openedMs, resolvedMs ?? nowMs];
  const named = new Set(
    routesFor(settings, incident)
      .filter(({ when }) => moments.some((atMs) => isWithin(when, atMs)))
      .flatMap((route) => route.destinations),
  );
  return settings.destinations.filter((destination) => named.has(destination.id));
}

/** The fault of a destination that cannot be reached; its subject names the destination. */
const brokenChannel = 'channel-broken';

/**
 * Where it is told that a destination cannot be reached: where its routes lead otherwise, their fallbacks included, and where the
 * bot's own troubles go; if that is nowhere but the console, everywhere. Never at the broken destination itself, nor at others of the same
 * chat where it is away and did not refuse, as long as there is another way.
 */
function elsewhere(settings: Settings, incident: Incident): readonly Destination[] {
  const broken = incident.subject.server;
  const others = settings.destinations.filter(({ id }) => id !== broken);
  const concerned = settings.routes.filter(
    ({ destinations, fallback }) =>
      broken !== undefined &&
      (destinations.includes(broken) || fallback?.includes(broken) === true),
  );
  const named = new Set(
    [...routesFor(settings, incident), ...concerned].flatMap((route) => [
      ...route.destinations,
      ...(concerned.includes(route) ? (route.fallback ?? []) : []),
    ]),
  );
  const told = others.filter(({ id }) => named.has(id));
  if (!told.some(({ channel }) => channel !== 'console')) return others;
  // A chat that is away as a whole has many destinations, and telling each of them of each other one helps nobody.
  const own = settings.destinations.find(({ id }) => id === broken)?.channel;
  const isAway = incident.facts['refused'] !== true;
  const far = told.filter(({ channel }) => channel !== own);
  return isAway && far.some(({ channel }) => channel !== 'console') ? far : told;
}

/** When the hours of a route begin or end for which the incident has to be looked at again; undefined when time changes nothing. */
export function nextRouting(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): number | undefined {
  const edges = routesFor(settings, incident)
    .filter(({ when }) => !isWithin(when, nowMs))
    .flatMap(({ when }) => nextEdge(when, nowMs) ?? []);
  return edges.length === 0 ? undefined : Math.min(...edges);
}

/**
 * Who is called when nobody acknowledges: the steps of every route that matches, soonest first. Steps due together are one. The
 * hours of routes are those of the page, so that the steps stay the same while they are taken.
 */
export function escalationFor(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): readonly EscalationStep[] {
  const byTime = new Map<number, Map<string, Callee>>();
  for (const step of callingRoutes(settings, incident, nowMs).flatMap((each) => each.escalation)) {
    const called = byTime.get(step.afterMs) ?? new Map<string, Callee>();
    for (const callee of step.to) called.set(`${callee.kind} ${callee.id}`, callee);
    byTime.set(step.afterMs, called);
  }
  return [...byTime]
    .sort(([earlier], [later]) => earlier - later)
    .map(([afterMs, called]) => ({ afterMs, to: [...called.values()] }));
}

/** How many people must have an incident before the others are left in peace. */
export function acknowledgersFor(settings: Settings, incident: Incident): number {
  return Math.max(
    1,
    ...routesFor(settings, incident).map(({ acknowledgers = 1 }) => acknowledgers),
  );
}

/** The settings of an incident's life; of the reminders that its routes ask for, the soonest. */
export function lifeFor(settings: Settings, incident: Incident): IncidentSettings {
  const life = settings.incidents ?? defaultIncidentSettings;
  const own = routesFor(settings, incident).flatMap(({ ackReminderMs }) => ackReminderMs ?? []);
  const soonest = own.filter((ms) => ms > 0).sort((a, b) => a - b)[0];
  return own.length === 0 ? life : { ...life, ackReminderMs: soonest ?? 0 };
}

/** How the last step is repeated: the most insistent of the routes that match. Undefined where none wants it. */
export function repeatFor(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): RepeatSettings | undefined {
  const wanted = callingRoutes(settings, incident, nowMs).flatMap(({ repeat }) => repeat ?? []);
  if (wanted.length === 0) return undefined;
  return {
    everyMs: Math.min(...wanted.map(({ everyMs }) => everyMs)),
    times: Math.max(...wanted.map(({ times }) => times)),
  };
}

/** Those whose hours cover the page. */
export function callingRoutes(
  settings: Settings,
  incident: Incident,
  nowMs: number,
): readonly RouteSettings[] {
  const atMs = incident.pagedMs ?? nowMs;
  return routesFor(settings, incident).filter(({ when }) => isWithin(when, atMs));
}

/** The routes for an incident, whatever the time. */
export function routesFor(settings: Settings, incident: Incident): readonly RouteSettings[] {
  const { detector, subject } = incident;
  // A silence is told wherever the faults it covers would be, and a recovery wherever its ensemble's are.
  if (detector === silenceCard || detector === recoveryCard)
    return settings.routes.filter(
      ({ ensembles }) =>
        ensembles.length === 0 || ensembles.some((each) => fits(subject.ensemble, each)),
    );
  return settings.routes.filter(
    (route) =>
      isForEnsemble(route, incident) &&
      (route.severities.length === 0 || route.severities.includes(incident.severity)) &&
      (route.detectors === undefined ||
        route.detectors.names.includes(incident.detector) === (route.detectors.kind === 'only')),
  );
}

/** A trouble of the bot itself concerns everybody who relies on it, whichever ensembles they care for. */
function isForEnsemble({ ensembles }: RouteSettings, { ensemble }: Incident): boolean {
  return ensembles.length === 0 || ensemble === ownEnsemble || ensembles.includes(ensemble);
}
