import type { BackupHistory, BackupSettings } from '../../model/kept-backup.ts';

/** After a failure it is tried again so much later: what failed at once would fail all the time. */
export const retryMs = 15 * 60_000;

/** How long after its time a backup may be missing before people are told, at least: it has to be made first. */
export const overdueMsMin = 60 * 60_000;

/** The next moment a cron pattern names after another one. */
export type NextTime = (pattern: string, afterMs: number) => number | undefined;

/** When the next backup is due: at once where there is none. Undefined where only people ask for one. */
export function dueMs(
  { when }: BackupSettings,
  { kept, failed }: BackupHistory,
  next: NextTime,
): number | undefined {
  if (when === undefined) return undefined;
  const last = kept[0]?.startedMs;
  const due =
    last === undefined
      ? 0
      : 'everyMs' in when
        ? last + when.everyMs
        : (next(when.cron, last) ?? Number.POSITIVE_INFINITY);
  return failed === undefined ? due : Math.max(due, failed.atMs + retryMs);
}

/** Since when a backup is missing that should be there; undefined where all is well. A failed attempt is told at once. */
export function overdueSinceMs(
  settings: BackupSettings,
  history: BackupHistory,
  next: NextTime,
  nowMs: number,
): number | undefined {
  if (history.failed !== undefined) return history.failed.sinceMs;
  const due = dueMs(settings, history, next);
  // Where there was none so far, the first one is on its way.
  if (due === undefined || due === 0) return undefined;
  return nowMs - due > overdueMsMin ? due : undefined;
}
