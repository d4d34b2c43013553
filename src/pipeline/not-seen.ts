import type { EnsembleId } from '../model/ensemble.ts';
import type { NotSeen } from '../model/not-seen.ts';
import { whatIsNotSeen } from '../rules/survey/not-seen.ts';
import type { House } from './house.ts';
import { look } from './look.ts';

/** Looks at an ensemble afresh, and says what of it stays in the dark. */
export async function notSeen(house: House, id: EnsembleId): Promise<readonly NotSeen[]> {
  const settings = house.settings().ensembles.find((each) => each.id === id);
  if (settings === undefined) return [];
  const { servers, timing } = settings;
  const ensemble = (await house.ensembles.ensemble(id)) ?? { id, servers, timing };
  const { view } = await look(house, settings, ensemble, []);
  return whatIsNotSeen(view);
}
