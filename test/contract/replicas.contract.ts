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
      expect(heard.there.at(-1)).toEqual({ kind: 'card', incident: 12 });
      expect(heard.here.length).toBe(before);
    });

    it('gives an ensemble to one replica, and keeps it there', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];

      expect(await first.hold('orders', longMs)).toBe(true);
      expect(await second.hold('orders', longMs)).toBe(false);
      expect(await first.hold('orders', longMs)).toBe(true);
      expect(await second.hold('billing', longMs)).toBe(true);
    });

    it('moves an ensemble when its replica lets go or falls silent', async () => {
      const [first, second] = [stores.owner('a'), stores.owner('b')];
      await first.hold('orders', longMs);

      await second.release('orders');
      expect(await second.hold('orders', longMs)).toBe(false);
      await first.release('orders');
      expect(await second.hold('orders', shortMs)).toBe(true);

      await stores.pass(shortMs);
      expect(await until('the lease ends', () => first.hold('orders', longMs))).toBe(true);
    });
  });
}
