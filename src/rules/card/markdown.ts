/** A text inside a line of Markdown, shown as it is: no emphasis, link, code, HTML or table cell begins or ends in it. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~$]|:(?=\/\/)|(?<=\bwww)\.|@/giu, String.raw`\$&`)
    .trim();
}

/** A block of code; no fence inside can end it, and what a program sent to colour a terminal is gone. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map((line) => line.replaceAll(/\p{Cc}+/gu, ' ')).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table; cells are escaped here. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A list of labels and values; both are escaped here. */
export function markdownFacts(rows: readonly (readonly [label: string, value: string])[]): string {
  return rows
    .map(([label, value]) => `- **${escapeMarkdown(label)}:** ${escapeMarkdown(value)}`)
    .join('\n');
}
