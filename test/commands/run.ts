import { parseLine } from '../../src/model/invocation.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { Reply, ReplyBlock } from '../../src/model/reply.ts';
import type { Command, Desk } from '../../src/ports/command.ts';
import { refusalText } from '../../src/rules/card/words/refusal-text.ts';
import { words } from '../../src/rules/card/words/words.ts';

/** Runs a typed line as the pipeline would, whichever word it begins with. */
export function run(command: Command, line: string, desk: Desk): Promise<Reply | Refusal> {
  const invocation = parseLine(line);
  if (invocation === undefined) throw new Error(`not a line: ${line}`);
  return command.run(invocation, desk);
}

/** An answer as a person reads it: every text of it, line by line. */
export function read(answer: Reply | Refusal): string {
  if ('kind' in answer) {
    const { text, next } = refusalText(words('en'), answer);
    return `${text} ${next}`;
  }
  return answer.blocks.map(readBlock).join('\n');
}

function readBlock(block: ReplyBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'facts':
      return block.rows.map((row) => row.join(': ')).join('\n');
    case 'table':
      return [block.head, ...block.rows].map((row) => row.join(' | ')).join('\n');
    case 'grid':
      return [block.title, ...block.rows.map((row) => `${row.server} ${row.state}`)].join('\n');
    case 'card':
      return `[${block.card.title}]`;
    case 'link':
      return `${block.label}: ${block.url}`;
    case 'completions':
      return [block.title, ...block.lines.map(({ line }) => line)].join('\n');
    case 'form':
      return [block.form.title, ...block.form.lines].join('\n');
  }
}
