import type { Stamp } from '../model/incident.ts';
import type { RunningBackup } from '../model/kept-backup.ts';
import type { BackupsNow, Desk } from '../ports/command.ts';
import type { House } from './house.ts';

/** How long it is remembered that somebody asked. */
const askedMs = 60 * 60_000;

export function progressKey(ensemble: string): string {
  return `backup-progress:${ensemble}`;
}

export function askedKey(ensemble: string): string {
  return `backup-asked:${ensemble}`;
}

/** What a desk does about backups. */
export function backupsDesk(
  house: House,
  stamp: () => Stamp,
): Pick<Desk, 'backups' | 'askForBackup'> {
  return {
    backups: (id) => backupsNow(house, id),
    askForBackup: (id) => askForBackup(house, id, stamp()),
  };
}

/** Somebody asks for a backup: remembered, so that whichever replica looks next makes it. */
export async function askForBackup(house: House, ensemble: string, stamp: Stamp): Promise<void> {
  await house.shortMemory.put(askedKey(ensemble), JSON.stringify(stamp), askedMs);
  await house.schedule.now({ kind: 'backup', ensemble });
}

/** What there is, and how far the one is that is being made, on whichever replica. */
export async function backupsNow(house: House, ensemble: string): Promise<BackupsNow> {
  const history = await house.backupLog.history(ensemble);
  const progress = await house.shortMemory.get(progressKey(ensemble));
  if (progress === undefined) return { history };
  return { history, running: JSON.parse(progress) as RunningBackup };
}
