import type { Server } from '../../model/ensemble.ts';
import { noAnswer } from '../../model/recovery.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import { askWord } from './four-letter-word.ts';

/** What an evidence pack asks of a server: its numbers, its clients, its watches, its configuration, its machine. */
export const evidenceWords: readonly string[] = ['mntr', 'srvr', 'cons', 'wchs', 'conf', 'envi'];

/** Bytes kept of each answer: the `mntr` of a leader fits, the connections of a busy server are cut. */
export const evidenceBytesMax = 32 * 1024;

/**
 * The raw answers of a server, by word. A word that is refused is left out; one that fails says how, in one line: what a server
 * did not answer is evidence too.
 */
export async function collectEvidence(
  settings: EnsembleSettings,
  server: Server,
  timeoutMs: number,
): Promise<Readonly<Record<string, string>>> {
  const answers = await Promise.all(
    evidenceWords.map(async (word) => {
      const answer = await askWord({
        endpoint: server.client,
        word,
        timeoutMs,
        ...(settings.tls === undefined ? {} : { tls: settings.tls }),
      });
      if (answer.kind === 'text') return [[word, cut(answer.text)] as const];
      if (answer.reason === 'not-allowed') return [];
      return [[word, `${noAnswer}${answer.reason}, ${answer.detail}`] as const];
    }),
  );
  return Object.fromEntries(answers.flat());
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= evidenceBytesMax) return text;
  const more = bytes.length - evidenceBytesMax;
  return `${bytes.subarray(0, evidenceBytesMax).toString('utf8')}\n… ${more} bytes more`;
}
