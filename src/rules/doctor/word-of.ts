import type { Said } from '../../model/diagnosis.ts';

/** What was heard instead of an answer. */
export function wordOf(answer: Exclude<Said<unknown>, { readonly kind: 'said' }>): string {
  return answer.kind === 'refused' ? answer.code : answer.reason;
}
