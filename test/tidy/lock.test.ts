import { describe, expect, it } from 'vitest';
import { read } from './sources.ts';

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Where a package finds another: beside itself, or in any folder above. */
function isLocked(path: string, name: string): boolean {
  if (packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`] !== undefined) return true;
  if (path === '') return false;
  return isLocked(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}

describe('package-lock.json', () => {
  // npm leaves builds for other systems out when node_modules is there already, or when a registry does not have them; then
  // `npm ci` fails on a fresh clone, and other systems get no binary.
  it('names the builds for every system, so that npm ci works on a fresh clone', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );

    expect(missing).toEqual([]);
  });

  it('has a version for each package', () => {
    const without = Object.entries(packages).filter(([, { version }]) => version === undefined);

    expect(without.map(([path]) => path)).toEqual([]);
  });
});
