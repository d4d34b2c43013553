import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/**
 * Ends what is open of ensembles that the configuration does not name, also where it lost them while the bot was away: nobody looks
 * at them any more, and their cards would burn for ever. They expire; nobody saw the fault go.
 */
export async function retire(house: House): Promise<void> {
  const named = new Set([ownEnsemble, ...house.settings().ensembles.map(({ id }) => id)]);
  for (const ensemble of await house.incidents.ensembles())
    if (!named.has(ensemble)) await endAll(house, ensemble);
}

async function endAll(house: House, ensemble: EnsembleId): Promise<void> {
  for (const { id, unseen } of await house.incidents.open(ensemble)) {
    const sinceMs = unseen?.sinceMs ?? house.clock.now();
    await applyChange(house, id, { kind: 'sight', unseen: { sinceMs, why: 'left' } });
    const done = await applyChange(house, id, { kind: 'expire' });
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
}
