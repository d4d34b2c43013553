import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { scopeWord } from '../src/rules/card/silence-table.ts';
import { words } from '../src/rules/card/words/words.ts';
import { isRefusal } from './parts/find.ts';

const usage = 'unsilence <silence>';

/** Ends a silence before its time: what is still there speaks. */
export const unsilence: Command = {
  name: 'unsilence',
  aliases: ['解除静默', '取消静默'],
  usage,
  role: 'operator',
  completes: ['silence'],
  async run({ args }, desk) {
    const number = /^[#＃]?(\d{1,9})$/u.exec(args[0] ?? '')?.[1];
    if (number === undefined || args.length > 1) return refuse('bad-arguments', { usage });
    const id = Number(number);
    const found = (await desk.silences()).find((silence) => silence.id === id);
    if (found === undefined) return refuse('unknown-silence', { silence: id });
    const denied = desk.permit('operator', found.scope.ensemble ?? '*');
    if (denied !== undefined) return denied;
    const ended = await desk.unsilence(id);
    if (isRefusal(ended)) return ended;
    const text = words(desk.language).commands.done.unsilence(id, scopeWord(ended));
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};
