import type { Ensemble, Server } from '../model/ensemble.ts';
import type { Job } from '../model/job.ts';
import type { Sample } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { Asked, Survey, SurveyFacts, SurveyPart } from '../model/survey.ts';
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
      const parts = dueParts(before, pace, startedMs, isUrgent);
      const zxid = zxidOf(history[server.id]?.at(-1));
      if (parts.length === 0) return;
      const news = await ask(house, settings, server, { parts, before });
      const merged = mergeSurvey(
        server.id,
        before,
        { ...news, ...(zxid === undefined ? {} : { zxid }) },
        house.clock.now(),
      );
      await house.ensembles.saveSurvey(settings.id, merged);
    }),
  );
  const seconds = (house.clock.now() - startedMs) / 1000;
  house.telemetry.time('survey_seconds', seconds, { ensemble: settings.id });
}

function zxidOf(sample: Sample | undefined): string | undefined {
  return sample?.kind === 'reading' ? sample.zxid : undefined;
}

/** The server and its machine side by side: neither needs the other. */
async function ask(
  house: Surveying,
  settings: EnsembleSettings,
  server: Server,
  { parts, before }: { readonly parts: readonly SurveyPart[]; readonly before: Survey | undefined },
): Promise<{
  readonly facts: SurveyFacts;
  readonly asked: Readonly<Partial<Record<SurveyPart, Asked>>>;
}> {
  const [told, host] = await Promise.all([
    house.surveying.surveyor.survey({
      settings,
      server,
      parts: parts.filter((part) => part !== 'host'),
      before,
      timeoutMs: surveyTimeoutMs,
    }),
    parts.includes('host') ? house.surveying.hosts.look(settings, server, before) : undefined,
  ]);
  if (!parts.includes('host')) return told;
  const atMs = house.clock.now();
  if (host === undefined)
    return { ...told, asked: { ...told.asked, host: { atMs, failed: 'no host probe' } } };
  return 'failed' in host
    ? { ...told, asked: { ...told.asked, host: { atMs, failed: host.failed } } }
    : { facts: { ...told.facts, host }, asked: { ...told.asked, host: { atMs } } };
}
