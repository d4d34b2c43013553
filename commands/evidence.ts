import type { EvidencePack, Recovery } from '../src/model/recovery.ts';
import { refuse } from '../src/model/refusal.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { codeBlock } from '../src/rules/card/markdown.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { chatCharsMax, wholeText } from './export.ts';
import { isRefusal } from './parts/find.ts';
import { findRecovery } from './parts/find-recovery.ts';

const usage = 'evidence <recovery> [word]';

/** What servers said right before a recovery acted on them: afterwards the cause is gone. */
export const evidence: Command = {
  name: 'evidence',
  aliases: ['证据'],
  usage,
  role: 'operator',
  completes: ['text', 'text'],
  async run(invocation, desk) {
    const recovery = await findRecovery(invocation, desk, usage);
    if (isRefusal(recovery)) return recovery;
    const packs = await desk.evidence(recovery);
    const said = words(desk.language).evidence;
    const [, word] = invocation.args;
    if (word?.toLowerCase() === 'output') return answer(outputOf(recovery, desk));
    if (packs.length === 0) return answer(said.none(recovery.id));
    if (word === undefined)
      return {
        outcome: 'done',
        visibility: 'private',
        blocks: [
          { kind: 'table', head: [said.server, said.time, said.words], rows: packs.map(rowOf) },
          { kind: 'text', text: said.next(recovery.id) },
        ],
      };
    const found = packs.filter(({ answers }) => answers[word.toLowerCase()] !== undefined);
    if (found.length === 0) return refuse('bad-arguments', { usage });
    const text = found
      .map(({ server, answers }) => {
        const lines = (answers[word.toLowerCase()] ?? '').trimEnd().split('\n');
        return `${server} ${word.toLowerCase()}\n${codeBlock(lines)}`;
      })
      .join('\n\n');
    return answer(wholeText.includes(desk.origin.via) ? text : cut(text, chatCharsMax));

    function rowOf({ server, atMs, answers }: EvidencePack): readonly string[] {
      const sizes = Object.entries(answers).map(([name, raw]) => `${name} (${raw.length})`);
      return [server, words(desk.language).common.time(atMs), sizes.join(', ')];
    }
  },
};

/** What the orders printed, the end of it. */
function outputOf({ id, output = '' }: Recovery, { origin, language }: Desk): string {
  if (output.trim() === '') return words(language).evidence.noOutput(id);
  const text = codeBlock(output.trimEnd().split('\n'));
  return wholeText.includes(origin.via) ? text : cut(text, chatCharsMax);
}

function answer(text: string): Awaited<ReturnType<Command['run']>> {
  return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
}
