import { open } from 'node:fs/promises';
import { NightkeeperError } from '../../model/errors.ts';
import type { CalendarSettings } from '../../model/on-call.ts';

/** Bytes of a calendar that are read, unpacked: a year of hourly hand-overs is about 2 MB. */
export const calendarBytesMax = 4_000_000;

/** The text of a calendar; `undefined` when nothing changed since the reading with the given `etag`. */
export interface FetchedCalendar {
  readonly text: string | undefined;
  readonly etag?: string;
}

/** Gets a calendar from its address or its file. Throws `calendar-unavailable`, without the address: it is often a key by itself. */
export async function fetchCalendar(
  { source, timeoutMs }: CalendarSettings,
  etag: string | undefined,
): Promise<FetchedCalendar> {
  try {
    return source.kind === 'file'
      ? { text: await readText(source.path) }
      : await fetchText(source.url, timeoutMs, etag);
  } catch (error) {
    if (error instanceof NightkeeperError) throw error;
    throw unavailable(reasonOf(error, timeoutMs), error);
  }
}

async function fetchText(
  url: string,
  timeoutMs: number,
  etag: string | undefined,
): Promise<FetchedCalendar> {
  const response = await fetch(url.replace(/^webcal:/u, 'https:'), {
    headers: {
      accept: 'text/calendar',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
    // Covers the body too.
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status === 304 && etag !== undefined) {
    await response.body?.cancel();
    return { text: undefined, etag };
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw unavailable(`the server answered HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > calendarBytesMax) throw tooBig();
    chunks.push(chunk);
  }
  const tag = response.headers.get('etag');
  return {
    text: new TextDecoder().decode(Buffer.concat(chunks)),
    ...(tag === null ? {} : { etag: tag }),
  };
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(calendarBytesMax + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (length > calendarBytesMax) throw tooBig();
      if (bytesRead === 0) return new TextDecoder().decode(buffer.subarray(0, length));
    }
  } finally {
    await file.close();
  }
}

function tooBig(): NightkeeperError {
  return unavailable(`it is longer than ${calendarBytesMax} bytes`);
}

function unavailable(reason: string, cause?: unknown): NightkeeperError {
  return new NightkeeperError('calendar-unavailable', reason, { cause: codeOf(cause) });
}

/** In words, without address or path. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no whole answer within ${timeoutMs} ms`;
  const code = codeOf(error);
  return code === undefined ? 'it could not be read' : `it could not be read: ${code}`;
}

function codeOf(error: unknown): string | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
  return undefined;
}
