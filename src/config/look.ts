import type { ConfigFault, ConfigTrouble } from '../model/config-fault.ts';
import { meant } from './closest.ts';
import type { ConfigDocument, Path } from './document.ts';
import { durationMs } from './duration.ts';

/** A part of the file as it stands, sound or not. */
export type Section = Readonly<Record<string, unknown>>;

/** The value as a section; an empty one where it is something else. */
export function section(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Section)
    : {};
}

/** The value as a list; an empty one where it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value at a path of own keys. */
export function get(values: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const here = section(inner);
    return Object.hasOwn(here, key) ? here[key] : undefined;
  }, values);
}

/** The same, but to be lived with. */
export function warn(fault: ConfigFault): ConfigFault {
  return { ...fault, level: 'warning' };
}

/** The second and later of those that carry the same value. */
export function twice(
  document: ConfigDocument,
  of: Extract<ConfigTrouble, { kind: 'duplicate' }>['of'],
  things: readonly { readonly path: Path; readonly value: string }[],
): readonly ConfigFault[] {
  const first = new Map<string, Path>();
  return things.flatMap(({ path, value }) => {
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, path);
      return [];
    }
    const firstLine = document.lineOf(earlier);
    const shown = of === 'token' ? (document.written(path) ?? '') : value;
    return [document.at(path, { kind: 'duplicate', of, value: shown, firstLine })];
  });
}

/** A name that points to nothing, with the one that was probably meant. */
export function unknownName(
  document: ConfigDocument,
  path: Path,
  of: Extract<ConfigTrouble, { kind: 'unknown-name' }>['of'],
  name: string,
  known: readonly string[],
): ConfigFault {
  const suggestion = meant(name, known);
  const what = { kind: 'unknown-name', of, name, known } as const;
  return document.at(path, suggestion === undefined ? what : { ...what, suggestion });
}

/** A time that is shorter than it may be; `least` as people write it. What is no time at all is told elsewhere. */
export function tooShort(
  document: ConfigDocument,
  path: Path,
  value: unknown,
  least: string,
): readonly ConfigFault[] {
  const ms = durationMs(value);
  return ms === undefined || ms >= (durationMs(least) ?? 0)
    ? []
    : [document.at(path, { kind: 'out-of-range', value: String(value), least })];
}
