/** Bytes of a text in UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Cuts a text to `max` bytes between code points, with `…` at the end. */
export function clipBytes(text: string, max: number): string {
  if (bytesOf(text) <= max) return text;
  const room = max - bytesOf('…');
  let kept = '';
  let bytes = 0;
  for (const point of text) {
    bytes += bytesOf(point);
    if (bytes > room) break;
    kept += point;
  }
  return `${kept}…`;
}

/** Joins as many lines as fit into `max` bytes; the last one says how many do not. A line alone is cut to `lineMax`. */
export function joinLines(
  lines: readonly string[],
  max: number,
  more: (count: number) => string,
  lineMax = 300,
): string {
  const cut = lines.map((line) => clipBytes(line, lineMax));
  const whole = cut.join(newLine);
  if (bytesOf(whole) <= max) return whole;
  const room = max - bytesOf(more(lines.length)) - bytesOf(newLine);
  const kept: string[] = [];
  let bytes = 0;
  for (const line of cut) {
    bytes += bytesOf(line) + bytesOf(newLine);
    if (bytes > room) break;
    kept.push(line);
  }
  return [...kept, more(lines.length - kept.length)].join(newLine);
}

/** DingTalk's Markdown breaks a line after two spaces only. */
export const newLine = '  \n';

/**
 * A text inside a line of DingTalk's Markdown, shown as it is: it begins no emphasis, link, heading, quote or list. There is no way to
 * escape a sign there, so those that would mean something give way to others that look like them. `@` stays: only who is named beside
 * a message is called.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[<>[\]*]/gu, (sign) => lookalikes[sign] ?? sign)
    .replaceAll(/_{2,}/gu, (run) => '＿'.repeat(run.length))
    .replace(/^(\s*)(#{1,6}|[-+]|\d+\.)(?=\s)/u, '$1\u200B$2')
    .trim();
}

const lookalikes: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '[': '［',
  ']': '］',
  '*': '∗',
};

/** A link; undefined where the address is no web address or too long to show. */
export function link(url: string | undefined, label: string, max: number): string | undefined {
  if (url === undefined || bytesOf(url) > max || !/^https?:\/\//u.test(url)) return undefined;
  return `[${plainText(label)}](${url.replaceAll(/[()\s]/gu, encodeURIComponent)})`;
}

/** A link that, pressed, sends a line as the person who presses it. open.dingtalk.com, interactive-mode. */
export function sayLink(line: string, label: string): string {
  const content = encodeURIComponent(line).replaceAll(/[()]/gu, (sign) =>
    sign === '(' ? '%28' : '%29',
  );
  return `[${plainText(label)}](dtmd://dingtalkclient/sendMessage?content=${content})`;
}
