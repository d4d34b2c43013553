import type { AccountLink, AccountLinks } from '../../ports/account-links.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** Which accounts of chats belong to whom, in Redis: one hash by account, one by person. */
export function createAccountLinks(redis: RedisLink): AccountLinks {
  const { accountLinks: accounts, accountOwners: owners } = redis.keys.shared;

  async function find(via: string, handle: string): Promise<AccountLink | undefined> {
    const text = await redis.ask((client) => client.hget(accounts, `${via}:${handle}`));
    return text === null ? undefined : readJson<AccountLink>(text, accounts);
  }

  return {
    find,
    async add(link) {
      const added = await redis.step(
        'link-account',
        [accounts, owners],
        [`${link.via}:${link.handle}`, `${link.via}:${link.person}`, JSON.stringify(link)],
      );
      return added === 1 ? 'added' : 'taken';
    },
    async remove(via, handle) {
      const link = await find(via, handle);
      if (link === undefined) return false;
      const keys = [`${via}:${handle}`, `${via}:${link.person}`];
      return (await redis.step('unlink-account', [accounts, owners], keys)) === 1;
    },
    async list() {
      const all = await redis.ask((client) => client.hvals(accounts));
      return all
        .map((text) => readJson<AccountLink>(text, accounts))
        .toSorted((a, b) => a.atMs - b.atMs);
    },
  };
}
