import { lineMax } from './limits.ts';

/** Escapes a text for mrkdwn, so that no data becomes a link, a mention or `<!channel>`. docs.slack.dev/messaging/formatting-message-text */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Undoes `escape`, for what Slack escapes before it sends it to us. */
export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Cuts a text to `max` UTF-16 units between code points, with `…` at the end. */
export function clip(text: string, max: number): string {
  return cutWith(text, max, (point) => point);
}

/** Escapes and cuts: `max` counts the escaped text, and an entity is never cut in half. */
export function clipEscaped(text: string, max: number): string {
  return cutWith(text, max, escape);
}

function cutWith(text: string, max: number, dress: (point: string) => string): string {
  const whole = dress(text);
  if (whole.length <= max) return whole;
  let kept = '';
  for (const point of text) {
    const dressed = dress(point);
    if (kept.length + dressed.length > max - 1) break;
    kept += dressed;
  }
  return `${kept}…`;
}

/** Escaped lines that fit into `max` together; `more` names the number of those that do not. */
export function clipLines(
  lines: readonly string[],
  max: number,
  more: (count: number) => string,
): readonly string[] {
  const escaped = lines.map((line) => clipEscaped(line, lineMax));
  const sumOf = (list: readonly string[]): number =>
    list.reduce((sum, line) => sum + line.length + 1, 0);
  if (sumOf(escaped) <= max) return escaped;
  const room = max - more(lines.length).length - 1;
  const kept: string[] = [];
  let sum = 0;
  for (const line of escaped) {
    sum += line.length + 1;
    if (sum > room) break;
    kept.push(line);
  }
  return [...kept, more(lines.length - kept.length)];
}

/** Lines as a block of code; a fence inside cannot end it. */
export function codeBlock(lines: readonly string[]): string {
  return `\`\`\`\n${lines.join('\n').replaceAll('```', "'''")}\n\`\`\``;
}

/** Rows with their columns aligned, counting Chinese letters as two wide. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

/** Columns that a text takes in a font of equal widths. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const point of text) width += wide.test(point) ? 2 : 1;
  return width;
}

/** A link in mrkdwn. */
export function link(url: string, label: string): string {
  const safe = url.replaceAll(/[<>|\s]/gu, encodeURIComponent).replaceAll('&', '&amp;');
  return `<${safe}|${escape(label)}>`;
}

/** A moment in the reader's own zone; `fallback` for clients that cannot. docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function moment(atMs: number, fallback: string): string {
  return `<!date^${Math.floor(atMs / 1000)}^{date_short_pretty} {time_secs}|${escape(fallback)}>`;
}
