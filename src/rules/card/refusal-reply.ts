import type { Language } from '../../model/person.ts';
import type { Refusal, RefusalCode } from '../../model/refusal.ts';
import type { CompletedLine, Reply } from '../../model/reply.ts';
import { refusalText } from './words/refusal-text.ts';
import { words } from './words/words.ts';

/** Which field of a form a refusal is about. */
const fields: Readonly<Partial<Record<RefusalCode, string>>> = {
  'silence-end-missing': 'until',
  'silence-end-past': 'until',
  'silence-too-long': 'until',
  'silence-reason-missing': 'reason',
  'resolve-reason-missing': 'reason',
  'reason-missing': 'reason',
  'note-missing': 'reason',
};

/** A refusal as an answer: private, in words, with the next step. */
export function refusalReply(refusal: Refusal, language: Language): Reply {
  const all = words(language);
  const { text, next } = refusalText(all, refusal);
  const field = fields[refusal.code];
  return {
    outcome: 'refused',
    visibility: 'private',
    blocks: [{ kind: 'text', text: all.common.sentences([text, next]) }],
    ...(field === undefined ? {} : { field }),
  };
}

/** A refusal of a line that was not whole: with the lines that it can become, in place of a list of words. */
export function completionsReply(
  { kind, code, facts }: Refusal,
  lines: readonly CompletedLine[],
  language: Language,
): Reply {
  const { known: _listed, suggestion, ...rest } = facts;
  const isOffered = lines.some(({ line }) => line.split(' ').includes(String(suggestion)));
  const reply = refusalReply(
    { kind, code, facts: suggestion !== undefined && isOffered ? { ...rest, suggestion } : rest },
    language,
  );
  const title = words(language).common.youCouldWrite;
  return { ...reply, blocks: [...reply.blocks, { kind: 'completions', title, lines }] };
}
