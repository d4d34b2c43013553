import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import { nextEscalation } from '../rules/incident/escalation.ts';
import { escalationFor } from '../rules/routing/routes.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** The clock of an escalation step rings: still open, still nobody on it? Then the next people are called. */
export async function escalate(house: House, job: Job): Promise<void> {
  if (job.kind !== 'escalate') return;
  const incident = await house.incidents.get(job.incident);
  if (incident === undefined || incident.state !== 'triggered') return;
  const next = nextEscalation(escalationFor(house.settings(), incident), incident);
  if (next === undefined || next.step !== job.step) return;
  const nowMs = house.clock.now();
  const done = await applyChange(house, incident.id, {
    kind: 'escalate',
    stamp: { by: keeper.id, name: keeper.name, via: 'timer', atMs: nowMs },
    to: next.people,
    fromStep: incident.escalationStep,
  });
  if (done.kind === 'applied') await notify(house, [done.incident]);
}
