import type { Facts } from '../../../model/finding.ts';
import type { Refusal } from '../../../model/refusal.ts';
import type { RefusalText } from './refusals/en.ts';
import type { Words } from './words.ts';

/** A refusal in words, with the next step. */
export function refusalText(all: Words, refusal: Pick<Refusal, 'code' | 'facts'>): RefusalText {
  return all.refusals.codes[refusal.code](refusal.facts);
}

/** Whether a code (of a recovery's outcome, say) is a refusal's, and its words if so. */
export function refusalTextOf(all: Words, code: string, facts: Facts): RefusalText | undefined {
  const codes: Readonly<Record<string, (facts: Facts) => RefusalText>> = all.refusals.codes;
  return Object.hasOwn(codes, code) ? codes[code]?.(facts) : undefined;
}
