import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupHistory } from '../../src/model/kept-backup.ts';
import { backupsMax } from '../../src/ports/backup-log.ts';
import { until } from '../support/until.ts';
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

    it('gives the right to back an ensemble up to one, until it is given back', async () => {
      const { backupLog } = stores;
      const [first, ...others] = (
        await Promise.all(Array.from({ length: 5 }, () => backupLog.claim('orders', 60_000)))
      ).filter((right) => right !== undefined);
      expect(others).toEqual([]);
      expect(await backupLog.claim('users', 60_000)).toBeDefined();

      expect(await first?.renew(60_000)).toBe(true);
      await first?.release();

      expect(await backupLog.claim('orders', 60_000)).toBeDefined();
    });

    it('tells who was away for too long that the right may be another one’s, and leaves it there', async () => {
      const { backupLog } = stores;
      const first = await backupLog.claim('orders', 40);
      await stores.pass(40);
      const second = await until('the right has run out', () => backupLog.claim('orders', 60_000));

      expect(await first?.renew(60_000)).toBe(false);
      await first?.release();

      expect(await backupLog.claim('orders', 60_000)).toBeUndefined();
      expect(await second.renew(60_000)).toBe(true);
    });
  });
}
