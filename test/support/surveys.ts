import type { EnsembleView } from '../../src/model/finding.ts';
import type { HostFacts, Survey, SurveyFacts, SurveyPart } from '../../src/model/survey.ts';
import { aView, nightMs } from './builders.ts';

/** What a survey brought, each part asked and answered at the night's moment. */
export function aSurvey(server: string, facts: SurveyFacts = {}, atMs = nightMs): Survey {
  const asked = Object.fromEntries(Object.keys(facts).map((part) => [part, { atMs }]));
  return { server, atMs, asked, ...facts };
}

/** A survey whose last question for a part brought nothing. */
export function failedOn(survey: Survey, part: SurveyPart, failed: string): Survey {
  return { ...survey, asked: { ...survey.asked, [part]: { atMs: survey.atMs, failed } } };
}

/** A healthy view with these slow facts. */
export function aSurveyedView(
  facts: Readonly<Record<string, SurveyFacts>>,
  overrides: Parameters<typeof aView>[0] = {},
): EnsembleView {
  const surveys = Object.fromEntries(
    Object.entries(facts).map(([server, parts]) => [server, aSurvey(server, parts)]),
  );
  return aView({ surveys, ...overrides });
}

const gibibyte = 1024 ** 3;

/** A machine with half of its 100 GiB free. */
export function aHost(overrides: Partial<HostFacts> = {}): HostFacts {
  return {
    atMs: nightMs,
    disks: [
      {
        what: 'dataDir',
        path: '/data',
        mount: '/',
        freeBytes: 50 * gibibyte,
        totalBytes: 100 * gibibyte,
        inodesFree: 1_000_000,
        inodesTotal: 2_000_000,
      },
    ],
    logFile: '/var/log/zookeeper.log',
    ...overrides,
  };
}
