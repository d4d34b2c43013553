import type { EnsembleId } from './ensemble.ts';

export type Language = 'en' | 'zh-CN';

/** `viewer` reads, `operator` also acts on incidents and restarts, `admin` also changes what the bot does. */
export type Role = 'viewer' | 'operator' | 'admin';

/** A person of the configuration. */
export interface Person {
  readonly kind: 'person';
  readonly id: string;
  readonly name: string;
  readonly language?: Language;
  /** Role by ensemble id; the key `*` stands for every other ensemble. */
  readonly roles: Readonly<Record<EnsembleId, Role>>;
  /** Who this person is in each chat: `{ slack: 'U012ABC' }`. */
  readonly handles: Readonly<Record<string, string>>;
}

/** Somebody the configuration does not name: may read what everyone may read, and nothing else. */
export interface Stranger {
  readonly kind: 'stranger';
  /** `slack:U0999`, for the audit. */
  readonly id: string;
  readonly name: string;
}

/** The bot itself, when it acts unasked. */
export interface Keeper {
  readonly kind: 'keeper';
  readonly id: 'nightkeeper';
  readonly name: 'Nightkeeper';
}

export type Actor = Person | Stranger | Keeper;

export const keeper: Keeper = { kind: 'keeper', id: 'nightkeeper', name: 'Nightkeeper' };

/**
 * The person somebody on this machine is when the configuration names nobody: with a bind to loopback and no tokens, who can
 * connect can also read the configuration. The application adds it to the people.
 */
export const implicitLocalPerson: Person = {
  kind: 'person',
  id: 'local',
  name: 'local',
  roles: { '*': 'admin' },
  handles: {},
};

/** The role of an actor in an ensemble; `undefined` for a stranger. */
export function roleIn(actor: Actor, ensemble: EnsembleId): Role | undefined {
  switch (actor.kind) {
    case 'person':
      return actor.roles[ensemble] ?? actor.roles['*'];
    case 'stranger':
      return undefined;
    case 'keeper':
      return 'admin';
  }
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether a role covers what another allows. */
export function covers(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && rank[role] >= rank[needed];
}
