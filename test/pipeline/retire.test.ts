import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { retire } from '../../src/pipeline/retire.ts';
import { aDestination, anEnsembleSettings, aSettings, aTrigger } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

describe('an ensemble that left the configuration', () => {
  it('has its incidents expire, for nobody saw them go, and those of others left alone', async () => {
    const ensembles = [anEnsembleSettings({ id: 'carts' })];
    const house = aHouse({ settings: aSettings({ ensembles, destinations: [aDestination()] }) });
    for (const ensemble of ['orders', 'carts', ownEnsemble]) {
      const fingerprint = `${ensemble}/member-down/zk2`;
      await applyOpen(house, ensemble, aTrigger({ fingerprint, subject: { ensemble } }));
    }

    await retire(house);

    expect(await house.incidents.open('orders')).toEqual([]);
    expect(await house.incidents.get(1)).toMatchObject({
      state: 'resolved',
      expired: true,
      unseen: { why: 'left' },
    });
    expect(await house.incidents.open('carts')).toHaveLength(1);
    expect(await house.incidents.open(ownEnsemble)).toHaveLength(1);
    const { waiting } = await house.outbox.queue('ops', house.clock.now(), 10);
    expect(waiting.map(({ ensemble }) => ensemble)).toEqual(['orders']);
  });
});
