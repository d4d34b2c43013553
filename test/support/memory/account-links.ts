import type { AccountLink, AccountLinks } from '../../../src/ports/account-links.ts';

/** Which accounts of chats belong to whom, in this process. */
export function createMemoryAccountLinks(): AccountLinks {
  const links: AccountLink[] = [];
  const at = (via: string, handle: string): number =>
    links.findIndex((link) => link.via === via && link.handle === handle);
  return {
    add(link) {
      const isTaken = links.some(
        ({ via, handle, person }) =>
          via === link.via && (handle === link.handle || person === link.person),
      );
      if (!isTaken) links.push(structuredClone(link));
      return Promise.resolve(isTaken ? 'taken' : 'added');
    },
    find: (via, handle) => Promise.resolve(links[at(via, handle)]),
    remove(via, handle) {
      const index = at(via, handle);
      if (index !== -1) links.splice(index, 1);
      return Promise.resolve(index !== -1);
    },
    list: () => Promise.resolve(links.toSorted((a, b) => a.atMs - b.atMs)),
  };
}
