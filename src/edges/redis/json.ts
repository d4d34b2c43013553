import { NightkeeperError } from '../../model/errors.ts';

/**
 * Reads a value we wrote. Throws `redis-corrupt` with the key when it is no JSON object: somebody else writes under our prefix, or
 * a newer version did.
 */
export function readJson<T extends object>(text: string, key: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NightkeeperError('redis-corrupt', `the value of ${key} is not readable`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NightkeeperError('redis-corrupt', `the value of ${key} is not an object`);
  // The keys are ours alone, and what lies there was written from this type.
  return value as T;
}

/** Reads a value that is written again soon: one that nobody can read is none, and must not blind a look meanwhile. */
export function readIfAny<T extends object>(text: string, key: string): T | undefined {
  try {
    return readJson<T>(text, key);
  } catch {
    return undefined;
  }
}

/** Reads several values of one key, leaving out what is absent. */
export function readAll<T extends object>(
  texts: readonly (string | null)[],
  key: string,
): readonly T[] {
  return texts.flatMap((text) => (text === null ? [] : [readJson<T>(text, key)]));
}
