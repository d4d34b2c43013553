import type { Server } from '../../model/ensemble.ts';
import type { FailureReason, Sample, Source } from '../../model/sample.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Prober } from '../../ports/zookeeper.ts';
import { askAdmin } from './admin-server.ts';
import type { Answer } from './answer.ts';
import { discoverEnsemble } from './discover.ts';
import { collectEvidence } from './evidence.ts';
import { askWord, type WordAnswer } from './four-letter-word.ts';
import type { OwnSessionBooks } from './own-sessions.ts';
import { parseMntr } from './parse-mntr.ts';
import { parseMonitor } from './parse-monitor.ts';
import { parseSrvr } from './parse-srvr.ts';
import { readZnode } from './session-read.ts';
import type { SocketFailure } from './socket-failure.ts';

/** What one word came to: an answer that was read, or why not. */
type Word = { readonly kind: 'answer'; readonly answer: Answer } | Failed;
type Failed = { readonly kind: 'failure' } & SocketFailure;

/** What a probe came to, before it is stamped with server and time. */
type Outcome = (
  | { readonly kind: 'seen'; readonly source: Source; readonly answer: Answer }
  | Failed
) & { readonly refusedWords: readonly string[] };

/** Failures of the server as a whole: the other word would only say it again, later. */
const final: ReadonlySet<FailureReason> = new Set([
  'refused',
  'unreachable',
  'unresolved',
  'tls',
  'not-serving',
]);

/** Reads servers by four-letter words, and by the AdminServer where the words are not allowed. */
export function createProber({
  clock,
  ownSessions,
}: {
  readonly clock: Clock;
  readonly ownSessions?: OwnSessionBooks;
}): Prober {
  return {
    probe: async (settings, server, timeoutMs) => {
      const startedMs = performance.now();
      const outcome = await look(settings, server, timeoutMs);
      const tookMs = Math.round(performance.now() - startedMs);
      return sampleOf(outcome, server, clock.now(), tookMs);
    },
    discover: (settings) => {
      const book = ownSessions === undefined ? {} : { book: ownSessions.book(settings.id) };
      return discoverEnsemble(settings, (servers, path, options) =>
        readZnode(servers, path, { ...options, ...book }),
      );
    },
    evidence: collectEvidence,
  };
}

async function look(
  settings: EnsembleSettings,
  server: Server,
  timeoutMs: number,
): Promise<Outcome> {
  const endMs = performance.now() + timeoutMs;
  const [mntr, srvr] = await askBoth(settings, server, timeoutMs);
  const refusedWords = [...(isRefused(mntr) ? ['mntr'] : []), ...(isRefused(srvr) ? ['srvr'] : [])];

  const declined = [mntr, srvr].find((word): word is Failed => isFinal(word));
  if (declined !== undefined) return { ...declined, refusedWords };
  if (mntr.kind === 'answer')
    return { kind: 'seen', source: 'mntr', answer: withZxid(mntr.answer, srvr), refusedWords };
  if (!isRefused(mntr) || server.admin === undefined) return secondBest(mntr, srvr, refusedWords);

  const leftMs = Math.max(1, Math.round(endMs - performance.now()));
  const admin = read(await askAdmin(server.admin, 'monitor', leftMs), parseMonitor, 'monitor');
  if (admin.kind === 'answer')
    return { kind: 'seen', source: 'admin', answer: withZxid(admin.answer, srvr), refusedWords };
  if (srvr.kind === 'failure' && isRefused(srvr)) {
    const detail = `${mntr.detail} AdminServer: ${admin.detail}`;
    if (admin.reason === 'not-serving') return { ...admin, refusedWords };
    return { ...mntr, detail, refusedWords };
  }
  return secondBest(mntr, srvr, refusedWords);
}

/** Only `srvr` tells the zxid. */
function withZxid(answer: Answer, srvr: Word): Answer {
  const zxid = srvr.kind === 'answer' ? srvr.answer.zxid : undefined;
  return zxid === undefined ? answer : { ...answer, zxid };
}

/** Without `mntr`: the few numbers of `srvr`, or the failure that says most. */
function secondBest(mntr: Failed, srvr: Word, refusedWords: readonly string[]): Outcome {
  if (srvr.kind === 'answer')
    return { kind: 'seen', source: 'srvr', answer: srvr.answer, refusedWords };
  return { ...(isRefused(mntr) ? srvr : mntr), refusedWords };
}

/** Both words at once, so that a hung server costs one timeout; a final failure of one is the answer to both. */
async function askBoth(
  settings: EnsembleSettings,
  server: Server,
  timeoutMs: number,
): Promise<readonly [Word, Word]> {
  const other = new AbortController();
  const ask = async (word: string, parse: (text: string) => Answer | undefined) => {
    const answer = await askWord({
      endpoint: server.client,
      word,
      timeoutMs,
      signal: other.signal,
      ...(settings.tls === undefined ? {} : { tls: settings.tls }),
    });
    const result = read(answer, parse, word);
    if (isFinal(result)) other.abort();
    return result;
  };
  return Promise.all([ask('mntr', parseMntr), ask('srvr', parseSrvr)]);
}

function read(answer: WordAnswer, parse: (text: string) => Answer | undefined, what: string): Word {
  if (answer.kind === 'failure') return answer;
  const parsed = parse(answer.text);
  if (parsed !== undefined) return { kind: 'answer', answer: parsed };
  const detail = `${what}: ${answer.text.length} characters nobody can read or cut in the middle`;
  return { kind: 'failure', reason: 'garbled', connected: true, detail };
}

function isFinal(word: Word): boolean {
  return word.kind === 'failure' && final.has(word.reason);
}

function isRefused(word: Word): boolean {
  return word.kind === 'failure' && word.reason === 'not-allowed';
}

function sampleOf(outcome: Outcome, server: Server, atMs: number, tookMs: number): Sample {
  const { refusedWords } = outcome;
  const stamp = {
    server: server.id,
    atMs,
    tookMs,
    ...(refusedWords.length === 0 ? {} : { refusedWords }),
  };
  if (outcome.kind === 'seen')
    return { kind: 'reading', ...stamp, source: outcome.source, ...outcome.answer };
  const { reason, connected, detail } = outcome;
  return { kind: 'failure', ...stamp, reason, connected, detail };
}
