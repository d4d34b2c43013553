import type { Incident } from '../../src/model/incident.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { notify } from '../../src/pipeline/notify.ts';
import { aTrigger } from './builders.ts';
import type { aHouse } from './house.ts';

type House = ReturnType<typeof aHouse>;

type Trigger = Parameters<typeof aTrigger>[0];

/** A server of `orders` is down, and whoever is to know is asked to be told. */
export async function openFault(
  house: House,
  server: string,
  what: Partial<Trigger> = {},
): Promise<Incident> {
  const incident = await openQuietly(house, server, what);
  await notify(house, [incident]);
  return incident;
}

/** So many servers of `orders` are down all at once, from `zk1` or a later one on. */
export async function openFaults(
  house: House,
  count: number,
  from = 1,
): Promise<readonly Incident[]> {
  const opened: Incident[] = [];
  for (let index = from; index < from + count; index += 1)
    opened.push(await openQuietly(house, `zk${index}`, {}));
  await notify(house, opened);
  return opened;
}

async function openQuietly(
  house: House,
  server: string,
  what: Partial<Trigger>,
): Promise<Incident> {
  const subject = { ensemble: 'orders', server };
  const fingerprint = `orders/member-down/${server}`;
  const done = await applyOpen(house, 'orders', aTrigger({ fingerprint, subject, ...what }));
  if (done.kind !== 'applied') throw new Error(`not opened: ${done.kind}`);
  return done.incident;
}

/** The same happens to some incidents, one after the other; what changes nothing is told to nobody. */
export async function changeAll(
  house: House,
  incidents: readonly Incident[],
  intent: Parameters<typeof applyChange>[2],
): Promise<void> {
  for (const { id } of incidents) {
    const done = await applyChange(house, id, intent);
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
}

/** Lets the work of this moment, and of so much time after it, be done. */
export async function pass(house: House, ms = 0): Promise<void> {
  await house.schedule.idle();
  await house.clock.advance(ms);
  await house.schedule.idle();
}
