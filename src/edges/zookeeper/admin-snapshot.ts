import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import type { Endpoint } from '../../model/ensemble.ts';
import { nameOf } from './socket-failure.ts';

/** A snapshot that a server streamed to us, or why not. */
export type SnapshotAnswer =
  | {
      readonly kind: 'kept';
      readonly bytes: number;
      readonly sha256: string;
      /** The last transaction in it, hexadecimal. */
      readonly zxid: string;
    }
  | { readonly kind: 'refused'; readonly why: SnapshotRefusal; readonly detail: string };

/**
 * `too-old`: no such command before 3.9. `off`: switched off. `login`: it wants other credentials. `too-often`: one in five minutes by
 * default. `cut`: fewer or more bytes than were announced. `strange`: no snapshot. `away`: no answer.
 */
export type SnapshotRefusal =
  | 'too-old'
  | 'off'
  | 'login'
  | 'too-often'
  | 'cut'
  | 'strange'
  | 'away'
  | 'disk';

/** The first bytes of a snapshot. @see FileSnap in apache/zookeeper */
const magic = 'ZKSN';

/** Nothing for so long: the server writes its snapshot first, and then sends it. */
const silenceMsMax = 120_000;

/** What an answer that is none is read for. */
const errorBytesMax = 4_000;

/** Asked of a server that lets anybody have it, which is ZooKeeper's default while `/` is open. */
export const nobody = 'digest nightkeeper:nightkeeper';

/**
 * Has a server of 3.9 or newer stream its snapshot into a file. Checked are its size as announced, its first bytes, and that its
 * last transaction is told. What fails leaves `FILE.part`.
 */
export async function fetchSnapshot(
  endpoint: Endpoint,
  file: string,
  options: {
    readonly login?: string;
    readonly signal?: AbortSignal;
    readonly onBytes: (bytes: number) => void;
  },
): Promise<SnapshotAnswer> {
  const refused = (why: SnapshotRefusal, detail: string): SnapshotAnswer => {
    return { kind: 'refused', why, detail: `${nameOf(endpoint)}: ${detail}` };
  };
  let response: IncomingMessage;
  try {
    response = await ask(endpoint, options);
  } catch (error) {
    return refused('away', messageOf(error));
  }
  const { statusCode = 0, headers } = response;
  const zxid = /^0x[0-9a-f]{1,16}$/u.exec(String(headers['last_zxid'] ?? ''))?.[0];
  const size = Number(headers['snapshot_size'] ?? Number.NaN);
  if (statusCode !== 200 || zxid === undefined || !Number.isSafeInteger(size) || size <= 0) {
    const text = await textOf(response);
    return refused(whyOf(statusCode, text), `HTTP ${statusCode} ${text.slice(0, 200)}`.trim());
  }
  try {
    const { bytes, sha256, begin } = await keep(response, `${file}.part`, size, options.onBytes);
    if (begin !== magic) return refused('strange', 'it does not begin as a snapshot does');
    if (bytes !== size) return refused('cut', `${bytes} of ${size} bytes`);
    await rename(`${file}.part`, file);
    return { kind: 'kept', bytes, sha256, zxid };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isDisk = /^(?:ENOSPC|EDQUOT|EACCES|EROFS|ENOENT|EISDIR|ENOTDIR)$/u.test(code);
    return refused(isDisk ? 'disk' : 'cut', code === '' ? messageOf(error) : code);
  }
}

function ask(
  { host, port }: Endpoint,
  options: { readonly login?: string; readonly signal?: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host,
      port,
      path: '/commands/snapshot?streaming=true',
      agent: false,
      headers: { authorization: options.login ?? nobody },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    outgoing.setTimeout(silenceMsMax, () =>
      outgoing.destroy(new Error(`no answer in ${silenceMsMax} ms`)),
    );
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function keep(
  response: IncomingMessage,
  partFile: string,
  size: number,
  onBytes: (bytes: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string; readonly begin: string }> {
  // Only we may read it: what permissions protect lies open in it.
  const handle = await open(partFile, 'w', 0o600);
  const sum = createHash('sha256');
  let bytes = 0;
  let begin = '';
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (begin.length < magic.length)
        begin = (begin + chunk.toString('latin1', 0, magic.length)).slice(0, magic.length);
      bytes += chunk.length;
      // More than was announced is not written: who knows how much more there is.
      if (bytes > size) break;
      sum.update(chunk);
      await handle.writeFile(chunk);
      onBytes(bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: sum.digest('hex'), begin };
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      if (text.length > errorBytesMax) break;
    }
  } catch {
    // What came so far must do.
  }
  return text.replaceAll(/\s+/gu, ' ').trim();
}

/** What 3.8 and 3.9 answer where there is no snapshot: an unknown command is HTTP 200 with an error in it. */
export function whyOf(status: number, text: string): SnapshotRefusal {
  if (/unknown command/iu.test(text)) return 'too-old';
  if (status === 401 || status === 403) return 'login';
  if (status === 429) return 'too-often';
  if (status === 503 || /disabled/iu.test(text)) return 'off';
  return 'strange';
}

export function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
