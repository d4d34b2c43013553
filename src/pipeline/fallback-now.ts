import type { Incident } from '../model/incident.ts';
import type { DeliveryRecord } from '../model/notification.ts';
import { quotaOf } from '../rules/routing/budget.ts';
import { type Fallback, fallbackFor, replaceable } from '../rules/routing/fallback.ts';
import type { House } from './house.ts';
import { monthOf } from './place.ts';

type Needs = Pick<House, 'settings' | 'channel' | 'budgets' | 'clock'>;

/** Who is asked instead of the destinations of an incident, as things stand now: what each was told, and whose month is used up. */
export async function fallbackNow(
  house: Needs,
  incident: Incident,
  records: readonly DeliveryRecord[],
): Promise<Fallback | undefined> {
  const settings = house.settings();
  const nowMs = house.clock.now();
  const usedUp = await usedUpOf(house, replaceable(settings, incident, nowMs));
  return fallbackFor(settings, incident, records, nowMs, usedUp);
}

/** Those of some destinations whose platform takes no more calls for people this month. */
async function usedUpOf(house: Needs, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const month = monthOf(house.clock.now());
  const { destinations } = house.settings();
  const used = await Promise.all(
    ids.map(async (id) => {
      const channel = house.channel(destinations.find((each) => each.id === id)?.channel ?? '');
      const { monthly, meter } = channel?.budget ?? {};
      if (channel === undefined || monthly === undefined) return [];
      const count = await house.budgets.used(meter ?? channel.name, month);
      return count >= quotaOf('call', monthly) ? [id] : [];
    }),
  );
  return new Set(used.flat());
}
