import type { EnsembleId } from '../model/ensemble.ts';
import { keeper } from '../model/person.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** Ends what is open of an ensemble that left the configuration: nobody looks at it any more, and its cards would burn for ever. */
export async function retire(house: House, ensemble: EnsembleId): Promise<void> {
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
