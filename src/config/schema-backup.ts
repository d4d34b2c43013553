import { z } from 'zod';
import { isCronPattern } from '../edges/timetable/config.ts';
import type { BackupSettings } from '../model/kept-backup.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { isPath } from '../model/znode.ts';
import { duration, wanted } from './schema-parts.ts';

const count = z.int().min(0).max(365);

/** The section `backup` of an ensemble: where its tree is kept, how often, and for how long. */
export const backupSchema = z.strictObject({
  dir: z.string().min(1),
  every: z.exactOptional(duration),
  cron: z.exactOptional(wanted<string>('cron', isCronPattern)),
  keep: z
    .strictObject({
      last: z.int().min(1).max(365).default(7),
      daily: count.default(0),
      weekly: count.default(0),
    })
    .prefault({}),
  path: wanted<string>('znode', (value) => typeof value === 'string' && isPath(value)).default('/'),
  rate: z.int().min(10).max(1_000_000).default(2000),
});

function backupOf({
  dir,
  every,
  cron,
  keep,
  path,
  rate,
}: z.output<typeof backupSchema>): BackupSettings {
  return {
    dir,
    ...(every === undefined ? {} : { when: { everyMs: every } }),
    ...(cron === undefined ? {} : { when: { cron } }),
    keep,
    root: path,
    perSecondMax: rate,
  };
}

/** `digest:user:password`: a scheme of ZooKeeper, and what it takes. */
function loginOf(login: string): NonNullable<EnsembleSettings['login']> {
  const colon = login.indexOf(':');
  return { scheme: login.slice(0, colon), credential: login.slice(colon + 1) };
}

/** What an ensemble says about its whole tree: who reads it, and how it is backed up. */
export function treeOf({
  login,
  backup,
}: {
  readonly login?: string;
  readonly backup?: z.output<typeof backupSchema>;
}): Pick<EnsembleSettings, 'login' | 'backup'> {
  return {
    ...(backup === undefined ? {} : { backup: backupOf(backup) }),
    ...(login === undefined ? {} : { login: loginOf(login) }),
  };
}
