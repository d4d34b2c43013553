import type { Card } from '../model/card.ts';
import type { Incident, IncidentId } from '../model/incident.ts';
import type { Destination } from '../model/notification.ts';
import type { Channel } from '../ports/channel.ts';
import type { DeliveryClaim } from '../ports/delivery-log.ts';
import { cardHash, duePage } from './due-page.ts';
import type { House } from './house.ts';
import { ask } from './notify.ts';
import { deliveryLeaseMs, sendTimeoutMs } from './place.ts';

/** The card a destination should show of an incident as it is now, drawn as delivery draws it. Undefined for what is gone. */
export async function cardNow(
  house: Pick<House, 'settings' | 'incidents' | 'deliveries' | 'channel'>,
  id: IncidentId,
  destination: string,
): Promise<Card | undefined> {
  const found = await find(house, id, destination);
  if (found === undefined) return undefined;
  const { incident, to, channel } = found;
  const records = await house.deliveries.records(incident.ensemble, id);
  const record = records.find((each) => each.destination === destination);
  return duePage(house.settings(), incident, to, record, channel).card;
}

/** Whoever draws a card this moment is waited for: one message, and the lease of somebody who died over it. */
const waitMsMax = sendTimeoutMs + deliveryLeaseMs;

/** How long until it is tried again meanwhile. */
const waitMs = 250;

/** How long the look itself may take. */
const lookMs = 1_000;

/**
 * After a chat has changed a card by itself: what was delivered last does not count any more, and delivery looks at it again, though it
 * be back to those looks. Where `shown` is what hangs there now and delivery knows it already, there is nothing to do.
 */
export async function lookAgain(
  house: Needs,
  id: IncidentId,
  destination: string,
  shown: Card | undefined,
): Promise<void> {
  const found = await find(house, id, destination);
  if (found === undefined) return;
  const { incident, to } = found;
  const claim = await claimIn(house, incident, to);
  const hash = claim?.record.shownHash;
  if (claim !== undefined && hash !== undefined) {
    if (shown !== undefined && cardHash(shown) === hash)
      return await house.deliveries.release(claim);
    const { shownHash: _shownHash, ...record } = claim.record;
    await house.deliveries.write(claim, record, 0);
  } else if (claim !== undefined) await house.deliveries.release(claim);
  await ask(house, incident, to, { lane: 'person', patient: false });
}

type Needs = Pick<
  House,
  'settings' | 'incidents' | 'deliveries' | 'channel' | 'outbox' | 'schedule' | 'clock'
>;

/** Undefined when somebody holds it for longer than anybody should: their message is the last word then. */
async function claimIn(
  { deliveries, clock }: Needs,
  { ensemble, id }: Incident,
  to: Destination,
): Promise<DeliveryClaim | undefined> {
  const endMs = clock.now() + waitMsMax;
  for (;;) {
    const claim = await deliveries.claim(ensemble, id, to.id, lookMs);
    if (!('heldForMs' in claim)) return claim;
    if (clock.now() >= endMs) return undefined;
    await clock.sleep(waitMs);
  }
}

async function find(
  house: Pick<House, 'settings' | 'incidents' | 'channel'>,
  id: IncidentId,
  destination: string,
): Promise<
  { readonly incident: Incident; readonly to: Destination; readonly channel: Channel } | undefined
> {
  const to = house.settings().destinations.find((each) => each.id === destination);
  const channel = to === undefined ? undefined : house.channel(to.channel);
  if (to === undefined || channel === undefined) return undefined;
  const incident = await house.incidents.get(id);
  return incident === undefined ? undefined : { incident, to, channel };
}
