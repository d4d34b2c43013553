import type { BackupKeep, KeptBackup } from '../../model/kept-backup.ts';
import { midnightOf, wallOf } from '../../model/zone.ts';

const dayMs = 24 * 60 * 60_000;

/**
 * The backups that may go. The newest of all stays whatever was configured, and so does the newest of which everything could be read.
 */
export function expiredBackups(
  kept: readonly KeptBackup[],
  keep: BackupKeep,
  zone: string,
): readonly KeptBackup[] {
  const newestFirst = kept.toSorted((a, b) => b.startedMs - a.startedMs);
  const dayOf = (backup: KeptBackup): number => midnightOf(wallOf(backup.startedMs, zone)) / dayMs;
  // The first of January 1970 was a Thursday: weeks begin on Monday.
  const weekOf = (backup: KeptBackup): number => Math.floor((dayOf(backup) + 3) / 7);
  const stays = new Set<KeptBackup>([
    ...newestFirst.slice(0, Math.max(1, keep.last)),
    ...newestFirst.filter(({ denied }) => denied === 0).slice(0, 1),
    ...newestOfEach(newestFirst, dayOf).slice(0, keep.daily),
    ...newestOfEach(newestFirst, weekOf).slice(0, keep.weekly),
  ]);
  return newestFirst.filter((backup) => !stays.has(backup));
}

function newestOfEach(
  newestFirst: readonly KeptBackup[],
  spanOf: (backup: KeptBackup) => number,
): readonly KeptBackup[] {
  const seen = new Set<number>();
  return newestFirst.filter((backup) => {
    const span = spanOf(backup);
    if (seen.has(span)) return false;
    seen.add(span);
    return true;
  });
}
