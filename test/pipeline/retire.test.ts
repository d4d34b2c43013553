import { describe, expect, it } from 'vitest';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { retire } from '../../src/pipeline/retire.ts';
import { aTrigger } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

describe('an ensemble that left the configuration', () => {
  it('has its incidents resolved by the configuration, and those of others left alone', async () => {
    const house = aHouse();
    await applyOpen(house, 'orders', aTrigger());
    const other = { fingerprint: 'carts/member-down/zk2', subject: { ensemble: 'carts' } };
    await applyOpen(house, 'carts', aTrigger(other));

    await retire(house, 'orders');

    expect(await house.incidents.open('orders')).toEqual([]);
    expect(await house.incidents.get(1)).toMatchObject({
      state: 'resolved',
      resolvedBy: { by: 'nightkeeper', via: 'configuration' },
    });
    expect(await house.incidents.open('carts')).toHaveLength(1);
  });
});
