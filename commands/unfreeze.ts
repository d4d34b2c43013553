import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findScope, isRefusal } from './parts/find.ts';

const usage = 'unfreeze <ensemble>';

/** Ends what keeps an ensemble from being recovered, before its time. */
export const unfreeze: Command = {
  name: 'unfreeze',
  aliases: ['解冻'],
  usage,
  role: 'operator',
  completes: ['ensemble'],
  async run({ args }, desk) {
    const [name] = args;
    if (name === undefined || args.length > 1) return refuse('bad-arguments', { usage });
    const ensemble = findScope(desk, name);
    if (typeof ensemble !== 'string') return ensemble;
    const denied = desk.permit('operator', ensemble);
    if (denied !== undefined) return denied;
    const found = (await desk.silences()).filter(
      ({ freezes, scope }) => freezes !== undefined && (scope.ensemble ?? '*') === ensemble,
    );
    if (found.length === 0) return refuse('not-frozen', { ensemble });
    for (const { id } of found) {
      const ended = await desk.unsilence(id);
      if (isRefusal(ended) && ended.code !== 'silence-over') return ended;
    }
    const text = words(desk.language).commands.done.unfreeze(ensemble);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};
