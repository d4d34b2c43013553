import { keeper } from '../model/person.ts';
import type { Recovery } from '../model/recovery.ts';
import { escalationFor } from '../rules/routing/routes.ts';
import { applyChange } from './apply.ts';
import { nextCalled } from './call-people.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** What the bot tried by itself did not work: people are called now, those of the next step too, and nothing is tried again. */
export async function callAfterFailure(house: House, { incident: id }: Recovery): Promise<void> {
  const incident = id === undefined ? undefined : await house.incidents.get(id);
  if (incident === undefined || incident.state !== 'triggered') return;
  const paged = await applyChange(house, incident.id, { kind: 'page' });
  const nowMs = house.clock.now();
  const steps = escalationFor(house.settings(), incident, nowMs);
  const called = await nextCalled(house, incident, steps);
  const escalated = await applyChange(house, incident.id, {
    kind: 'escalate',
    stamp: { by: keeper.id, name: keeper.name, via: 'auto', atMs: nowMs },
    fromStep: incident.escalationStep,
    ...called,
  });
  const changed = [escalated, paged].find((each) => each.kind === 'applied');
  if (changed?.kind === 'applied') await notify(house, [changed.incident]);
}
