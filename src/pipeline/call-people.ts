import { type Incident, viaPage } from '../model/incident.ts';
import type { CalendarCopy, OnCallNow } from '../model/on-call.ts';
import { keeper } from '../model/person.ts';
import type { EscalationStep, Settings } from '../model/settings.ts';
import { nextCall } from '../rules/incident/escalation.ts';
import { calledBy, onCallAt } from '../rules/routing/on-call.ts';
import { escalationFor } from '../rules/routing/routes.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';

type Needs = Pick<House, 'settings' | 'incidents' | 'clock' | 'telemetry' | 'log' | 'calendars'>;

/** Whom a step calls, found out now. */
export interface Called {
  /** Counted from 1; 0 when there is no further step. */
  readonly step: number;
  /** Person ids. */
  readonly to: readonly string[];
  /** Schedules in which nobody is on call. */
  readonly gaps: readonly string[];
}

/** The people of the next step. A step that comes to nobody is passed over: the one after it is called at once. */
export async function nextCalled(
  house: Needs,
  incident: Incident,
  steps: readonly EscalationStep[],
): Promise<Called> {
  const settings = house.settings();
  const copies = await calendarCopies(house, settings);
  let step = incident.escalationStep;
  const gaps = new Set<string>();
  for (const { to } of steps.slice(step)) {
    step += 1;
    const called = calledBy(to, settings, copies, house.clock.now());
    for (const gap of called.gaps) gaps.add(gap);
    if (called.people.length > 0) return { step, to: called.people, gaps: [...gaps] };
  }
  return { step, to: [], gaps: [...gaps] };
}

/** The people of the last step once more, as they are now; those called before where it comes to nobody. */
export async function calledAgain(
  house: Needs,
  incident: Incident,
  steps: readonly EscalationStep[],
): Promise<Called> {
  const settings = house.settings();
  const copies = await calendarCopies(house, settings);
  const last = steps[incident.escalationStep - 1];
  const { people, gaps } = calledBy(last?.to ?? [], settings, copies, house.clock.now());
  const to = people.length > 0 ? people : (incident.escalated?.to ?? []);
  return { step: incident.escalationStep, to, gaps };
}

/** Takes a first step that is due with the page, before the page is spoken: one line then calls the right people. */
export async function callWithPage(house: Needs, incident: Incident): Promise<Incident> {
  const nowMs = house.clock.now();
  const steps = escalationFor(house.settings(), incident, nowMs);
  if (steps[0]?.afterMs !== 0 || nextCall(incident, steps, undefined)?.step !== 1) return incident;
  const { step, to, gaps } = await nextCalled(house, incident, steps);
  const done = await applyChange(house, incident.id, {
    kind: 'escalate',
    stamp: { by: keeper.id, name: keeper.name, via: viaPage, atMs: nowMs },
    fromStep: 0,
    step,
    to,
    gaps,
  });
  return done.kind === 'refusal' ? incident : (done.incident ?? incident);
}

/** Who is on call now, schedule by schedule, in the order of the configuration. */
export async function onCallNow(
  house: Pick<House, 'settings' | 'calendars' | 'clock'>,
): Promise<readonly OnCallNow[]> {
  const settings = house.settings();
  const copies = await calendarCopies(house, settings);
  return settings.onCall.map((schedule) =>
    onCallAt(schedule, copies[schedule.id], settings.people, house.clock.now()),
  );
}

/** The last good copies of the calendars of all schedules that have one. */
async function calendarCopies(
  house: Pick<House, 'calendars'>,
  settings: Settings,
): Promise<Readonly<Record<string, CalendarCopy>>> {
  const copies = await Promise.all(
    settings.onCall
      .filter(({ calendar }) => calendar !== undefined)
      .map(({ id }) => house.calendars.copy(id)),
  );
  return Object.fromEntries(
    copies.flatMap((copy) => (copy === undefined ? [] : [[copy.schedule, copy] as const])),
  );
}
