import type { Config } from '../config/config.ts';
import { implicitLocalPerson } from '../model/person.ts';

/**
 * On loopback without tokens, whoever can connect can also read the configuration: the person at this machine is an admin. Where
 * people sign in there is no such person, and nobody is told to ask one.
 */
export function withLocalPerson(config: Config): Config {
  const { people } = config.settings;
  if (config.tokens.length > 0) return config;
  if (people.some((person) => person.id === implicitLocalPerson.id)) return config;
  return {
    ...config,
    settings: { ...config.settings, people: [...people, implicitLocalPerson] },
  };
}
