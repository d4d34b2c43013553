import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files below a folder that end so, as paths from the root with forward slashes, in order. */
export function filesIn(folder: string, ...endings: readonly string[]): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .filter((file) => statSync(join(root, file)).isFile())
    .toSorted((a, b) => a.localeCompare(b));
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export interface Import {
  readonly from: string;
  readonly line: number;
  /** A path from the root, the name of a package, or `node:…`. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'node';
}

/** Every import and re-export of a file, dynamic ones included. */
export function importsOf(file: string): readonly Import[] {
  const text = read(file);
  const pattern =
    /^\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gmu;
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const line = text.slice(0, match.index).split('\n').length;
    if (name.startsWith('.'))
      return { from: file, line, to: normalize(join(dirname(file), name)), kind: 'file' };
    if (name.startsWith('node:')) return { from: file, line, to: name, kind: 'node' };
    const [scope = '', second = ''] = name.split('/');
    const to = scope.startsWith('@') ? `${scope}/${second}` : scope;
    return { from: file, line, to, kind: 'package' };
  });
}

/** The room a file lives in: `model`, `rules/detect`, `edges/slack`, `commands`, … */
export function roomOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] !== 'src') return parts[0] ?? '';
  const [, room = '', inner = ''] = parts;
  return room === 'rules' || room === 'edges' ? `${room}/${inner}` : room;
}

/** `src/x.ts:3`, as editors jump to it. */
export function place({ from, line }: Pick<Import, 'from' | 'line'>): string {
  return `${relative('', from)}:${line}`;
}
