import type { Incident } from '../model/incident.ts';
import { nextReminder } from '../rules/incident/reminder.ts';
import { lifeFor } from '../rules/routing/routes.ts';
import type { House } from './house.ts';

/** Sets the clock of the next question to whoever acknowledged, or of the end of their time to answer. */
export async function armReminder(
  house: Pick<House, 'settings' | 'schedule' | 'clock'>,
  incident: Incident,
): Promise<void> {
  const next = nextReminder(incident, lifeFor(house.settings(), incident));
  if (next === undefined) return;
  await house.schedule.at(
    Math.max(next.atMs, house.clock.now()),
    { kind: 'remind', ensemble: incident.ensemble, incident: incident.id },
    `remind-${incident.id}-${next.kind}-${next.atMs}`,
  );
}
