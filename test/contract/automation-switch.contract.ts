import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SwitchedOff } from '../../src/model/automation.ts';
import { aStamp } from '../support/builders.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const orders: SwitchedOff = { scope: 'orders', set: aStamp(), reason: 'new disks' };

export function automationSwitchContract(name: string, make: MakeStores): void {
  describe(`the switch of automation in ${name}`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });
    afterEach(() => stores.close());

    it('is on until somebody switches it off, and says who did so first', async () => {
      const { automation } = stores;
      const before = await automation.list();

      await automation.off(orders);
      await automation.off({ ...orders, reason: 'me too' });
      await automation.off({ ...orders, scope: '*' });

      expect(before).toEqual([]);
      const list = await automation.list();
      expect(list.toSorted((a, b) => a.scope.localeCompare(b.scope))).toEqual([
        { ...orders, scope: '*' },
        orders,
      ]);
    });

    it('is on again once, whoever asks', async () => {
      const { automation } = stores;
      await automation.off(orders);

      const answers = await Promise.all([automation.on('orders'), automation.on('orders')]);

      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await automation.list()).toEqual([]);
    });
  });
}
