import { spawnSync } from 'node:child_process';
import type { Need } from './place.ts';

const programs: Readonly<
  Partial<Record<Need, { readonly program: string; readonly install: string }>>
> = {
  strace: { program: 'strace', install: 'apt-get install strace' },
  prlimit: { program: 'prlimit', install: 'apt-get install util-linux' },
};

/** Why something that is not about the network cannot be done on this machine; undefined where it can. */
export function whatTheHostLacks(need: Need): string | undefined {
  if (need === 'mounts')
    return 'needs network namespaces, which bring a view of the disks of their own';
  const wanted = programs[need];
  if (wanted === undefined) return undefined;
  const tried = spawnSync(wanted.program, ['--version'], { stdio: 'ignore' });
  return tried.status === 0 ? undefined : `${wanted.program} is missing: ${wanted.install}`;
}
