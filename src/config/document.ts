import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { ConfigFault, ConfigTrouble } from '../model/config-fault.ts';

/** Keys and indexes from the root: `['ensembles', 'orders', 'servers', 1]`. */
export type Path = readonly (string | number)[];

/** A configuration file that was read: its values with references filled in, and where each of them stands. */
export interface ConfigDocument {
  readonly values: unknown;
  /** Syntax faults and unset variables. */
  readonly faults: readonly ConfigFault[];
  /** True when the file is no YAML at all: nothing more can be said of it. */
  readonly broken: boolean;
  /** Paths whose value is not known because a variable is not set: whatever else is said of them is noise. */
  readonly unknown: ReadonlySet<string>;
  /** The scalar as it stands in the file, references not filled in; undefined for sections and lists. */
  written(path: Path): string | undefined;
  /** A fault at a value, or at the key of a section when the value itself is missing. */
  at(path: Path, what: ConfigTrouble, options?: { readonly key?: string }): ConfigFault;
  /** Line of a value. */
  lineOf(path: Path): number;
}

/** Spells a path as people do: `ensembles.orders.servers[1]`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join('');
}

/** Reads YAML and fills in `${NAME}` references; `$${` stands for a plain `${`. */
export function readDocument(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  unset: 'fault' | 'warning',
): ConfigDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true });
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const syntax = document.errors.map(
    (error): ConfigFault => ({
      level: 'fault',
      ...position(error.pos[0]),
      path: '',
      what: { kind: 'syntax', reason: error.message },
    }),
  );
  const lenient = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const writtenAs = new Map<Node, string>();
  const faults = [...syntax];
  const unknown = new Set<string>();
  const finder = finderOf(document, position);
  if (lenient) {
    eachText(document.contents, [], (scalar, path) => {
      const written = scalar.value;
      writtenAs.set(scalar, written);
      const filled = fill(written, env);
      for (const variable of filled.missing) {
        const level = unset;
        unknown.add(pathText(path));
        faults.push({
          level,
          ...finder.position(path),
          path: pathText(path),
          what: { kind: 'unset-variable', variable },
        });
      }
      if (!isFilledLater(path)) scalar.value = filled.text;
    });
  }
  const values = lenient ? valuesOf(document, faults) : undefined;
  return {
    values,
    faults,
    broken: values === undefined,
    unknown,
    written: (path) => {
      const node = finder.node(path);
      if (node === undefined || !isScalar(node)) return undefined;
      return writtenAs.get(node) ?? String(node.value);
    },
    at: (path, what, options) => ({
      level: 'fault',
      ...finder.position(path, options?.key),
      path: pathText(options?.key === undefined ? path : [...path, options.key]),
      what,
    }),
    lineOf: (path) => finder.position(path).line,
  };
}

/** Keys of a section `restart` that hold a program and its arguments. */
const commandKeys: ReadonlySet<unknown> = new Set([
  'command',
  'stop',
  'start',
  'on',
  'zkCli',
  'purge',
]);

/** The executor fills references into its command when it runs, so that no card and no log ever holds the value. */
function isFilledLater(path: Path): boolean {
  if (path[0] !== 'ensembles') return false;
  if (path[2] === 'host') return path.includes('command');
  if (path[2] === 'commands') return path[4] === 'argv';
  return path[2] === 'restart' && commandKeys.has(path[3]);
}

/** Plain values without empty keys: a section whose lines are all commented out is an absent section. */
function valuesOf(document: Document, faults: ConfigFault[]): unknown {
  try {
    return withoutEmpty(document.toJS({ maxAliasCount: 100 }) ?? {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    faults.push({ level: 'fault', line: 1, column: 1, path: '', what: { kind: 'syntax', reason } });
    return undefined;
  }
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutEmpty(inner)]),
  );
}

/** Visits every text in the tree once, where it is written. */
function eachText(
  node: unknown,
  path: Path,
  visit: (scalar: Scalar<string>, path: Path) => void,
): void {
  if (isMap(node)) {
    for (const pair of node.items) eachText(pair.value, [...path, keyOf(pair)], visit);
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) eachText(item, [...path, index], visit);
  } else if (isScalar(node) && typeof node.value === 'string') {
    visit(node as Scalar<string>, path);
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** An empty variable counts as unset: `docker compose` passes on what is missing as empty. */
function fill(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(
    /\$\$\{|\$\{([^}]*)\}/gu,
    (whole: string, name: string | undefined) => {
      if (name === undefined) return '${';
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value === undefined || value === '') missing.push(name);
      return value ?? whole;
    },
  );
  return { text: filled, missing };
}

interface Finder {
  node(path: Path): Node | undefined;
  /** Where a value begins; with `key`, where that key of the section begins. The nearest section where there is no such thing. */
  position(path: Path, key?: string): { readonly line: number; readonly column: number };
}

function finderOf(
  document: Document,
  position: (offset: number) => { readonly line: number; readonly column: number },
): Finder {
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const walk = (path: Path) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node) ?? 0;
    let found = true;
    for (const part of path) {
      const here = resolved(node);
      let next: unknown;
      if (isMap(here)) {
        const pair = here.items.find((item) => keyOf(item) === String(part));
        next = pair?.value;
        offset = offsetOf(next) ?? offsetOf(pair?.key) ?? offset;
        // A section is pointed at by its name, which a person can search for.
        if (isMap(resolved(next)) || isSeq(resolved(next))) offset = offsetOf(pair?.key) ?? offset;
      } else if (isSeq(here)) {
        next = here.items[Number(part)];
        offset = offsetOf(next) ?? offset;
      }
      if (next === undefined || next === null) {
        found = false;
        break;
      }
      node = next;
    }
    return { node: found ? resolved(node) : undefined, offset };
  };
  return {
    node: (path) => walk(path).node as Node | undefined,
    position: (path, key) => {
      const { node, offset } = walk(path);
      const pair =
        key !== undefined && isMap(node)
          ? node.items.find((item) => keyOf(item) === key)
          : undefined;
      return position(offsetOf(pair?.key) ?? offset);
    },
  };
}

function offsetOf(node: unknown): number | undefined {
  return (node as { range?: readonly [number, number, number] | null } | undefined | null)
    ?.range?.[0];
}
