import type { Language } from '../../model/person.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { Reply } from '../../model/reply.ts';
import { refusalText } from './words/refusal-text.ts';
import { words } from './words/words.ts';

/** A refusal as an answer: private, in words, with the next step. */
export function refusalReply(refusal: Refusal, language: Language): Reply {
  const all = words(language);
  const { text, next } = refusalText(all, refusal);
  return {
    outcome: 'refused',
    visibility: 'private',
    blocks: [{ kind: 'text', text: all.common.sentences([text, next]) }],
  };
}
