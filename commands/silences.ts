import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { silenceTable } from '../src/rules/card/silence-table.ts';
import { words } from '../src/rules/card/words/words.ts';

const usage = 'silences';

/** What is silenced now, by whom, why and until when. */
export const silences: Command = {
  name: 'silences',
  aliases: ['静默列表'],
  usage,
  role: 'everyone',
  completes: [],
  async run({ args }, desk) {
    if (args.length > 0) return refuse('bad-arguments', { usage });
    const active = await desk.silences();
    const { noSilences } = words(desk.language).commands;
    return {
      outcome: 'done',
      visibility: 'private',
      blocks:
        active.length === 0 ? [{ kind: 'text', text: noSilences }] : silenceTable(active, desk),
    };
  },
};
