import { isIP, type Socket } from 'node:net';
import type { Endpoint, Server } from '../../model/ensemble.ts';
import { assert } from '../../model/errors.ts';
import type { FailureReason } from '../../model/sample.ts';
import type { EnsembleSettings, TlsSettings } from '../../model/settings.ts';
import { startDeadline } from './deadline.ts';
import { createSocketOpener } from './open-socket.ts';
import { createSlots } from './slots.ts';
import { failureOf, nameOf, type SocketFailure } from './socket-failure.ts';

/**
 * Bytes read of one answer. The `mntr` of a 3.8 leader has 26 KB; one million connections in `cons` would have 200 MB, and a
 * person reads none of it.
 */
export const answerBytesMax = 1024 * 1024;

/** Sockets of probes open at once in this process: more only adds latency, measured with 50, 200 and 1000. */
export const probeSocketsMax = 50;

/**
 * How long a server may be silent before the newline is sent after the word. A TLS port of ZooKeeper waits for a fifth byte for
 * ever and closes on it: the newline turns a false "hung" into the truth. It is not sent at once, for a server that closes with
 * a byte unread resets the connection, and the tail of a long answer is lost with it (seen with 17 KB and a small window). Over a slow
 * link it comes later: two round trips, as the connect took one.
 */
export const newlineAfterMs = 250;

export interface WordRequest {
  readonly endpoint: Endpoint;
  /** `mntr` */
  readonly word: string;
  /** From the first packet to the last; waiting for a free slot does not count. */
  readonly timeoutMs: number;
  readonly tls?: TlsSettings;
  readonly signal?: AbortSignal;
}

export type WordAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'failure' } & SocketFailure);

/** All sockets of probes, words and AdminServer alike, go through here. */
export const probeSlots = createSlots(probeSocketsMax);

const opener = createSocketOpener();

/** Asks one four-letter word. Never throws for what the server does; leaves no socket behind. */
export async function askWord(request: WordRequest): Promise<WordAnswer> {
  return probeSlots.run(async () => {
    const open = await opener.prepare(request.endpoint, request.tls);
    if (typeof open === 'string') return failure('tls', false, open);
    if (request.signal?.aborted) return failure('timeout', false, 'given up');
    try {
      return await converse(open, request);
    } catch (error) {
      // A port or a server name that Node itself does not take.
      assert(error instanceof Error, 'what a socket throws is an error');
      const progress = { connected: false, shakingHands: false };
      return { kind: 'failure', ...failureOf(error, request.endpoint, progress) };
    }
  });
}

/** What a server says to a word whose answer is welcome and not missed. */
export async function textOfWord(
  { tls }: Pick<EnsembleSettings, 'tls'>,
  { client }: Pick<Server, 'client'>,
  word: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const answer = await askWord({
    endpoint: client,
    word,
    timeoutMs,
    ...(tls === undefined ? {} : { tls }),
  });
  return answer.kind === 'text' ? answer.text : undefined;
}

function failure(reason: FailureReason, connected: boolean, detail: string): WordAnswer {
  return { kind: 'failure', reason, connected, detail };
}

function converse(open: () => Socket, request: WordRequest): Promise<WordAnswer> {
  const { endpoint, word, timeoutMs, signal } = request;
  const name = nameOf(endpoint);
  const readyEvent = request.tls === undefined ? 'connect' : 'secureConnect';
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    let resolved = isIP(endpoint.host) !== 0;
    let connected = false;
    let ready = false;
    let newline: NodeJS.Timeout | undefined;

    const openedMs = performance.now();
    let roundTripMs = 0;
    const socket = open();
    const stopWaiting = startDeadline(timeoutMs, () => {
      if (!resolved)
        finish(failure('unresolved', false, `${endpoint.host}: no answer from the name server`));
      else finish(failure('timeout', connected, silence()));
    });
    const abandon = () => finish(failure('timeout', connected, 'given up'));
    signal?.addEventListener('abort', abandon);

    socket.once('lookup', () => {
      resolved = true;
    });
    socket.once('connect', () => {
      resolved = true;
      connected = true;
      roundTripMs = performance.now() - openedMs;
    });
    socket.once(readyEvent, () => {
      ready = true;
      socket.write(word);
      const pauseMs = Math.max(Math.min(newlineAfterMs, timeoutMs / 2), 2 * roundTripMs);
      newline = setTimeout(() => socket.write('\n'), pauseMs);
    });
    socket.on('data', (part: Buffer) => {
      clearTimeout(newline);
      parts.push(part);
      bytes += part.length;
      if (bytes > answerBytesMax)
        finish(failure('garbled', true, `more than ${answerBytesMax} bytes from ${name}`));
    });
    socket.on('error', (error) => {
      // The reset that follows a whole answer takes nothing away; whether it is whole, the parser sees.
      if (bytes > 0) return finish(read());
      const shakingHands = connected && !ready;
      finish({ kind: 'failure', ...failureOf(error, endpoint, { connected, shakingHands }) });
    });
    // Before the handshake is done an error follows, which says more.
    socket.once('end', () => ready && finish(read()));
    socket.once('close', () => finish(read()));

    function read(): WordAnswer {
      return judge(Buffer.concat(parts).toString('utf8'), name);
    }

    function silence(): string {
      if (!connected) return `no connection to ${name} within ${timeoutMs} ms`;
      if (!ready) return `no TLS handshake with ${name} within ${timeoutMs} ms`;
      return `${word}: ${bytes} bytes from ${name} within ${timeoutMs} ms`;
    }

    function finish(answer: WordAnswer): void {
      stopWaiting();
      clearTimeout(newline);
      signal?.removeEventListener('abort', abandon);
      socket.destroy();
      resolve(answer);
    }
  });
}

/** A sentence of a server as evidence: the two known ones are shorter. */
const detailCharsMax = 120;

/** Tells an answer from the two sentences with which a server declines. */
function judge(text: string, name: string): WordAnswer {
  if (text.trim() === '') return failure('reset', true, `${name} closed without an answer`);
  if (text.startsWith('This ZooKeeper instance is not currently serving requests'))
    return failure('not-serving', true, text.trim().slice(0, detailCharsMax));
  if (/^\S+ is not executed because it is not in the whitelist\.\s*$/.test(text))
    return failure('not-allowed', true, text.trim().slice(0, detailCharsMax));
  return { kind: 'text', text };
}
