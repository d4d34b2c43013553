import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountLink } from '../../src/ports/account-links.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** What every keeper of linked accounts promises. */
export function accountLinksContract(name: string, make: MakeStores): void {
  describe(`${name} as keeper of linked accounts`, () => {
    let stores: StoresUnderTest;
    const ann: AccountLink = { via: 'slack', handle: 'U1', name: 'ann', person: 'ann', atMs: 1 };

    beforeEach(async () => {
      stores = await make();
    });

    afterEach(() => stores.close());

    it('finds an account by its chat and id', async () => {
      expect(await stores.links.add(ann)).toBe('added');

      expect(await stores.links.find('slack', 'U1')).toEqual(ann);
      expect(await stores.links.find('dingtalk', 'U1')).toBeUndefined();
      expect(await stores.links.find('slack', 'U2')).toBeUndefined();
    });

    it('gives an account to one person, and a person one account in each chat', async () => {
      await stores.links.add(ann);

      expect(await stores.links.add({ ...ann, person: 'bo' })).toBe('taken');
      expect(await stores.links.add({ ...ann, handle: 'U2' })).toBe('taken');
      expect(await stores.links.add({ ...ann, via: 'dingtalk' })).toBe('added');
      expect(await stores.links.find('slack', 'U1')).toMatchObject({ person: 'ann' });
    });

    it('lets go of an account, for somebody else to have', async () => {
      await stores.links.add(ann);

      expect(await stores.links.remove('slack', 'U1')).toBe(true);
      expect(await stores.links.remove('slack', 'U1')).toBe(false);
      expect(await stores.links.add({ ...ann, person: 'bo', atMs: 2 })).toBe('added');
      expect(await stores.links.add({ ...ann, handle: 'U2', atMs: 3 })).toBe('added');
      expect((await stores.links.list()).map(({ person }) => person)).toEqual(['bo', 'ann']);
    });
  });
}
