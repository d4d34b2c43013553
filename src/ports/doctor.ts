import type { Diagnosis } from '../model/diagnosis.ts';
import type { EnsembleId } from '../model/ensemble.ts';
import type { Language } from '../model/person.ts';

/** Looks whether everything stands that the bot needs. Changes nothing, and is done within `examinationMs`. */
export interface Doctor {
  /** Everything, or one ensemble only. What cannot be found out is a result as well. */
  examine(ensemble?: EnsembleId): Promise<readonly Diagnosis[]>;
  /** Sends one mail that says what it is. */
  testMail(to: string, language: Language): Promise<Diagnosis>;
}

/** The whole of it; whoever asked from the command line waits no longer than half a minute. */
export const examinationMs = 24_000;
