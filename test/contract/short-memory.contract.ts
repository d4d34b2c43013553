import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShortMemory } from '../../src/ports/short-memory.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** What every short memory promises. */
export function shortMemoryContract(name: string, make: MakeStores): void {
  describe(`${name} as short memory`, () => {
    let stores: StoresUnderTest;
    let memory: ShortMemory;

    beforeEach(async () => {
      stores = await make();
      memory = stores.shortMemory;
    });

    afterEach(() => stores.close());

    it('gives a key to the first who names it', async () => {
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => memory.claim('msg-1', 60_000)),
      );

      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await memory.claim('msg-2', 60_000)).toBe(true);
    });

    it('forgets after the time given', async () => {
      await memory.claim('msg-1', 40);
      await memory.put('question', 'why?', 40);
      await stores.pass(40);

      await until('both are forgotten', async () => {
        const isGone = (await memory.get('question')) === undefined;
        return isGone && (await memory.claim('msg-1', 60_000));
      });

      expect(await memory.claim('msg-1', 60_000)).toBe(false);
    });

    it('answers what was put last', async () => {
      await memory.put('question', 'why?', 60_000);
      await memory.put('question', 'since when?', 60_000);

      expect(await memory.get('question')).toBe('since when?');
      expect(await memory.get('another')).toBeUndefined();
    });

    it('hands over what is taken to one of those who ask', async () => {
      await memory.put('question', 'why?', 60_000);

      const taken = await Promise.all([memory.take('question'), memory.take('question')]);

      expect(taken.filter((each) => each === 'why?')).toHaveLength(1);
      expect(await memory.get('question')).toBeUndefined();
    });
  });
}
