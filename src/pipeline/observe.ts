import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import type { Job } from '../model/job.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { urgentAfterMs } from '../rules/survey/due.ts';
import { planFor } from './automation.ts';
import { yieldDrill } from './drill.ts';
import type { House } from './house.ts';
import { judge } from './judge.ts';
import { look } from './look.ts';
import type { Members } from './members.ts';
import { notify, sweep } from './notify.ts';
import type { Pace } from './pace.ts';
import { freshTrends, type TrendReader } from './trends.ts';

/** What observing needs besides the house: what it keeps from one look to the next. */
export interface Observing {
  readonly members: Members;
  readonly pace: Pace;
  readonly trends: TrendReader;
}

/** Probe, judge, correlate, apply, tell: what an observe job does. */
export async function observe(
  house: House,
  { members, pace, trends }: Observing,
  job: Job,
): Promise<void> {
  if (job.kind !== 'observe') return;
  const settings = house.settings().ensembles.find((each) => each.id === job.ensemble);
  if (settings === undefined) return;
  const startedMs = house.clock.now();
  const ensemble = await members.of(settings);
  const [seen, past] = await Promise.all([
    look(house, settings, ensemble, job.notices),
    trends.of(ensemble),
  ]);
  const { memory, samples, points } = seen;
  const view = { ...seen.view, trends: freshTrends(past, points) };
  // A reload may have taken it out meanwhile, and nobody would end what opens now.
  if (!house.settings().ensembles.some(({ id }) => id === job.ensemble)) return;
  const judged = await judge(house, { view, memory, samples, points });
  // Its notices must not get lost: look once more.
  if (judged === 'conflict') {
    if (job.notices.length > 0) await pace.again(job.ensemble, job.notices);
    return;
  }
  const { firing, status, open, changed, touched } = judged;
  await notify(house, touched);
  await planFor(house, touched);
  await yieldDrill(house, ensemble.id, changed);
  if (changed.length > 0) await askMachines(house, settings);
  house.bulletins.publish({ kind: 'status', ensemble: ensemble.id });
  gauge(house, ensemble.id, status.health, startedMs);
  await pace.after(job.ensemble, {
    changed: touched.length > 0 || job.notices.length > 0,
    unsettled:
      open.length > 0 ||
      firing > 0 ||
      samples.some((sample) => sample.kind === 'failure') ||
      view.canary?.kind === 'failed',
  });
  for (const id of [ensemble.id, ownEnsemble]) if (pace.takeSweep(id)) await sweep(house, id);
}

/** Where something just went wrong, its machine may say what: it is asked out of turn. */
async function askMachines(house: House, { id, survey, host }: EnsembleSettings): Promise<void> {
  if (house.surveying === undefined || survey === undefined || host === undefined) return;
  const slot = Math.floor(house.clock.now() / urgentAfterMs);
  const job = { kind: 'survey', ensemble: id, urgent: true } as const;
  await house.schedule.now(job, `survey-${id}-urgent-${slot}`);
}

const healthNumber = { healthy: 0, degraded: 1, down: 2, unknown: 3 } as const;

function gauge(
  house: House,
  ensemble: EnsembleId,
  health: keyof typeof healthNumber,
  startedMs: number,
): void {
  const nowMs = house.clock.now();
  house.telemetry.gauge('ensemble_health', healthNumber[health], { ensemble });
  house.telemetry.gauge('last_observe_timestamp_seconds', nowMs / 1000, { ensemble });
  house.telemetry.time('observe_seconds', (nowMs - startedMs) / 1000, { ensemble });
}
