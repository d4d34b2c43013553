import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Silence } from '../../src/model/silence.ts';
import { type SilenceStore, silencesMax } from '../../src/ports/silence-store.ts';
import { aStamp, nightMs } from '../support/builders.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const hourMs = 3_600_000;

function wanted(overrides: Partial<Silence> = {}): Omit<Silence, 'id'> {
  return {
    scope: { ensemble: 'orders', server: 'zk2' },
    reason: 'new disk',
    set: aStamp(),
    startMs: nightMs,
    endMs: nightMs + hourMs,
    ...overrides,
  };
}

/** What every keeper of silences promises. */
export function silenceStoreContract(name: string, make: MakeStores): void {
  describe(`${name} as silence store`, () => {
    let stores: StoresUnderTest;
    let store: SilenceStore;

    beforeEach(async () => {
      stores = await make();
      store = stores.silences;
    });

    afterEach(() => stores.close());

    it('gives each silence the next number and keeps it as it is', async () => {
      const first = await store.add(wanted(), nightMs);
      const second = await store.add(wanted({ scope: {} }), nightMs);

      expect([first, second]).toEqual([
        { ...wanted(), id: 1 },
        { ...wanted({ scope: {} }), id: 2 },
      ]);
      expect(await store.list()).toEqual([first, second]);
    });

    it('begins a window once, however many replicas do', async () => {
      const window = wanted({ window: 'patch' });

      const begun = await Promise.all(
        Array.from({ length: 20 }, () => store.add(window, nightMs, `patch:${nightMs}`)),
      );
      const next = await store.add(window, nightMs, `patch:${nightMs + 1}`);

      expect(begun).toEqual(begun.map(() => ({ ...window, id: 1 })));
      expect(next).toMatchObject({ id: 2 });
      expect(await store.list()).toHaveLength(2);
    });

    it('does not begin a window again that somebody has ended', async () => {
      await store.add(wanted(), nightMs, 'patch:1');
      const ended = await store.end(1, aStamp({ by: 'bo' }));

      const again = await store.add(wanted(), nightMs, 'patch:1');

      expect(ended).toMatchObject({ id: 1, ended: { by: 'bo' } });
      expect(again).toEqual(ended);
    });

    it('keeps the first who ended it', async () => {
      await store.add(wanted(), nightMs);

      await store.end(1, aStamp({ by: 'bo' }));
      const twice = await store.end(1, aStamp({ by: 'cy' }));

      expect(twice?.ended?.by).toBe('bo');
      expect(await store.list()).toEqual([twice]);
    });

    it('knows nothing of a number nobody has', async () => {
      expect(await store.end(9, aStamp())).toBeUndefined();
      expect(await store.list()).toEqual([]);
    });

    it('makes room by what ended first, and refuses where nothing is over', async () => {
      for (let index = 0; index < silencesMax; index += 1)
        await store.add(wanted({ endMs: nightMs + hourMs + index }), nightMs);
      const full = await store.add(wanted(), nightMs + hourMs - 1);
      const added = await store.add(wanted(), nightMs + hourMs + 1);

      const ids = (await store.list()).map(({ id }) => id);
      expect(full).toBe('full');
      expect(added).toMatchObject({ id: silencesMax + 1 });
      expect(ids).toHaveLength(silencesMax);
      expect(ids).not.toContain(1);
      expect(ids).toContain(2);
    });
  });
}
