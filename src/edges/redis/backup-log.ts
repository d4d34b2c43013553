import type { BackupHistory } from '../../model/kept-backup.ts';
import { type BackupLog, backupsMax } from '../../ports/backup-log.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';
import { takeLease } from './lease.ts';

/** What is remembered of backups, in Redis: one hash, by ensemble. */
export function createBackupLog(redis: RedisLink): BackupLog {
  const key = redis.keys.shared.backups;
  return {
    async history(ensemble) {
      const text = await redis.ask((client) => client.hget(key, ensemble));
      return text === null
        ? { ensemble, kept: [] }
        : readJson<BackupHistory>(text, `${key} ${ensemble}`);
    },
    async save(history) {
      const text = JSON.stringify({ ...history, kept: history.kept.slice(0, backupsMax) });
      await redis.ask((client) => client.hset(key, history.ensemble, text));
    },
    claim: (ensemble, forMs) => takeLease(redis, redis.keys.ensemble(ensemble).backingUp, forMs),
  };
}
