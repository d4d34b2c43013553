import type { EnsembleId } from '../model/ensemble.ts';
import type { Incident } from '../model/incident.ts';
import type { DeliveryRecord, Destination } from '../model/notification.ts';
import type { Settings } from '../model/settings.ts';
import { nextEscalation } from '../rules/incident/escalation.ts';
import { destinationsFor, escalationFor } from '../rules/routing/routes.ts';
import { armReminder } from './arm-reminder.ts';
import { duePage } from './due-page.ts';
import type { House } from './house.ts';

type Needs = Pick<
  House,
  'settings' | 'incidents' | 'deliveries' | 'schedule' | 'clock' | 'bulletins' | 'channel'
>;

/** After incidents changed: a delivery job for each destination, and the clock of the next escalation step. */
export async function notify(house: Needs, incidents: readonly Incident[]): Promise<void> {
  for (const incident of incidents) {
    house.bulletins.publish({ kind: 'card', incident: incident.id });
    const records = await house.deliveries.records(incident.ensemble, incident.id);
    await Promise.all(
      audience(house.settings(), incident, records).map((destination) =>
        house.schedule.now(
          {
            kind: 'deliver',
            ensemble: incident.ensemble,
            incident: incident.id,
            destination: destination.id,
          },
          `deliver-${incident.id}-${incident.version}-${destination.id}`,
        ),
      ),
    );
    await armEscalation(house, incident);
    await armReminder(house, incident);
  }
}

/**
 * Finds incidents that some destination does not show as they are, whatever the reason (a crash between the change and the job,
 * a lost job, a destination that was down), and asks for their delivery again.
 */
export async function sweep(house: Needs, ensemble: EnsembleId): Promise<void> {
  for (const entry of await house.incidents.restless(ensemble)) {
    const incident = await house.incidents.get(entry.id);
    const calm = incident === undefined || (await sweepOne(house, incident));
    if (calm) await house.incidents.settle(ensemble, entry.id, entry.version);
  }
}

/** Where an incident belongs, and where it hangs already: a card that was shown is kept true even when its route has changed. */
function audience(
  settings: Settings,
  incident: Incident,
  records: readonly DeliveryRecord[],
): readonly Destination[] {
  const routed = new Set(destinationsFor(settings, incident).map(({ id }) => id));
  const shown = new Set(
    records.filter(({ receipt }) => receipt !== undefined).map(({ destination }) => destination),
  );
  return settings.destinations.filter(({ id }) => routed.has(id) || shown.has(id));
}

/** Asks for what is missing; true when nothing is. */
async function sweepOne(house: Needs, incident: Incident): Promise<boolean> {
  const records = await house.deliveries.records(incident.ensemble, incident.id);
  const nowMs = house.clock.now();
  let calm = true;
  for (const destination of audience(house.settings(), incident, records)) {
    const channel = house.channel(destination.channel);
    if (channel === undefined) continue;
    const record = records.find((each) => each.destination === destination.id);
    const { due } = duePage(house.settings(), incident, destination, record, channel);
    if (due.length === 0 && record?.attempt === undefined) continue;
    calm = false;
    if ((record?.notBeforeMs ?? 0) > nowMs) continue;
    await house.schedule.now(
      {
        kind: 'deliver',
        ensemble: incident.ensemble,
        incident: incident.id,
        destination: destination.id,
      },
      `sweep-${incident.id}-${incident.version}-${destination.id}`,
    );
  }
  await armEscalation(house, incident);
  await armReminder(house, incident);
  return calm;
}

/** Sets the clock of the next escalation step of a fault that people were called for and nobody has taken. */
async function armEscalation(house: Needs, incident: Incident): Promise<void> {
  if (incident.state !== 'triggered' || incident.pagedMs === undefined) return;
  const next = nextEscalation(escalationFor(house.settings(), incident), incident);
  if (next === undefined) return;
  await house.schedule.at(
    Math.max((incident.clockMs ?? incident.pagedMs) + next.afterMs, house.clock.now()),
    {
      kind: 'escalate',
      ensemble: incident.ensemble,
      incident: incident.id,
      step: next.step,
    },
    `escalate-${incident.id}-${next.step}-${incident.clockMs ?? incident.pagedMs}`,
  );
}
