import { describe, expect, it } from 'vitest';
import { withLocalPerson } from '../../src/app/local-person.ts';
import { loadConfig } from '../../src/config/load.ts';

const ensembles = 'ensembles: { orders: { servers: ["zk1:2181"] } }';

function peopleOf(text: string): readonly string[] {
  const env = { ANN_TOKEN: 'a-token-of-twenty-four-characters' };
  const loaded = loadConfig(`${text}\n${ensembles}\n`, { env, detectorThresholds: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return withLocalPerson(loaded.config).settings.people.map(({ id }) => id);
}

describe('the person at this machine', () => {
  it('is one of the people where nobody signs in', () => {
    expect(peopleOf('people: { ann: { name: Ann, roles: { "*": admin } } }')).toEqual([
      'ann',
      'local',
    ]);
  });

  it('is none where people have tokens', () => {
    expect(
      peopleOf('people: { ann: { name: Ann, roles: { "*": admin }, token: "${ANN_TOKEN}" } }'),
    ).toEqual(['ann']);
  });
});
