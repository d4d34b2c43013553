import type { Card } from '../model/card.ts';
import type { IncidentId } from '../model/incident.ts';
import { duePage } from './due-page.ts';
import type { House } from './house.ts';

/** The card a destination should show of an incident as it is now, drawn as delivery draws it; undefined for what is gone. */
export async function cardNow(
  house: Pick<House, 'settings' | 'incidents' | 'deliveries' | 'channel'>,
  id: IncidentId,
  destination: string,
): Promise<Card | undefined> {
  const settings = house.settings();
  const to = settings.destinations.find((each) => each.id === destination);
  const channel = to === undefined ? undefined : house.channel(to.channel);
  if (to === undefined || channel === undefined) return undefined;
  const incident = await house.incidents.get(id);
  if (incident === undefined) return undefined;
  const records = await house.deliveries.records(incident.ensemble, id);
  const record = records.find((each) => each.destination === destination);
  return duePage(settings, incident, to, record, channel).card;
}
