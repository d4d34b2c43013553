import type { Ensemble, Server } from '../model/ensemble.ts';
import type { Job } from '../model/job.ts';
import type { Sample } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { Asked, Survey, SurveyFacts, SurveyPart } from '../model/survey.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostProbe } from '../ports/surveyor.ts';
import { dueParts, type SurveyPace } from '../rules/survey/due.ts';
import { mergeSurvey } from '../rules/survey/merge.ts';
import type { House } from './house.ts';
import type { Members } from './members.ts';

/** How long the questions to one server may take, all together; what is left over waits for the next survey. */
export const surveyTimeoutMs = 15_000;

/** After this the right to survey is free again, whatever became of who had it. */
const claimMs = 60_000;

/** How often anybody looks what is due; undefined where nothing is asked. */
export function surveyTickMs({ survey, host }: EnsembleSettings): number | undefined {
  return survey === undefined
    ? undefined
    : Math.min(survey.everyMs, host?.everyMs ?? survey.everyMs);
}

type SurveyHouse = Pick<House, 'settings' | 'ensembles' | 'clock' | 'telemetry' | 'surveying'>;

/** Asks the servers of an ensemble for the slow facts that are due: what a survey job does. One replica at a time does it. */
export async function survey(house: SurveyHouse, members: Members, job: Job): Promise<void> {
  if (job.kind !== 'survey') return;
  const settings = house.settings().ensembles.find((each) => each.id === job.ensemble);
  const { surveying } = house;
  const tickMs = settings === undefined ? undefined : surveyTickMs(settings);
  if (settings?.survey === undefined || tickMs === undefined || surveying === undefined) return;
  const pace: SurveyPace = {
    everyMs: settings.survey.everyMs,
    hostEveryMs: settings.host?.everyMs ?? settings.survey.everyMs,
    tickMs,
  };
  const done = await house.ensembles.claimSurvey(settings.id, claimMs);
  if (done === undefined) return;
  try {
    const ensemble = await members.of(settings);
    await surveyAll({ ...house, surveying }, settings, ensemble, {
      pace,
      isUrgent: job.urgent === true,
    });
  } finally {
    await done();
  }
}

type Surveying = SurveyHouse & Required<Pick<House, 'surveying'>>;

async function surveyAll(
  house: Surveying,
  settings: EnsembleSettings,
  ensemble: Ensemble,
  { pace, isUrgent }: { readonly pace: SurveyPace; readonly isUrgent: boolean },
): Promise<void> {
  const startedMs = house.clock.now();
  const servers = ensemble.servers.map(({ id }) => id);
  const { history, surveys } = await house.ensembles.recall(settings.id, servers, 1);
  await Promise.all(
    ensemble.servers.map(async (server) => {
      const before = surveys[server.id];
      const last = history[server.id]?.at(-1);
      const due = dueParts(before, pace, startedMs, isUrgent);
      // A server that tells the look nothing would tell as little here, and make its machine wait.
      const parts = isSilent(last) ? due.filter((part) => part === 'host') : due;
      if (parts.length > 0) await surveyServer(house, settings, server, { parts, before, last });
    }),
  );
  const seconds = (house.clock.now() - startedMs) / 1000;
  house.telemetry.time('survey_seconds', seconds, { ensemble: settings.id });
}

function isSilent(sample: Sample | undefined): boolean {
  return (
    sample?.kind === 'failure' &&
    ['refused', 'unreachable', 'timeout', 'reset', 'unresolved'].includes(sample.reason)
  );
}

interface Wanted {
  readonly parts: readonly SurveyPart[];
  readonly before: Survey | undefined;
  readonly last: Sample | undefined;
}

interface News {
  readonly facts: SurveyFacts;
  readonly asked: Readonly<Partial<Record<SurveyPart, Asked>>>;
}

/** The server and its machine side by side, each kept as soon as it is told: neither needs the other. */
async function surveyServer(
  house: Surveying,
  settings: EnsembleSettings,
  server: Server,
  { parts, before, last }: Wanted,
): Promise<void> {
  const { surveyor, hosts } = house.surveying;
  const { clock } = house;
  const zxid = last?.kind === 'reading' ? last.zxid : undefined;
  let known = before;
  let saved: Promise<void> = Promise.resolve();
  const keep = (news: News): Promise<void> => {
    known = mergeSurvey(
      server.id,
      known,
      { ...news, ...(zxid === undefined ? {} : { zxid }) },
      clock.now(),
    );
    const newest = known;
    saved = saved.then(() => house.ensembles.saveSurvey(settings.id, newest));
    return saved;
  };
  const words = parts.filter((part) => part !== 'host');
  await Promise.all([
    ...(words.length === 0
      ? []
      : [
          surveyor
            .survey({ settings, server, parts: words, before, timeoutMs: surveyTimeoutMs })
            .then(keep),
        ]),
    ...(parts.includes('host')
      ? [askMachine({ hosts, clock }, settings, server, before).then(keep)]
      : []),
  ]);
}

/** What the machine of a server told, or why it told nothing. */
export async function askMachine(
  { hosts, clock }: { readonly hosts: HostProbe; readonly clock: Clock },
  settings: EnsembleSettings,
  server: Server,
  before: Survey | undefined,
): Promise<News> {
  const host = await hosts.look(settings, server, before);
  const atMs = clock.now();
  if (host === undefined) return { facts: {}, asked: { host: { atMs, failed: 'no host probe' } } };
  return 'failed' in host
    ? { facts: {}, asked: { host: { atMs, failed: host.failed } } }
    : { facts: { host }, asked: { host: { atMs } } };
}
