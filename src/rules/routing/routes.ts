import { ownEnsemble } from '../../model/ensemble.ts';
import type { Incident } from '../../model/incident.ts';
import type { Destination } from '../../model/notification.ts';
import {
  defaultIncidentSettings,
  type EscalationStep,
  type IncidentSettings,
  type RouteSettings,
  type Settings,
} from '../../model/settings.ts';

/**
 * Where an incident is shown: the destinations of every route that matches it, each once, in the order of the configuration.
 * Without any route everything is shown everywhere.
 */
export function destinationsFor(settings: Settings, incident: Incident): readonly Destination[] {
  if (settings.routes.length === 0) return settings.destinations;
  const named = new Set(routesFor(settings, incident).flatMap((route) => route.destinations));
  return settings.destinations.filter((destination) => named.has(destination.id));
}

/** Who is called when nobody acknowledges: the steps of every route that matches, soonest first. Steps due together are one. */
export function escalationFor(settings: Settings, incident: Incident): readonly EscalationStep[] {
  const byTime = new Map<number, Set<string>>();
  for (const step of routesFor(settings, incident).flatMap((route) => route.escalation)) {
    const people = byTime.get(step.afterMs) ?? new Set<string>();
    for (const person of step.people) people.add(person);
    byTime.set(step.afterMs, people);
  }
  return [...byTime]
    .sort(([earlier], [later]) => earlier - later)
    .map(([afterMs, people]) => ({ afterMs, people: [...people] }));
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

function routesFor(settings: Settings, incident: Incident): readonly RouteSettings[] {
  return settings.routes.filter(
    (route) =>
      isForEnsemble(route, incident) &&
      (route.severities.length === 0 || route.severities.includes(incident.severity)),
  );
}

/** A trouble of the bot itself concerns everybody who relies on it, whichever ensembles they care for. */
function isForEnsemble({ ensembles }: RouteSettings, { ensemble }: Incident): boolean {
  return ensembles.length === 0 || ensemble === ownEnsemble || ensembles.includes(ensemble);
}
