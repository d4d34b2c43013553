import { type SurveyPart, surveyParts } from './survey.ts';

/** The four-letter word by which a part is asked for. */
export const surveyWords = {
  conf: 'conf',
  clients: 'cons',
  digests: 'hash',
  memory: 'envi',
  watches: 'wchs',
  sizes: 'dirs',
} as const satisfies Readonly<Partial<Record<SurveyPart, string>>>;

export type WordPart = keyof typeof surveyWords;

export const wordParts: readonly WordPart[] = surveyParts.filter(
  (part): part is WordPart => part in surveyWords,
);
