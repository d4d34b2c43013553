import type { EnsembleId } from '../model/ensemble.ts';
import { type Incident, isOpen } from '../model/incident.ts';
import type { Job } from '../model/job.ts';
import type { DeliveryRecord, Destination } from '../model/notification.ts';
import type { Wish } from '../ports/outbox.ts';
import { nextCall } from '../rules/incident/escalation.ts';
import { laneOf } from '../rules/routing/budget.ts';
import { wasTold } from '../rules/routing/due.ts';
import { fallbackAtMs } from '../rules/routing/fallback.ts';
import { destinationsFor, escalationFor, nextRouting, repeatFor } from '../rules/routing/routes.ts';
import { armReminder } from './arm-reminder.ts';
import { callWithPage } from './call-people.ts';
import { owes } from './due-page.ts';
import { fallbackNow } from './fallback-now.ts';
import type { House } from './house.ts';

type Needs = Pick<
  House,
  | 'settings'
  | 'incidents'
  | 'deliveries'
  | 'outbox'
  | 'schedule'
  | 'clock'
  | 'bulletins'
  | 'channel'
  | 'budgets'
  | 'calendars'
  | 'telemetry'
  | 'log'
>;

/** After incidents changed: each of their destinations is asked to show them, and the clocks of escalation and fallback are set. */
export async function notify(house: Needs, incidents: readonly Incident[]): Promise<void> {
  for (const changed of incidents) {
    const incident = await callWithPage(house, changed);
    house.bulletins.publish({ kind: 'card', incident: incident.id });
    const records = await house.deliveries.records(incident.ensemble, incident.id);
    const all = await audience(house, incident, records);
    // Side by side: whoever pressed waits for all of it.
    await Promise.all([
      ...all.map((to) => {
        const record = records.find(({ destination }) => destination === to.id);
        return ask(house, incident, to, { lane: laneOf(incident, record), patient: false });
      }),
      arm(house, incident),
    ]);
  }
}

/**
 * Finds incidents that some destination does not show as they are, whatever the reason (a crash between the change and the job,
 * a lost job, a destination that was down), and asks for their delivery again.
 */
export async function sweep(house: Needs, ensemble: EnsembleId): Promise<void> {
  const restless = await house.incidents.restless(ensemble);
  for (let from = 0; from < restless.length; from += sweptAtOnce) {
    await Promise.all(
      restless.slice(from, from + sweptAtOnce).map(async ({ id, version }) => {
        const incident = await house.incidents.get(id, ensemble);
        const calm = incident === undefined || (await sweepOne(house, incident));
        if (calm) await house.incidents.settle(ensemble, id, version);
      }),
    );
  }
}

/** Incidents that a sweep looks through side by side. */
const sweptAtOnce = 10;

/** A minute after people were called: where nobody heard it, the fallback destinations are asked. */
export async function fallback(house: Needs, job: Job): Promise<void> {
  if (job.kind !== 'fallback') return;
  const incident = await house.incidents.get(job.incident);
  if (incident !== undefined) await sweepOne(house, incident);
}

/**
 * Where an incident belongs, where it hangs already (a card that was shown is kept true even when its route has changed), and where
 * it is told because nobody could be called elsewhere.
 */
async function audience(
  house: Needs,
  incident: Incident,
  records: readonly DeliveryRecord[],
): Promise<readonly Destination[]> {
  const settings = house.settings();
  const nowMs = house.clock.now();
  const asked = await fallbackNow(house, incident, records);
  const wanted = new Set([
    ...destinationsFor(settings, incident, nowMs).map(({ id }) => id),
    ...records
      .filter((record) => record.receipt !== undefined || wasTold(record))
      .map(({ destination }) => destination),
    ...(asked?.to ?? []),
  ]);
  return settings.destinations.filter(({ id }) => wanted.has(id));
}

/** Puts the incident on the list of a destination, and calls somebody to it where nobody is. */
export async function ask(
  house: Pick<House, 'outbox' | 'clock' | 'schedule'>,
  incident: Incident,
  { id }: Destination,
  wish: Pick<Wish, 'lane' | 'patient'>,
): Promise<void> {
  const answer = await house.outbox.ask(id, {
    ensemble: incident.ensemble,
    incident: incident.id,
    atMs: house.clock.now(),
    ...wish,
  });
  if (answer === 'wake') await house.schedule.now({ kind: 'deliver', destination: id });
}

/** Asks for what is missing; true when nothing is. */
async function sweepOne(house: Needs, found: Incident): Promise<boolean> {
  const incident = await callWithPage(house, found);
  const records = await house.deliveries.records(incident.ensemble, incident.id);
  let calm = true;
  for (const destination of await audience(house, incident, records)) {
    const channel = house.channel(destination.channel);
    if (channel === undefined) continue;
    const record = records.find((each) => each.destination === destination.id);
    if (!owes(house.settings(), incident, destination, record, channel)) continue;
    calm = false;
    await ask(house, incident, destination, { lane: laneOf(incident, record), patient: true });
  }
  await arm(house, incident);
  return calm;
}

/** Sets the clocks of an incident: of the next call, and of routes whose hours have not begun. */
async function arm(house: Needs, incident: Incident): Promise<void> {
  await Promise.all([
    armEscalation(house, incident),
    armReminder(house, incident),
    armFallback(house, incident),
    armReroute(house, incident),
  ]);
}

async function armReroute(house: Needs, incident: Incident): Promise<void> {
  const nowMs = house.clock.now();
  const againMs = isOpen(incident) ? nextRouting(house.settings(), incident, nowMs) : undefined;
  if (againMs === undefined) return;
  const { id, ensemble } = incident;
  await house.schedule.at(
    againMs,
    { kind: 'reroute', ensemble, incident: id },
    `reroute-${id}-${againMs}`,
  );
}

/** Sets the clock of the moment at which the fallback destinations may have to be asked. */
async function armFallback(house: Needs, incident: Incident): Promise<void> {
  const nowMs = house.clock.now();
  const atMs = fallbackAtMs(house.settings(), incident, nowMs);
  if (atMs === undefined || atMs <= nowMs) return;
  const { id, ensemble } = incident;
  await house.schedule.at(
    atMs,
    { kind: 'fallback', ensemble, incident: id },
    `fallback-${id}-${atMs}`,
  );
}

/** Sets the clock of the next escalation step, or of the next repeat of the last one. */
export async function armEscalation(
  house: Pick<House, 'settings' | 'schedule' | 'clock'>,
  incident: Incident,
): Promise<void> {
  const settings = house.settings();
  const nowMs = house.clock.now();
  const call = nextCall(
    incident,
    escalationFor(settings, incident, nowMs),
    repeatFor(settings, incident, nowMs),
  );
  if (call === undefined) return;
  const repeat = call.kind === 'repeat' ? { repeat: call.repeat } : {};
  await house.schedule.at(
    Math.max(call.atMs, nowMs),
    {
      kind: 'escalate',
      ensemble: incident.ensemble,
      incident: incident.id,
      step: call.step,
      ...repeat,
    },
    `escalate-${incident.id}-${call.step}-${repeat.repeat ?? 0}-${call.atMs}`,
  );
}
