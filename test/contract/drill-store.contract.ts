import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Drill, EndedDrill } from '../../src/model/drill.ts';
import { blankMemory } from '../../src/model/memory.ts';
import { aStamp } from '../support/builders.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const drill: Drill = {
  id: 'd-1',
  ensemble: 'orders',
  recording: 'quorum-lost',
  started: aStamp(),
  untilMs: 9e12,
  beside: [],
};
const ended: EndedDrill = { atMs: 5, why: 'stopped', name: 'Ann', report: {} };

export function drillStoreContract(name: string, make: MakeStores): void {
  describe(`drills in ${name}`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });
    afterEach(() => stores.close());

    it('keeps the last one of an ensemble, with what came of it', async () => {
      const { drills } = stores;
      const before = await drills.get('orders');

      await drills.start(drill);
      await drills.remember(drill, blankMemory);
      await drills.restarted(drill, 'zk2', 7);
      await drills.restarted(drill, 'zk2', 8);

      expect(before).toBeUndefined();
      expect(await drills.get('orders')).toEqual({
        drill,
        memory: blankMemory,
        restarts: { zk2: 8 },
      });
      expect(await drills.get('users')).toBeUndefined();
    });

    it('is ended once', async () => {
      const { drills } = stores;
      await drills.start(drill);

      const answers = await Promise.all([drills.end(drill, ended), drills.end(drill, ended)]);

      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await drills.get('orders')).toMatchObject({ ended });
    });

    it('forgets what is written of one that another has taken the place of', async () => {
      const { drills } = stores;
      await drills.start(drill);
      await drills.start({ ...drill, id: 'd-2' });

      await drills.restarted(drill, 'zk2', 7);
      await drills.end(drill, ended);

      expect(await drills.get('orders')).toEqual({ drill: { ...drill, id: 'd-2' }, restarts: {} });
    });
  });
}
