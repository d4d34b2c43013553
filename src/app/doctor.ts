import type { Config } from '../config/config.ts';
import { examineDingTalk, examineRobot } from '../edges/dingtalk/examine.ts';
import { examineMail, sendTestMail } from '../edges/email/examine.ts';
import type { RedisLink } from '../edges/redis/connect.ts';
import { examineSlack } from '../edges/slack/examine.ts';
import { examineSms } from '../edges/sms/examine.ts';
import { examineWebhook } from '../edges/webhook/examine.ts';
import { type Diagnosis, diagnose, type Part } from '../model/diagnosis.ts';
import type { Ensemble, EnsembleId } from '../model/ensemble.ts';
import type { EnsembleSettings, ExecutorSettings } from '../model/settings.ts';
import { withDeadline } from '../pipeline/deadline.ts';
import { type EnsembleExaminer, examineEnsemble } from '../pipeline/examine-ensemble.ts';
import { examineRestart } from '../pipeline/examine-restart.ts';
import { monthOf } from '../pipeline/place.ts';
import type { Budgets } from '../ports/budgets.ts';
import type { Clock } from '../ports/clock.ts';
import { type Doctor, examinationMs } from '../ports/doctor.ts';
import type { Executor } from '../ports/executor.ts';
import type { Log } from '../ports/log.ts';
import { words } from '../rules/card/words/words.ts';
import { judgeDingTalk, judgeQuota, judgeRobot } from '../rules/doctor/dingtalk.ts';
import { judgeMail, judgeReach, judgeSent } from '../rules/doctor/reach.ts';
import { judgeSlack } from '../rules/doctor/slack.ts';
import { judgeSms } from '../rules/doctor/sms.ts';
import { createDingTalkMeter } from './dingtalk-meter.ts';
import { diagnoseRedis } from './doctor-redis.ts';
import { quotasOf } from './quota-watch.ts';
import { withoutSecrets } from './without-secrets.ts';

/** How long one part may take; all but Redis, which comes first and fails fast, run side by side. */
const partMs = examinationMs - 8_000;

/** Ensembles that are looked at side by side, and after how long no further one is begun. */
const ensemblesAtOnce = 6;
const beginMs = 10_000;

/** What the doctor examines with: the parts of the running bot, or such that were made for this one time. */
export interface DoctorParts extends EnsembleExaminer {
  readonly config: () => Config;
  readonly link: RedisLink;
  readonly budgets: Budgets;
  readonly executor: (kind: ExecutorSettings['kind']) => Executor | undefined;
  /** The members as the bot knows them. */
  readonly members: (settings: EnsembleSettings) => Promise<Ensemble>;
  /** What only who runs can say. */
  readonly own: () => Promise<readonly Diagnosis[]>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createDoctor(parts: DoctorParts): Doctor {
  const { config } = parts;

  async function examine(only?: EnsembleId): Promise<readonly Diagnosis[]> {
    const settings = config().settings.ensembles.find(({ id }) => id === only);
    const [first, ...jobs] =
      settings === undefined ? everything(parts) : [undefined, ...ofEnsemble(parts, settings)];
    // Redis alone: how fast it answers would else be how busy this process is with all the others.
    const alone = first === undefined ? [] : await inTime(first, parts.log);
    const found = await Promise.all(jobs.map((job) => inTime(job, parts.log)));
    return [...alone, ...found.flat()].map((each) => withoutSecrets(each, config().secrets));
  }

  return {
    examine,
    async testMail(to, language) {
      const { email, secrets } = config();
      if (email === undefined) return diagnose('mail-none', to);
      const { subject, body } = words(language).doctor.mail;
      const sent = await sendTestMail(email, to, { subject, body }, parts.clock.now());
      return withoutSecrets(judgeSent(to, sent), secrets);
    },
  };
}

/** Something to examine; what it is called where it fails or takes too long. */
interface Job {
  readonly part: Part;
  readonly about: string;
  readonly run: () => Promise<readonly Diagnosis[]>;
}

function everything(parts: DoctorParts): readonly [Job, ...Job[]] {
  const config = parts.config();
  const { settings, slack, dingtalk, email, sms, webhooks, dingtalkRobots } = config;
  const jobs: [Job, ...Job[]] = [
    { part: 'redis', about: '', run: () => diagnoseRedis(parts.link) },
    { part: 'bot', about: '', run: parts.own },
    { part: 'zookeeper', about: '', run: () => ensembles(parts, settings.ensembles) },
  ];
  if (slack !== undefined)
    jobs.push({ part: 'slack', about: '', run: () => diagnoseSlack(parts, slack) });
  if (dingtalk !== undefined) {
    const destinations = settings.destinations.filter(({ channel }) => channel === 'dingtalk');
    const { budgets, clock } = parts;
    const meter = createDingTalkMeter(budgets, clock);
    const run = async () =>
      judgeDingTalk(await examineDingTalk({ settings: dingtalk, destinations, meter, clock }));
    jobs.push({ part: 'dingtalk', about: '', run });
  }
  for (const [id, robot] of Object.entries(dingtalkRobots))
    jobs.push({
      part: 'dingtalk',
      about: id,
      run: async () => [judgeRobot(await examineRobot(id, robot, parts.clock))],
    });
  for (const { meter, max } of quotasOf(config))
    jobs.push({
      part: 'dingtalk',
      about: meter,
      run: async () => {
        const used = await parts.budgets.used(meter, monthOf(parts.clock.now()));
        return [judgeQuota({ meter, max }, used)];
      },
    });
  if (email !== undefined)
    jobs.push({ part: 'mail', about: '', run: async () => [judgeMail(await examineMail(email))] });
  if (sms !== undefined)
    jobs.push({
      part: 'sms',
      about: '',
      run: async () => judgeSms(await examineSms(sms, parts.clock.now())),
    });
  for (const [id, webhook] of Object.entries(webhooks))
    jobs.push({
      part: 'webhook',
      about: id,
      run: async () => [judgeReach(await examineWebhook(id, webhook))],
    });
  return jobs;
}

async function diagnoseSlack(
  { config, log }: DoctorParts,
  slack: NonNullable<Config['slack']>,
): Promise<readonly Diagnosis[]> {
  const { settings } = config();
  const emails = settings.people.flatMap(({ id, handles }) => {
    const { email, slack: handle } = handles;
    return email === undefined || handle !== undefined ? [] : [{ person: id, email }];
  });
  const destinations = settings.destinations.filter(({ channel }) => channel === 'slack');
  const { publicUrl } = settings;
  const where = publicUrl === undefined ? {} : { publicUrl };
  return judgeSlack(await examineSlack({ settings: slack, destinations, emails, ...where, log }));
}

/** A few ensembles at once, and no further one when the time is short: those are counted. */
async function ensembles(
  parts: DoctorParts,
  all: readonly EnsembleSettings[],
): Promise<readonly Diagnosis[]> {
  const startedMs = performance.now();
  const waiting = [...all];
  const found: Diagnosis[] = [];
  const work = async (): Promise<void> => {
    while (performance.now() - startedMs < beginMs) {
      const next = waiting.shift();
      if (next === undefined) return;
      const jobs = ofEnsemble(parts, next);
      found.push(...(await Promise.all(jobs.map((job) => inTime(job, parts.log)))).flat());
    }
  };
  await Promise.all(Array.from({ length: ensemblesAtOnce }, work));
  const [first] = waiting;
  return first === undefined
    ? found
    : [...found, diagnose('zk-no-time', '', { count: waiting.length, first: first.id })];
}

function ofEnsemble(parts: DoctorParts, settings: EnsembleSettings): readonly Job[] {
  const members = parts.members(settings);
  // Both ask for it, and only one of them may get to say that it failed.
  members.catch(() => undefined);
  return [
    {
      part: 'zookeeper',
      about: settings.id,
      run: async () => await examineEnsemble(parts, settings, await members),
    },
    {
      part: 'recovery',
      about: settings.id,
      run: async () => {
        const { servers } = await members;
        const { signal } = new AbortController();
        return await examineRestart(parts.executor, settings, servers, signal);
      },
    },
  ];
}

/** A part that hangs or fails is a result like any other. */
async function inTime({ part, about, run }: Job, log: Log): Promise<readonly Diagnosis[]> {
  const late = new Error('late');
  try {
    return await withDeadline(run(), partMs, () => late);
  } catch (error) {
    if (error === late) return [diagnose('timed-out', about, { afterMs: partMs }, part)];
    log.warn({ part, about, err: error }, 'a check of the doctor failed');
    const reason = error instanceof Error ? error.message : 'unknown';
    return [diagnose('check-failed', about, { reason }, part)];
  }
}
