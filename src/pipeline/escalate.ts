import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import { nextCall } from '../rules/incident/escalation.ts';
import { escalationFor, repeatFor } from '../rules/routing/routes.ts';
import { applyChange } from './apply.ts';
import { calledAgain, nextCalled } from './call-people.ts';
import type { House } from './house.ts';
import { armEscalation, notify } from './notify.ts';

/** The clock of an escalation step rings: still open, still nobody on it? Then the next people are called, or the last ones again. */
export async function escalate(house: House, job: Job): Promise<void> {
  if (job.kind !== 'escalate') return;
  const incident = await house.incidents.get(job.incident);
  if (incident === undefined) return;
  const nowMs = house.clock.now();
  const settings = house.settings();
  const steps = escalationFor(settings, incident, nowMs);
  const call = nextCall(incident, steps, repeatFor(settings, incident, nowMs));
  const repeat = call?.kind === 'repeat' ? call.repeat : undefined;
  if (call === undefined || call.step !== job.step || repeat !== job.repeat) return;
  // The configuration asks for more patience than when the clock was set.
  if (call.atMs > nowMs) return await armEscalation(house, incident);
  const called = await (call.kind === 'repeat' ? calledAgain : nextCalled)(house, incident, steps);
  const done = await applyChange(house, incident.id, {
    kind: 'escalate',
    stamp: { by: keeper.id, name: keeper.name, via: 'timer', atMs: nowMs },
    fromStep: incident.escalationStep,
    ...called,
    ...(repeat === undefined ? {} : { repeat }),
  });
  if (done.kind === 'applied') await notify(house, [done.incident]);
}
