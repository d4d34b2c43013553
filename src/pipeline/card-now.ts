import type { Card } from '../model/card.ts';
import type { Incident, IncidentId } from '../model/incident.ts';
import { duePage } from './due-page.ts';
import type { House } from './house.ts';

/**
 * The card a destination should show of an incident as it is now, drawn as delivery draws it, for a chat that shows it by itself: what
 * hangs there is not what was delivered any more. Undefined for what is gone.
 */
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
  const [records] = await Promise.all([
    house.deliveries.records(incident.ensemble, id),
    forgetLooks(house, incident, destination),
  ]);
  const record = records.find((each) => each.destination === destination);
  return duePage(settings, incident, to, record, channel).card;
}

/**
 * Without the looks that were delivered last the card is looked at again with the next change, though it be back to them. Whoever holds
 * the place is drawing it this moment, and writes down what it looks like.
 */
async function forgetLooks(
  { deliveries }: Pick<House, 'deliveries'>,
  { ensemble, id }: Incident,
  destination: string,
): Promise<void> {
  const claim = await deliveries.claim(ensemble, id, destination, forgetMs);
  if ('heldForMs' in claim) return;
  const { shownHash, ...record } = claim.record;
  if (shownHash === undefined) await deliveries.release(claim);
  else await deliveries.write(claim, record, 0);
}

/** How long that may take. */
const forgetMs = 1_000;
