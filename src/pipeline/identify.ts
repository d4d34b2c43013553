import type { Actor, Language } from '../model/person.ts';
import type { Settings } from '../model/settings.ts';
import type { Caller } from '../ports/act.ts';
import type { House } from './house.ts';

/**
 * Which configured person a caller is: by their id in that chat, by verified e-mail, or (console, CLI and API, where the edge has
 * checked a token) by person id. Nobody is guessed by name: an unknown caller stays a stranger.
 */
export function identify(settings: Settings, caller: Caller): Actor {
  const checked = caller.via === 'console' || caller.via === 'api' || caller.via === 'cli';
  const person = settings.people.find(
    (each) =>
      (checked && each.id === caller.handle) ||
      each.handles[caller.via] === caller.handle ||
      (caller.email !== undefined &&
        each.handles['email']?.toLowerCase() === caller.email.toLowerCase()),
  );
  return person ?? { kind: 'stranger', id: `${caller.via}:${caller.handle}`, name: caller.name };
}

/** The language of an answer: the person's own, then that of the place they ask in, then the general one. */
export function languageOf(actor: Actor, caller: Caller, fallback: Language): Language {
  return (actor.kind === 'person' ? actor.language : undefined) ?? caller.language ?? fallback;
}

/** Who a caller is, the accounts included that people have linked themselves. While Redis is away only the configuration counts. */
export async function identifyLinked(
  house: Pick<House, 'settings' | 'links' | 'log'>,
  caller: Caller,
): Promise<Actor> {
  const settings = house.settings();
  const actor = identify(settings, caller);
  if (actor.kind !== 'stranger') return actor;
  try {
    const link = await house.links.find(caller.via, caller.handle);
    return settings.people.find(({ id }) => id === link?.person) ?? actor;
  } catch (error) {
    house.log.warn({ err: error }, 'linked accounts could not be read');
    return actor;
  }
}
