import type { Card, GridRow, Tone } from '../model/card.ts';
import type { Invocation } from '../model/invocation.ts';
import type { Form, Reply, ReplyBlock } from '../model/reply.ts';
import type { Paint } from './cli-io.ts';

/** Characters of a cell before it is cut: a table of four still fits a wide terminal. */
const cellCharsMax = 60;

/** How answers name commands; here they are typed behind the program's name. */
const typedInChat = '/zk ';

const dots: Readonly<Record<GridRow['health'], string>> = { good: '●', bad: '✖', odd: '○' };
const dotStyles = { good: 'green', bad: 'red', odd: 'yellow' } as const;
const toneStyles = {
  critical: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  info: ['bold', 'cyan'],
  acknowledged: ['bold', 'blue'],
  resolved: ['bold', 'green'],
} as const satisfies Record<Tone, unknown>;

/** An answer as text for a terminal; forms are asked for separately. */
export function replyText(reply: Reply, paint: Paint): string {
  return reply.blocks
    .map((block) => blockText(block, paint))
    .filter((text) => text !== '')
    .join('\n\n')
    .replaceAll(typedInChat, 'nightkeeper ');
}

function blockText(block: ReplyBlock, paint: Paint): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'facts':
      return table([], block.rows, paint);
    case 'table':
      return table(block.head, block.rows, paint);
    case 'grid':
      return [paint([...toneStyles[block.tone]], block.title), grid(block.rows, paint)].join('\n');
    case 'card':
      return cardText(block.card, paint);
    case 'link':
      return `${block.label}: ${block.url}`;
    case 'completions': {
      const rows = block.lines.map(({ line, hint }) => [`${typedInChat}${line}`, hint]);
      return [block.title, table([], rows, paint)].join('\n');
    }
    case 'form':
      return formText(block.form, paint);
  }
}

function grid(rows: readonly GridRow[], paint: Paint): string {
  const cells = rows.map((row) => [row.server, row.role, row.state, row.lag ?? '']);
  const widths = widthsOf(cells);
  return rows
    .map((row, index) => {
      const dot = paint(dotStyles[row.health], dots[row.health]);
      return `  ${dot} ${rowText(cells[index] ?? [], widths)}`.trimEnd();
    })
    .join('\n');
}

function cardText(card: Card, paint: Paint): string {
  const commands = [...card.buttons, ...card.more].map(
    ({ label, invocation }): readonly string[] => [label, commandLine(invocation)],
  );
  const parts = [
    `${paint([...toneStyles[card.tone]], `#${card.incident} ${card.title}`)}  ${paint('dim', card.severity)}`,
    grid(card.grid, paint),
    [card.meaning, card.advice].filter((line) => line !== '').join('\n'),
    [...card.symptoms, ...card.evidence].map((line) => `  - ${line}`).join('\n'),
    [card.stateLine, ...(card.recoveryLine === undefined ? [] : [card.recoveryLine])].join('\n'),
    [card.runbookUrl, card.consoleUrl]
      .flatMap((url) => (url === undefined ? [] : [paint('dim', url)]))
      .join('\n'),
    table([], commands, paint),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Title and sum of a form; the question itself is the caller's. */
export function formText(form: Form, paint: Paint): string {
  return [paint('bold', form.title), ...form.lines.map((line) => `  ${line}`)].join('\n');
}

/** The line that a person types to make an invocation. */
export function commandLine(invocation: Invocation): string {
  const options = Object.entries(invocation.options).flatMap(([name, value]) => [
    `--${name}`,
    quoted(value),
  ]);
  return ['nightkeeper', invocation.command, ...invocation.args.map(quoted), ...options].join(' ');
}

/** As a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const widths = widthsOf([head, ...rows]);
  const lines = rows.map((row) => `  ${rowText(row, widths)}`.trimEnd());
  if (head.length === 0) return lines.join('\n');
  return [paint('dim', `  ${rowText(head, widths)}`.trimEnd()), ...lines].join('\n');
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => textWidth(cut(row[column] ?? '')))),
  );
}

/** The last cell of a row is never cut: long text belongs there. */
function rowText(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => {
      if (column === row.length - 1) return cell;
      const text = cut(cell);
      return text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)));
    })
    .join('  ');
}

function cut(cell: string): string {
  return cell.length > cellCharsMax ? `${cell.slice(0, cellCharsMax - 1)}…` : cell;
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/gu;

/** Columns that a text takes in a terminal: East Asian characters take two. */
export function textWidth(text: string): number {
  return (text.match(/./gsu)?.length ?? 0) + (text.match(wide)?.length ?? 0);
}
