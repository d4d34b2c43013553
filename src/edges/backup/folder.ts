import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupFolder } from '../../ports/backup-file.ts';
import { onDisk } from './faults.ts';
import { backupFiles } from './files.ts';
import { partSuffix } from './write-file.ts';

const suffix = '.nkb';

/** Backups of the bot in a folder: `orders-20261121-030000.nkb`. */
export const backupFolder: BackupFolder = {
  ...backupFiles,
  nameIn: (dir, ensemble, startedMs) =>
    onDisk(dir, async () => {
      await mkdir(dir, { recursive: true });
      const begun = (await readdir(dir))
        .filter((name) => isOf(name, ensemble) && name.endsWith(partSuffix))
        .toSorted()
        .at(-1);
      const name =
        begun?.slice(0, -partSuffix.length) ?? `${ensemble}-${stampOf(startedMs)}${suffix}`;
      return join(dir, name);
    }),
  remove: (file) => onDisk(file, () => rm(file, { force: true })),
};

/** The name of one ensemble may begin with the name of another. */
function isOf(name: string, ensemble: string): boolean {
  return name.startsWith(`${ensemble}-`) && /^\d{8}-\d{6}\./u.test(name.slice(ensemble.length + 1));
}

/** `20261121-030000`, in UTC: for names of files. */
export function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').replace('T', '-');
}
