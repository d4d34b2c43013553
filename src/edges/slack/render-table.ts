import type { types } from '@slack/bolt';
import type { Tone } from '../../model/card.ts';
import { listSectionMax, phoneColumns } from './limits.ts';
import { section } from './render-card.ts';
import { alignColumns, clip, clipEscaped, codeBlock, displayWidth } from './text.ts';

/** A colour as a dot in a line of text. */
export const dots: Readonly<Record<Tone, string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  acknowledged: '🟡',
  resolved: '🟢',
};

/** Cells that only say that there is nothing. */
const nothing: ReadonlySet<string> = new Set(['', '—']);

/**
 * A table as a phone can show it: with its columns aligned where they fit beside each other, otherwise a line for each row, the first
 * cell in bold. Long ones take several sections.
 */
export function renderTable(table: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly tones?: readonly Tone[];
}): types.SectionBlock[] {
  const { head, tones } = table;
  const rows = tones === undefined ? table.rows.flatMap(parted) : table.rows;
  const aligned = alignColumns(head.length === 0 ? rows : [head, ...rows]);
  const fits = aligned.every((line) => displayWidth(line) <= phoneColumns);
  if (fits && tones === undefined) {
    return inSections(
      aligned.map((line) => clipEscaped(line, listSectionMax)),
      (lines) => codeBlock(lines),
    );
  }
  const lines = rows.map((cells, index) => {
    const tone = tones?.[index];
    const [first = '', ...rest] = cells;
    const name = first === '' ? '' : `*${clipEscaped(first, 300)}*`;
    const others = rest.filter((cell) => !nothing.has(cell)).map((cell) => clipEscaped(cell, 500));
    return [tone === undefined ? '' : dots[tone], name, others.join(' · ')]
      .filter((part) => part !== '')
      .join(' ');
  });
  return inSections(lines, (part) => part.join('\n'));
}

/** Lines in as few sections as hold them. */
function inSections(
  lines: readonly string[],
  dress: (lines: readonly string[]) => string,
): types.SectionBlock[] {
  const parts: string[][] = [];
  let sum = Number.POSITIVE_INFINITY;
  for (const line of lines.map((each) => clip(each, listSectionMax))) {
    if (sum + line.length + 1 > listSectionMax) {
      parts.push([]);
      sum = 0;
    }
    sum += line.length + 1;
    parts.at(-1)?.push(line);
  }
  return parts.map((part) => section(dress(part)));
}

/** A row whose cells have several lines, as several rows. */
function parted(cells: readonly string[]): readonly (readonly string[])[] {
  const lines = cells.map((cell) => cell.split('\n'));
  const height = Math.max(1, ...lines.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) => lines.map((each) => each[index] ?? ''));
}

/** The most rows of a table that fit into so many letters. */
export function rowsWithin<T extends Parameters<typeof renderTable>[0]>(
  table: T,
  room: number,
  lengthOf: (blocks: types.SectionBlock[]) => number,
): T {
  let count = table.rows.length;
  const cut = (): T => ({ ...table, rows: table.rows.slice(0, count) });
  while (count > 0 && lengthOf(renderTable(cut())) > room) count = Math.floor(count * 0.9);
  return cut();
}
