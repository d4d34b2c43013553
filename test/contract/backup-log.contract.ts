import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupHistory } from '../../src/model/kept-backup.ts';
import { backupsMax } from '../../src/ports/backup-log.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** What everything promises that remembers backups. */
export function backupLogContract(name: string, make: MakeStores): void {
  describe(`${name} as memory of backups`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });

    afterEach(() => stores.close());

    const history: BackupHistory = {
      ensemble: 'orders',
      kept: [
        {
          file: '/b/orders-1.nkb',
          startedMs: 1,
          endedMs: 2,
          root: '/',
          bytes: 3,
          sha256: 'ab',
          zxid: '0x4',
          znodes: 5,
          dataBytes: 6,
          ephemerals: 7,
          moved: 8,
          denied: 9,
        },
      ],
      failed: { sinceMs: 1, atMs: 2, why: '磁盘已满' },
    };

    it('gives back what was saved, for its ensemble alone', async () => {
      await stores.backupLog.save(history);

      expect(await stores.backupLog.history('orders')).toEqual(history);
      expect(await stores.backupLog.history('users')).toEqual({ ensemble: 'users', kept: [] });
    });

    it('remembers so many', async () => {
      const [one] = history.kept;
      const kept = Array.from({ length: backupsMax + 5 }, () => one!);

      await stores.backupLog.save({ ensemble: 'orders', kept });

      expect((await stores.backupLog.history('orders')).kept).toHaveLength(backupsMax);
    });
  });
}
