import type { Incident } from '../../model/incident.ts';
import type { Destination } from '../../model/notification.ts';
import type { EscalationStep, RouteSettings, Settings } from '../../model/settings.ts';

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

function routesFor(settings: Settings, incident: Incident): readonly RouteSettings[] {
  return settings.routes.filter(
    (route) =>
      (route.ensembles.length === 0 || route.ensembles.includes(incident.ensemble)) &&
      (route.severities.length === 0 || route.severities.includes(incident.severity)),
  );
}
