import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evidenceKept, type RecoveryStore, recoveriesMax } from '../../src/ports/recovery-store.ts';
import { aRecovery } from '../support/builders.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const longMs = 60_000;
const shortMs = 60;

/** What every keeper of recoveries promises. */
export function recoveryStoreContract(name: string, make: MakeStores): void {
  describe(`${name} as recovery store`, () => {
    let stores: StoresUnderTest;
    let store: RecoveryStore;

    beforeEach(async () => {
      stores = await make();
      store = stores.recoveries;
    });

    afterEach(() => stores.close());

    async function locked(recovery: string, leaseMs: number): Promise<number> {
      const answer = await store.lock('orders', recovery, leaseMs);
      if (!('fence' in answer)) throw new Error(`held by ${answer.heldBy}`);
      return answer.fence;
    }

    it('keeps what servers said before a recovery, for the newest recoveries', async () => {
      const pack = (server: string) => ({
        server,
        atMs: 1,
        answers: { mntr: 'zk_uptime\t9', conf: '' },
      });
      for (let number = 1; number <= evidenceKept + 2; number += 1)
        await store.keepEvidence('orders', `r-${number}`, [pack('zk1')]);
      await store.keepEvidence('orders', 'r-9', [pack('zk1'), pack('zk2')]);

      expect(await store.evidence('orders', 'r-2')).toEqual([]);
      expect(await store.evidence('orders', 'r-3')).toEqual([pack('zk1')]);
      expect(await store.evidence('orders', 'r-9')).toEqual([pack('zk1'), pack('zk2')]);
      expect(await store.evidence('billing', 'r-9')).toEqual([]);
    });

    it('lets one of fifty recoveries of an ensemble run, and names it to the others', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => store.lock('orders', `r-${index}`, longMs)),
      );

      const running = await store.running('orders');
      expect(answers.filter((answer) => 'fence' in answer)).toHaveLength(1);
      const holders = answers.flatMap((answer) => ('heldBy' in answer ? [answer.heldBy] : []));
      expect(new Set(holders)).toEqual(new Set([running]));
      expect(await store.lock('billing', 'r-99', longMs)).toHaveProperty('fence');
    });

    it('hands out a larger fence every time, over expiry, return and the same recovery again', async () => {
      const first = await locked('r-1', longMs);
      const again = await locked('r-1', shortMs);
      await stores.pass(shortMs);
      const other = await until('the lock ends', () => locked('r-2', longMs));
      await store.unlock('orders', 'r-2', other);
      const last = await locked('r-3', longMs);

      expect([again > first, other > again, last > other]).toEqual([true, true, true]);
    });

    it('renews the lock only for its holder with its newest fence', async () => {
      const old = await locked('r-1', longMs);
      const fence = await locked('r-1', longMs);

      expect(await store.renew('orders', 'r-1', old, longMs)).toBe(false);
      expect(await store.renew('orders', 'r-2', fence, longMs)).toBe(false);
      expect(await store.renew('orders', 'r-1', fence, longMs)).toBe(true);
    });

    it('does not let a late holder renew or give back the lock of another', async () => {
      const late = await locked('r-1', shortMs);
      await stores.pass(shortMs);
      await until('the lock ends', () => locked('r-2', longMs));

      await store.unlock('orders', 'r-1', late);

      expect(await store.renew('orders', 'r-1', late, longMs)).toBe(false);
      expect(await store.running('orders')).toBe('r-2');
    });

    it('says that nothing runs after the lock was given back', async () => {
      const fence = await locked('r-1', longMs);

      await store.unlock('orders', 'r-1', fence);

      expect(await store.running('orders')).toBeUndefined();
    });

    it('gives every recovery its own id', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => store.allocate()));

      expect(new Set(ids).size).toBe(20);
      expect(ids.every((id) => /^r-\d+$/u.test(id))).toBe(true);
    });

    it('lets one of fifty writers of the same version win', async () => {
      const recovery = aRecovery({ id: await store.allocate() });
      expect(await store.save(recovery, 0)).toBe('written');

      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, writer) =>
          store.save({ ...recovery, version: 2, reason: String(writer) }, 1),
        ),
      );

      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(await store.get('orders', recovery.id)).toMatchObject({
        version: 2,
        reason: String(outcomes.indexOf('written')),
      });
    });

    it('keeps the newest, newest first, and the one that runs', async () => {
      const running = aRecovery({ id: await store.allocate(), state: 'running' });
      await locked(running.id, longMs);
      await store.save(running, 0);
      for (let count = 0; count < recoveriesMax + 3; count += 1)
        await store.save(aRecovery({ id: await store.allocate() }), 0);

      const kept = await store.recent('orders', recoveriesMax * 2);

      expect(kept).toHaveLength(recoveriesMax);
      expect(kept[0]?.id).toBe(`r-${recoveriesMax + 4}`);
      expect(kept.at(-1)).toEqual(running);
      expect(kept.at(-2)?.id).toBe('r-6');
      expect(await store.get('orders', 'r-2')).toBeUndefined();
      expect(await store.recent('orders', 3)).toHaveLength(3);
      expect(await store.recent('billing', 3)).toEqual([]);
    });
  });
}
