import type { Job } from '../model/job.ts';
import { keeper } from '../model/person.ts';
import { nextReminder } from '../rules/incident/reminder.ts';
import { lifeFor } from '../rules/routing/routes.ts';
import { applyChange } from './apply.ts';
import { armReminder } from './arm-reminder.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/**
 * The clock of an acknowledgement rings: is the fault still there, and does the same person still have it? Then they are asked; who
 * was asked and did not answer gives it back to everybody.
 */
export async function remind(house: House, job: Job): Promise<void> {
  if (job.kind !== 'remind') return;
  const incident = await house.incidents.get(job.incident);
  if (incident === undefined) return;
  const next = nextReminder(incident, lifeFor(house.settings(), incident));
  if (next === undefined) return;
  const nowMs = house.clock.now();
  if (next.atMs > nowMs) return await armReminder(house, incident);
  const { acknowledged, reminded } = incident;
  const done = await applyChange(
    house,
    incident.id,
    next.kind === 'ask'
      ? { kind: 'remind', acknowledgedMs: acknowledged?.atMs ?? 0 }
      : {
          kind: 'unacknowledge',
          stamp: { by: keeper.id, name: keeper.name, via: 'timer', atMs: nowMs },
          askedMs: reminded?.atMs ?? 0,
        },
  );
  if (done.kind === 'applied') await notify(house, [done.incident]);
}
