import type { Facts } from '../model/finding.ts';
import { implicitLocalPerson } from '../model/person.ts';
import { type Refusal, refuse } from '../model/refusal.ts';
import type { Settings } from '../model/settings.ts';

/** Administrators named to somebody who is not known: more is a list nobody calls through. */
const namedMax = 3;

/** Refuses somebody who is not known, and says who can change that. */
export function refuseStranger({ people }: Pick<Settings, 'people'>, facts: Facts): Refusal {
  const who = people
    .filter(
      (person) => person !== implicitLocalPerson && Object.values(person.roles).includes('admin'),
    )
    .slice(0, namedMax)
    .map(({ name }) => name);
  return refuse('stranger', { ...facts, ...(who.length === 0 ? {} : { who }) });
}
