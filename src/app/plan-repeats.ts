import { ownEnsemble } from '../model/ensemble.ts';
import { crawlTickMs } from '../pipeline/crawl.ts';
import type { House } from '../pipeline/house.ts';
import { backupLookMs } from '../pipeline/keep-backups.ts';
import { selfTestLookMs } from '../pipeline/self-test.ts';
import { lifeEveryMs } from '../pipeline/silences.ts';
import { surveyTickMs } from '../pipeline/survey.ts';

/** How often each destination is looked at although nothing was asked for. */
const tellEveryMs = 30_000;

/** One repeating look per ensemble, each at its own place within the interval: equal intervals would all fire at once. */
async function planLooks(house: House): Promise<readonly string[]> {
  const { ensembles } = house.settings();
  await Promise.all(
    ensembles.map(({ id, probe }, index) => {
      const offsetMs = Math.floor((probe.everyMs * index) / ensembles.length);
      return house.schedule.every(`observe-${id}`, probe.everyMs, offsetMs, {
        kind: 'observe',
        ensemble: id,
        notices: [],
      });
    }),
  );
  return ensembles.map(({ id }) => `observe-${id}`);
}

/** One repeating survey per ensemble, each at its own place within the interval, and one now. */
async function planSurveys(house: House): Promise<readonly string[]> {
  if (house.surveying === undefined) return [];
  const ids: string[] = [];
  const { ensembles } = house.settings();
  for (const [index, settings] of ensembles.entries()) {
    const tickMs = surveyTickMs(settings);
    if (tickMs === undefined) continue;
    const name = `survey-${settings.id}`;
    const job = { kind: 'survey', ensemble: settings.id } as const;
    const offsetMs = Math.floor((tickMs * index) / ensembles.length);
    await house.schedule.every(name, tickMs, offsetMs, job);
    // Without Redis nothing waits for it: the first repetition asks.
    await house.schedule.now(job, `${name}-now`).catch(() => undefined);
    ids.push(name);
  }
  return ids;
}

/** One repeating step of each crawl, each at its own place within the interval. */
async function planCrawls(house: House): Promise<readonly string[]> {
  if (house.trees === undefined) return [];
  const crawled = house.settings().ensembles.filter(({ crawl }) => crawl !== undefined);
  await Promise.all(
    crawled.map(({ id }, index) => {
      const offsetMs = Math.floor((crawlTickMs * index) / crawled.length);
      const job = { kind: 'crawl', ensemble: id } as const;
      return house.schedule.every(`crawl-${id}`, crawlTickMs, offsetMs, job);
    }),
  );
  return crawled.map(({ id }) => `crawl-${id}`);
}

/** Whether a backup is due is looked at now and then; for all, so that the card of one that is set up no more ends. */
async function planBackups(house: House): Promise<readonly string[]> {
  if (house.backups === undefined) return [];
  const { ensembles } = house.settings();
  await Promise.all(
    ensembles.map(({ id }, index) => {
      const offsetMs = Math.floor((backupLookMs * index) / ensembles.length);
      const job = { kind: 'backup', ensemble: id } as const;
      return house.schedule.every(`backup-${id}`, backupLookMs, offsetMs, job);
    }),
  );
  return ensembles.map(({ id }) => `backup-${id}`);
}

/** Every destination is looked at now and then although nothing was asked for: jobs get lost with a Redis. */
async function planDestinations(house: House): Promise<readonly string[]> {
  const { destinations } = house.settings();
  await Promise.all(
    destinations.map(({ id }, index) => {
      const offsetMs = Math.floor((tellEveryMs * index) / destinations.length);
      const job = { kind: 'deliver', destination: id } as const;
      return house.schedule.every(`tell-${id}`, tellEveryMs, offsetMs, job);
    }),
  );
  return destinations.map(({ id }) => `tell-${id}`);
}

/** One repeating reading per calendar of an on-call schedule, and one now: whose turn it is may be asked at any moment. */
async function planCalendars(house: House): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { id, calendar } of house.settings().onCall) {
    if (calendar === undefined) continue;
    const job = { kind: 'read-calendar', ensemble: ownEnsemble, schedule: id } as const;
    const name = `read-calendar-${id}`;
    await house.schedule.every(name, calendar.refreshMs, 0, job);
    // Without Redis nothing waits for it: the first repetition reads it.
    await house.schedule.now(job, `${name}-now`).catch(() => undefined);
    ids.push(name);
  }
  // Ends the card about a calendar that left the configuration.
  const none = { kind: 'read-calendar', ensemble: ownEnsemble, schedule: '' } as const;
  await house.schedule.now(none, 'read-calendar-none').catch(() => undefined);
  return ids;
}

/** The daily card that proves that cards come through. One look on one replica asks whether its time has come. */
async function planSelfTest(house: House): Promise<readonly string[]> {
  if (house.settings().selfTest === undefined) return [];
  const job = { kind: 'self-test', ensemble: ownEnsemble } as const;
  await house.schedule.every('self-test', selfTestLookMs, 0, job);
  return ['self-test'];
}

/** What hangs on the time of day and not on a look: silences. */
async function planLife(house: House): Promise<readonly string[]> {
  await house.schedule.every('life', lifeEveryMs, 0, { kind: 'life', ensemble: ownEnsemble });
  return ['life'];
}

/** Everything that repeats, and nothing else any more. */
export async function planRepeats(house: House): Promise<void> {
  const ids = await Promise.all(
    [
      planLooks,
      planSurveys,
      planCrawls,
      planBackups,
      planDestinations,
      planCalendars,
      planLife,
      planSelfTest,
    ].map((plan) => plan(house)),
  );
  await house.schedule.only(ids.flat());
}
