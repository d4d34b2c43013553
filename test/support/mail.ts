/** A mail as a mail program shows it. */
export interface ReadMail {
  /** By name in lower case, unfolded and decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
}

/** Reads a mail of one text and one HTML part, as RFC 2045 to 2047 write it. */
export function readMail(raw: string): ReadMail {
  const whole = partOf(raw.replaceAll('\r\n', '\n'));
  const boundary = /boundary="?([^";\n]+)"?/u.exec(whole.headers['content-type'] ?? '')?.[1];
  const parts =
    boundary === undefined
      ? [whole]
      : whole.body
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((part) => partOf(part.replace(/^\n/u, '')));
  const bodyOf = (type: string): string => {
    const part = parts.find(({ headers }) => headers['content-type']?.startsWith(type));
    return part === undefined ? '' : decoded(part);
  };
  return { headers: whole.headers, text: bodyOf('text/plain'), html: bodyOf('text/html'), raw };
}

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function partOf(text: string): Part {
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).replaceAll(/\n[ \t]+/gu, ' ');
  const headers = Object.fromEntries(
    head
      .split('\n')
      .map((line) => /^([A-Za-z0-9-]+):\s*(.*)$/u.exec(line))
      .filter((match) => match !== null)
      .map((match) => [(match[1] ?? '').toLowerCase(), encodedWords(match[2] ?? '')]),
  );
  return { headers, body: end < 0 ? '' : text.slice(end + 2) };
}

function decoded({ headers, body }: Part): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replaceAll(/=\n/gu, ''));
  return body;
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** `=?UTF-8?Q?…?=`, and nothing between two of them. */
function encodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/gu, '?==?')
    .replaceAll(/((?:=\?[\w-]+\?[BbQq]\?[^?]*\?=)+)/gu, (words: string) =>
      Buffer.concat(
        [...words.matchAll(/=\?[\w-]+\?([BbQq])\?([^?]*)\?=/gu)].map(([, kind, data = '']) =>
          kind?.toUpperCase() === 'B'
            ? Buffer.from(data, 'base64')
            : Buffer.from(
                data
                  .replaceAll('_', ' ')
                  .replaceAll(/=([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
                    String.fromCharCode(Number.parseInt(hex, 16)),
                  ),
                'latin1',
              ),
        ),
      ).toString('utf8'),
    );
}
