import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findScope, isRefusal } from './parts/find.ts';
import { readEnd } from './parts/read-end.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'freeze <ensemble> <2h|until 14:00> <reason>';

/** Keeps anything from being recovered for a while, with a reason and an end: by people as by the bot itself. */
export const freeze: Command = {
  name: 'freeze',
  aliases: ['冻结'],
  usage,
  role: 'operator',
  completes: ['ensemble', 'text'],
  async run({ args, options }, desk) {
    const [name, ...rest] = args;
    if (name === undefined) return refuse('bad-arguments', { usage });
    const ensemble = findScope(desk, name);
    if (typeof ensemble !== 'string') return ensemble;
    const denied = desk.permit('operator', ensemble);
    if (denied !== undefined) return denied;
    const end = readEnd(rest, desk);
    if (end === undefined) return refuse('freeze-end-missing', { usage });
    const reason = cut(
      (options['reason'] ?? rest.slice(end.took).join(' ')).trim(),
      reasonCharsMax,
    );
    const scope = ensemble === '*' ? {} : { ensemble };
    const set = await desk.silence({ scope, untilMs: end.untilMs, reason, freezes: 'only' });
    if (isRefusal(set)) return set;
    const text = words(desk.language).commands.done.freeze(ensemble, set.endMs);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};
