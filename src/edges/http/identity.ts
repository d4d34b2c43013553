import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { implicitLocalPerson, type Person } from '../../model/person.ts';

/** A person's token, from the configuration. */
export interface PersonToken {
  readonly person: string;
  readonly token: string;
}

/** Who asks, once that is settled. */
export interface Visitor {
  /** The id of a configured person. */
  readonly person: string;
  readonly name: string;
  /** `local`: trusted for coming from this machine; `session`: the cookie of a sign-in; `bearer`: a token with the request. */
  readonly way: 'local' | 'session' | 'bearer';
  /** What a page must send with every change, so that no other site can make one. */
  readonly csrf: string;
}

/** Finds out who asks, and signs people in. Sessions need no store: they are sealed with the person's token. */
export interface Gate {
  /** Undefined when nobody is signed in; `wrong-token` when a token or session was sent that is not good any more. */
  visitor(sent: {
    readonly authorization: string | undefined;
    readonly cookie: string | undefined;
  }): Visitor | 'wrong-token' | undefined;
  /** The value of the session cookie for a good token. */
  signIn(token: string): string | undefined;
}

export const sessionCookie = 'nk_session';

/** A working day and a bit: a shift signs in once. */
export const sessionMs = 12 * 3_600_000;

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

export function createGate(options: {
  readonly host: string;
  readonly localPerson: string | undefined;
  readonly tokens: () => readonly PersonToken[];
  readonly people: () => readonly Person[];
  readonly now: () => number;
}): Gate {
  const localKey = randomBytes(32);

  function nameOf(id: string): string {
    return options.people().find((person) => person.id === id)?.name ?? id;
  }

  function bearer(authorization: string): Visitor | 'wrong-token' {
    const token = /^Bearer +(\S{1,512})$/iu.exec(authorization)?.[1];
    const owner = token === undefined ? undefined : ownerOf(token, options.tokens());
    if (owner === undefined) return 'wrong-token';
    return { person: owner.person, name: nameOf(owner.person), way: 'bearer', csrf: '' };
  }

  function session(cookie: string): Visitor | 'wrong-token' {
    const [person64 = '', expires = '', nonce = '', seal = ''] = cookie.split('.');
    const person = Buffer.from(person64, 'base64url').toString('utf8');
    const body = `${person64}.${expires}.${nonce}`;
    // A person may have several tokens, for instance while one is being replaced.
    const key = options
      .tokens()
      .filter((entry) => entry.person === person)
      .map((entry) => keyOf(entry.token))
      .filter((candidate) => isSame(sealOf(candidate, body), seal))[0];
    if (key === undefined || !(Number(expires) > options.now())) return 'wrong-token';
    return { person, name: nameOf(person), way: 'session', csrf: sealOf(key, `csrf.${body}`) };
  }

  return {
    visitor({ authorization, cookie }) {
      if (authorization !== undefined) return bearer(authorization);
      if (isLoopback(options.host) && options.tokens().length === 0) {
        const person = options.localPerson ?? implicitLocalPerson.id;
        return { person, name: nameOf(person), way: 'local', csrf: sealOf(localKey, 'csrf') };
      }
      return cookie === undefined || cookie === '' ? undefined : session(cookie);
    },
    signIn(token) {
      const owner = ownerOf(token, options.tokens());
      if (owner === undefined) return undefined;
      const person64 = Buffer.from(owner.person, 'utf8').toString('base64url');
      const nonce = randomBytes(12).toString('base64url');
      const body = `${person64}.${options.now() + sessionMs}.${nonce}`;
      return `${body}.${sealOf(keyOf(owner.token), body)}`;
    },
  };
}

/** Equal text, told in a time that does not depend on where they differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

/** Looks at every token, so that the time tells nothing about which one was close. */
function ownerOf(token: string, tokens: readonly PersonToken[]): PersonToken | undefined {
  return tokens.filter((entry) => isSame(entry.token, token))[0];
}

function keyOf(token: string): Buffer {
  return createHmac('sha256', token).update('nightkeeper session').digest();
}

function sealOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
