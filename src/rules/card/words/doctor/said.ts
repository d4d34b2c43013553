import type { DiagnosisCode } from '../../../../model/diagnosis.ts';
import type { Facts } from '../../../../model/finding.ts';

/** What a check says, and what to do where there is something to do. */
export interface SaidOfCheck {
  readonly text: string;
  readonly next?: string;
}

/** The words of a check: what it found, of what it is about. */
export type WordsOfChecks<Code extends DiagnosisCode> = Readonly<
  Record<Code, (facts: Facts) => SaidOfCheck>
>;

/** Codes of a part, by how they begin. */
export type CodesOf<Begin extends string> = Extract<DiagnosisCode, Begin | `${Begin}-${string}`>;
