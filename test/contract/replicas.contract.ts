import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bulletin } from '../../src/ports/bulletin.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const longMs = 60_000;
const shortMs = 60;

/** What replicas may expect of what stands between them. */
export function replicasContract(name: string, make: MakeStores): void {
  describe(`${name} between replicas`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });

    afterEach(() => stores.close());

    it('tells a hint to every replica, the teller included, until it stops listening', async () => {
      const [here, there] = stores.bulletins;
      const heard: Record<'here' | 'there', Bulletin[]> = { here: [], there: [] };
      const stop = here.subscribe((bulletin) => heard.here.push(bulletin));
      there.subscribe((bulletin) => heard.there.push(bulletin));
      await until('both listen', () => {
        here.publish({ kind: 'status', ensemble: 'orders' });
        return heard.here.length > 0 && heard.there.length > 0;
      });

      stop();
      const before = heard.here.length;
      there.publish({ kind: 'card', incident: 12 });

      await until('the hint comes', () => heard.there.some(({ kind }) => kind === 'card'));
      // A cluster keeps no order between hints that came in at different servers.
      expect(heard.there).toContainEqual({ kind: 'card', incident: 12 });
      expect(heard.here.length).toBe(before);
    });

    it('knows who lives, and forgets who falls silent or leaves', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];

      expect(await first.beat(longMs)).toEqual(['a']);
      expect(await second.beat(shortMs)).toEqual(['a', 'b']);
      await stores.pass(shortMs);
      await until('b is silent too long', async () => (await first.beat(longMs)).length === 1);
      expect(await second.beat(longMs)).toEqual(['a', 'b']);
      await first.leave();
      expect(await second.beat(longMs)).toEqual(['b']);
    });

    it('gives an ensemble to one replica, and keeps it there', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];
      await first.beat(longMs);
      await second.beat(longMs);

      expect(await first.hold(['orders'])).toEqual(['orders']);
      expect(await second.hold(['orders', 'billing'])).toEqual(['billing']);
      expect(await first.hold(['orders', 'billing'])).toEqual(['orders']);
    });

    it('moves an ensemble when its replica lets go, and only then', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];
      await first.beat(longMs);
      await second.beat(longMs);
      await first.hold(['orders']);

      await second.release('orders');
      expect(await second.hold(['orders'])).toEqual([]);
      await first.release('orders');
      expect(await second.hold(['orders'])).toEqual(['orders']);
      await second.leave();
      expect(await first.hold(['orders'])).toEqual(['orders']);
    });

    it('takes everything from a replica that falls silent, and gives it nothing until it lives', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];
      await first.beat(shortMs);
      await second.beat(longMs);
      await first.hold(['orders']);
      await stores.pass(shortMs);

      const moved = await until('the heartbeat runs out', async () => {
        const ours = await second.hold(['orders']);
        return ours.length > 0 && ours;
      });

      expect(moved).toEqual(['orders']);
      expect(await first.hold(['orders', 'billing'])).toEqual([]);
      await first.beat(longMs);
      expect(await first.hold(['orders', 'billing'])).toEqual(['billing']);
    });
  });
}
