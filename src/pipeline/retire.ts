import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import { keeper } from '../model/person.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/**
 * Ends what is open of ensembles that the configuration does not name, also where it lost them while the bot was away: nobody looks
 * at them any more, and their cards would burn for ever.
 */
export async function retire(house: House): Promise<void> {
  const named = new Set([ownEnsemble, ...house.settings().ensembles.map(({ id }) => id)]);
  for (const ensemble of await house.incidents.ensembles())
    if (!named.has(ensemble)) await endAll(house, ensemble);
}

async function endAll(house: House, ensemble: EnsembleId): Promise<void> {
  const stamp = {
    by: keeper.id,
    name: keeper.name,
    via: 'configuration',
    atMs: house.clock.now(),
  };
  for (const { id, grid } of await house.incidents.open(ensemble)) {
    const done = await applyChange(house, id, { kind: 'resolve', grid, stamp });
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
}
