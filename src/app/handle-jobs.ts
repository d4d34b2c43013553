import { readCalendar } from '../edges/ical/read-calendar.ts';
import { attend, keepAutomation } from '../pipeline/automation.ts';
import { crawl } from '../pipeline/crawl.ts';
import { deliver } from '../pipeline/deliver.ts';
import { keepDrills, playDrill } from '../pipeline/drill.ts';
import { escalate } from '../pipeline/escalate.ts';
import type { House } from '../pipeline/house.ts';
import type { BackupKeeper } from '../pipeline/keep-backups.ts';
import type { Members } from '../pipeline/members.ts';
import { fallback } from '../pipeline/notify.ts';
import { observe } from '../pipeline/observe.ts';
import { createPace } from '../pipeline/pace.ts';
import { readCalendarOf } from '../pipeline/read-calendar.ts';
import type { Recoverer } from '../pipeline/recover.ts';
import { remind } from '../pipeline/remind.ts';
import { reroute } from '../pipeline/reroute.ts';
import { selfTest } from '../pipeline/self-test.ts';
import { keepSilences } from '../pipeline/silences.ts';
import { survey } from '../pipeline/survey.ts';
import { giveUpTest } from '../pipeline/test-cards.ts';
import { createTrendReader } from '../pipeline/trends.ts';

/** Who does the work of each kind of job. */
export function handleJobs(
  house: House,
  parts: {
    readonly members: Members;
    readonly recoverer: Recoverer;
    readonly keeper: BackupKeeper;
  },
): void {
  const observing = {
    members: parts.members,
    pace: createPace(house),
    trends: createTrendReader(house),
  };
  house.schedule.handle('observe', (job) => observe(house, observing, job));
  house.schedule.handle('survey', (job) => survey(house, parts.members, job));
  house.schedule.handle('crawl', (job) => crawl(house, parts.members, job));
  house.schedule.handle('backup', (job) => parts.keeper.run(job));
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('fallback', (job) => fallback(house, job));
  house.schedule.handle('escalate', (job) => escalate(house, job));
  house.schedule.handle('life', async () => {
    await keepSilences(house);
    await keepAutomation(house, parts.members);
    await keepDrills(house);
  });
  house.schedule.handle('drill', (job) => playDrill(house, parts.members, job));
  house.schedule.handle('auto', (job) => attend(house, parts.members, job));
  house.schedule.handle('remind', (job) => remind(house, job));
  house.schedule.handle('reroute', (job) => reroute(house, job));
  house.schedule.handle('read-calendar', (job) => readCalendarOf(house, readCalendar, job));
  house.schedule.handle('self-test', (job) => selfTest(house, job));
  house.schedule.handle('test-card', (job) => giveUpTest(house, job));
  house.schedule.handle('recover', (job) => parts.recoverer.run(job));
}
