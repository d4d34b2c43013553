import type { BackupHistory } from '../../../src/model/kept-backup.ts';
import { type BackupLog, backupsMax } from '../../../src/ports/backup-log.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** What is remembered of backups, in memory. */
export function createMemoryBackupLog(clock: Clock): BackupLog {
  const histories = new Map<string, BackupHistory>();
  const rights = new Map<string, { untilMs: number }>();
  return {
    history: (ensemble) => Promise.resolve(histories.get(ensemble) ?? { ensemble, kept: [] }),
    save(history) {
      histories.set(history.ensemble, { ...history, kept: history.kept.slice(0, backupsMax) });
      return Promise.resolve();
    },
    claim(ensemble, forMs) {
      if ((rights.get(ensemble)?.untilMs ?? 0) > clock.now()) return Promise.resolve(undefined);
      const right = { untilMs: clock.now() + forMs };
      rights.set(ensemble, right);
      const isOurs = (): boolean => rights.get(ensemble) === right && right.untilMs > clock.now();
      return Promise.resolve({
        renew(moreMs) {
          const mayGoOn = isOurs();
          if (mayGoOn) right.untilMs = clock.now() + moreMs;
          return Promise.resolve(mayGoOn);
        },
        release() {
          if (isOurs()) rights.delete(ensemble);
          return Promise.resolve();
        },
      });
    },
  };
}
