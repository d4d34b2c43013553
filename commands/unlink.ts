import { refuse } from '../src/model/refusal.ts';
import type { Reply } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { namesOf } from '../src/rules/card/card-lines.ts';
import { words } from '../src/rules/card/words/words.ts';

const usage = 'unlink [account]';

/** Takes an account of a chat from the person who linked it to themselves; alone, lists all that are linked. */
export const unlink: Command = {
  name: 'unlink',
  aliases: ['解除关联'],
  usage,
  role: 'admin',
  completes: ['text'],
  async run({ args }, desk) {
    const denied = desk.permit('admin', '*');
    if (denied !== undefined) return denied;
    const [account] = args;
    if (account === undefined) return await list(desk);
    const [, via, handle] = /^([a-z]+):(\S+)$/u.exec(account) ?? [];
    if (via === undefined || handle === undefined || args.length > 1)
      return refuse('bad-arguments', { usage });
    const { accounts } = words(desk.language).commands;
    const removed = await desk.unlinkAccount(via, handle);
    return saying(removed ? accounts.removed(account) : accounts.missing(account));
  },
};

async function list(desk: Desk): Promise<Reply> {
  const { accounts } = words(desk.language).commands;
  const { common } = words(desk.language);
  const links = await desk.linkedAccounts();
  if (links.length === 0) return saying(accounts.none);
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: [
      {
        kind: 'table',
        head: [accounts.heads.account, accounts.heads.person, accounts.heads.since],
        rows: links.map(({ via, handle, name, person, atMs }) => [
          `${via}:${handle}`,
          `${namesOf([person], desk.settings.people).join('')} (${name})`,
          common.time(atMs),
        ]),
      },
    ],
  };
}

function saying(text: string): Reply {
  return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
}
