import { z } from 'zod';
import type { ConfigFault, ConfigTrouble, Want } from '../model/config-fault.ts';
import { meant } from './closest.ts';
import type { ConfigDocument, Path } from './document.ts';
import { configSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Characters of an offending value that are shown. */
const valueCharsMax = 80;

/** Turns what zod found into faults with lines, values and suggestions. */
export function faultsOf(issues: readonly Issue[], document: ConfigDocument): ConfigFault[] {
  return issues.flatMap((issue) => faultOf(issue, [], document));
}

function faultOf(issue: Issue, above: Path, document: ConfigDocument): ConfigFault[] {
  const path = [...above, ...(issue.path as Path)];
  const at = (what: ConfigTrouble) => [document.at(path, what)];
  const value = shown(path, document);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(path);
        const suggestion = meant(key, known);
        const what = { kind: 'unknown-key', key, known } as const;
        return document.at(path, suggestion === undefined ? what : { ...what, suggestion }, {
          key,
        });
      });
    case 'invalid_union':
      return unionFaults(issue.errors, path, document);
    case 'invalid_key':
      return [
        document.at(
          path.slice(0, -1),
          { kind: 'wrong-value', value: String(path.at(-1)), want: wantOf(issue.issues[0]) },
          { key: String(path.at(-1)) },
        ),
      ];
    case 'invalid_value':
      if (value === undefined) return missing(path, 'any', document);
      return at({ kind: 'not-one-of', value, choices: issue.values.map(String) });
    case 'too_small':
      if (issue.origin === 'array') return at({ kind: 'empty-list' });
      if (issue.origin === 'string') return at({ kind: 'wrong-value', value: '""', want: 'text' });
      return at({ kind: 'out-of-range', value: value ?? '', least: String(issue.minimum) });
    case 'too_big':
      return at({ kind: 'out-of-range', value: value ?? '', most: String(issue.maximum) });
    case 'invalid_type':
    case 'custom':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      if (value === undefined) return missing(path, wantOf(issue), document);
      return at({ kind: 'wrong-value', value, want: wantOf(issue) });
  }
}

/** Speaks of the branch that was probably meant: the one whose own shape fits. */
function unionFaults(
  branches: readonly (readonly Issue[])[],
  path: Path,
  document: ConfigDocument,
): ConfigFault[] {
  const fitting = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  const meantOne = fitting[0] ?? branches[0] ?? [];
  return meantOne.flatMap((issue) => faultOf(issue, path, document));
}

function missing(path: Path, want: Want | 'any', document: ConfigDocument): ConfigFault[] {
  const key = String(path.at(-1) ?? '');
  return [document.at(path.slice(0, -1), { kind: 'missing', key, want })];
}

/** What a field wants, by its own account or by its type. */
function wantOf(issue: Issue | undefined): Want {
  if (issue?.code === 'custom') return (issue.params?.['want'] as Want | undefined) ?? 'text';
  if (issue?.code !== 'invalid_type') return 'text';
  return wantByType[issue.expected] ?? 'text';
}

const wantByType: Readonly<Record<string, Want>> = {
  number: 'number',
  int: 'number',
  boolean: 'yes-or-no',
  array: 'list',
  object: 'section',
  record: 'section',
};

/** The value as written in the file; undefined when it is not there. References stay references. */
function shown(path: Path, document: ConfigDocument): string | undefined {
  const written = document.written(path);
  if (written !== undefined)
    return written.length > valueCharsMax ? `${written.slice(0, valueCharsMax)}…` : written;
  const value = path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
        ? (inner as Record<string | number, unknown>)[part]
        : undefined,
    document.values,
  );
  if (value === undefined) return undefined;
  return Array.isArray(value) ? '[…]' : '{…}';
}

/** The keys a section may have, for suggestions. */
export function keysAt(path: Path): readonly string[] {
  let schemas: readonly z.core.$ZodType[] = [configSchema];
  for (const part of path) schemas = schemas.flatMap((schema) => inside(schema, part));
  return schemas.flatMap((schema) => unwrapped(schema)).flatMap(keysOf);
}

function inside(schema: z.core.$ZodType, part: string | number): readonly z.core.$ZodType[] {
  return unwrapped(schema).flatMap((plain) => {
    if (plain instanceof z.ZodObject)
      return Object.hasOwn(plain.shape, part) ? [plain.shape[part] as z.core.$ZodType] : [];
    if (plain instanceof z.ZodRecord) return [plain.valueType];
    if (plain instanceof z.ZodArray) return [plain.element];
    return [];
  });
}

function keysOf(schema: z.core.$ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Takes defaults and options off, and a union apart. */
function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unwrapped(option));
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodOptional
  )
    return unwrapped(schema.unwrap() as z.core.$ZodType);
  return [schema];
}
