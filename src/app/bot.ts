import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { backupFolder } from '../edges/backup/folder.ts';
import { createHostProbe } from '../edges/executors/host-probe.ts';
import type { Breakers } from '../edges/http/breakers.ts';
import { createConsoleChannel } from '../edges/http/console-channel.ts';
import type { HealthReport } from '../edges/http/health.ts';
import { createPainter } from '../edges/pictures/painter.ts';
import { createSchedule } from '../edges/queue/schedule.ts';
import { createTimetable } from '../edges/timetable/timetable.ts';
import { createOwnSessions, type OwnSessionBooks } from '../edges/zookeeper/own-sessions.ts';
import { createProber } from '../edges/zookeeper/prober.ts';
import { createSensors } from '../edges/zookeeper/sensors.ts';
import { createSessions } from '../edges/zookeeper/sessions.ts';
import { createSurveyor } from '../edges/zookeeper/surveyor.ts';
import { znodeTrees } from '../edges/zookeeper/tree.ts';
import { createTrees } from '../edges/zookeeper/trees.ts';
import { assert } from '../model/errors.ts';
import { createAct } from '../pipeline/act.ts';
import { cardNow, lookAgain } from '../pipeline/card-now.ts';
import { retryDestinations } from '../pipeline/deliver.ts';
import { homeOf } from '../pipeline/home.ts';
import type { House } from '../pipeline/house.ts';
import { createBackupKeeper } from '../pipeline/keep-backups.ts';
import { createMembers } from '../pipeline/members.ts';
import { relieveOwn, reportOwn } from '../pipeline/own-trouble.ts';
import { createRecoverer } from '../pipeline/recover.ts';
import { retire } from '../pipeline/retire.ts';
import { createWatch, type Watch } from '../pipeline/watch.ts';
import type { Act } from '../ports/act.ts';
import type { Clock } from '../ports/clock.ts';
import type { Doctor } from '../ports/doctor.ts';
import type { Log } from '../ports/log.ts';
import type { Surveyor } from '../ports/surveyor.ts';
import type { Prober, Sensors } from '../ports/zookeeper.ts';
import { words } from '../rules/card/words/words.ts';
import { createBotDoctor } from './bot-doctor.ts';
import { commands, detectors, executors, recoveryActions } from './catalog.ts';
import { watchChats } from './chat-trouble.ts';
import { type Chats, createChats } from './chats.ts';
import { systemClock } from './clock.ts';
import { type ConfigCard, createConfigCard } from './config-card.ts';
import { handleJobs } from './handle-jobs.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { withLocalPerson } from './local-person.ts';
import { planRepeats } from './plan-repeats.ts';
import { type RedisRisk, redisAtRisk, watchRedisRisks } from './redis-risks.ts';
import { restartNeeded } from './restart-needed.ts';
import { speakForItself } from './speak-for-itself.ts';
import { openStores } from './stores.ts';
import { createTelemetry } from './telemetry.ts';
import { startConsole } from './web.ts';

/** Pings that one process sends to ZooKeeper servers, at most: 250 servers at the default of four a second. */
export const pingsPerSecondMax = 1_000;

/** How long running work may take when the bot is asked to stop. */
export const stopGraceMs = 10_000;

/** A running bot. */
export interface Bot {
  /** Where the console listens: `http://127.0.0.1:8420`. */
  readonly address: string;
  readonly act: Act;
  /** Takes up a new configuration without stopping. */
  reload(config: Config): Promise<void>;
  /** Says that the configuration file is broken, on console and cards; the old configuration stays. */
  configBroken(file: string, faults: readonly string[]): Promise<void>;
  /** Finishes what was claimed, then closes everything. */
  close(): Promise<void>;
}

export interface BotOptions {
  readonly config: Config;
  readonly log: Log;
  readonly version: string;
  readonly clock?: Clock;
  /** The demo's way to break things, shown on the console. */
  readonly breakers?: Breakers;
  /** Another way to see servers, for benches that need thousands of them. */
  readonly zookeeper?: {
    readonly prober: Prober;
    readonly sensors: Sensors;
    readonly surveyor?: Surveyor;
  };
}

/** Builds the bot from its configuration and starts it. The only place that knows who gets what. */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { log, version } = options;
  const clock = options.clock ?? systemClock;
  const lifecycle = createLifecycle(log);
  try {
    return await build(options, { clock, lifecycle, log, version });
  } catch (error) {
    await lifecycle.close();
    throw error;
  }
}

interface Base {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly log: Log;
  readonly version: string;
}

async function build(options: BotOptions, base: Base): Promise<Bot> {
  const { lifecycle, log } = base;
  let config = withLocalPerson(options.config);
  const rooms = furnish(base, () => config, options.zookeeper);
  const { house, stores, members, watch, chats, act, telemetry } = rooms;
  const { link } = stores;
  const risks = watchRedisRisks({
    link,
    log,
    language: () => house.settings().language,
    onCostly: (found) => tellOfRedis(house, found),
  });
  lifecycle.onClose('redis check', () => risks.stop());
  const configCard = createConfigCard(house);
  lifecycle.onClose(
    'configuration',
    link.onUp(() => takeUp(house, configCard)),
  );
  lifecycle.onClose('chats', () => chats.close());
  await chats.apply(config);
  lifecycle.onClose('queue', () => house.schedule.stop(stopGraceMs));
  // A backup would take longer than that; another replica goes on with it.
  lifecycle.onClose('backups', () => rooms.keeper.stop());
  const web = await startConsole({
    house,
    stores,
    act,
    telemetry,
    chats,
    config: () => config,
    breakers: options.breakers,
    noRedis: (reason) => {
      const sinceMs = watch.blindSinceMs();
      if (sinceMs === undefined) return reason;
      const blindMs = base.clock.now() - sinceMs;
      return words(house.settings().language).own.noRedis({ redis: link.where, blindMs });
    },
    redisRisks: () => risks.risks(),
  });
  rooms.later.report = web.report;
  lifecycle.onClose('console', () => web.close());
  speakForItself(lifecycle, rooms, {
    config: () => config,
    isReady: () => web.report().ready,
    version: base.version,
  });
  lifecycle.onClose('sensors', () => watch.stop());
  // Side by side: without Redis each of them tries for a while, and goes on by itself when it comes.
  await Promise.all([planRepeats(house), house.schedule.start(), watch.start()]);
  log.info({ address: web.address, ensembles: house.settings().ensembles.length }, 'bot started');

  return {
    address: web.address,
    act,
    async reload(next) {
      config = withLocalPerson(next);
      members.forget();
      await chats.apply(config);
      await planRepeats(house);
      await retryDestinations(house);
      watch.refresh();
      await configCard.sound();
      await retire(house);
      log.info({ ensembles: house.settings().ensembles.length }, 'configuration reloaded');
      const sections = restartNeeded(options.config, next);
      if (sections.length > 0) log.warn({ sections }, 'changes that need a restart of the bot');
    },
    configBroken: (file, faults) => configCard.broken(file, faults),
    close: () => lifecycle.close(),
  };
}

/** What this configuration makes of the incidents of before; whenever Redis comes, for it may have been away. */
function takeUp(house: House, configCard: ConfigCard): void {
  configCard.again();
  retire(house).catch((error: unknown) =>
    house.log.warn({ err: error }, 'incidents of ensembles that left could not be ended'),
  );
}

/** A card of the bot's own while Redis may lose something; the incident is the same on every replica, and kept once. */
async function tellOfRedis(house: House, risks: readonly RedisRisk[]): Promise<void> {
  if (risks.length === 0) return await relieveOwn(house, redisAtRisk);
  await reportOwn(house, {
    detector: redisAtRisk,
    severity: 'warn',
    facts: { count: risks.length, codes: risks.map(({ code }) => code) },
    evidence: risks.map(({ text }) => text),
  });
}

/** Opens Redis and the queue, and puts every part in its place. Nothing runs yet. */
function furnish(base: Base, config: () => Config, zookeeper: BotOptions['zookeeper']) {
  const { clock, log, lifecycle } = base;
  const telemetry = createTelemetry();
  const stores = openStores({ redis: config().redis, replica: randomUUID(), log });
  lifecycle.onClose('redis', () => stores.link.close());
  // Parts that need each other find each other here, once all of them stand.
  const ownSessions = createOwnSessions(() => clock.now());
  const later: { watch?: Watch; chats?: Chats; report?: () => HealthReport; doctor?: Doctor } = {};
  const theDoctor = (): Doctor => {
    assert(later.doctor !== undefined, 'nobody asks before everything stands');
    return later.doctor;
  };
  const house: House = {
    ...stores,
    settings: () => config().settings,
    clock,
    log,
    telemetry,
    schedule: createSchedule({
      connection: (use) => stores.link.connection(use),
      prefix: config().redis.prefix,
      clock,
      log,
    }),
    prober: zookeeper?.prober ?? createProber({ clock, ownSessions }),
    sensors: zookeeper?.sensors ?? createSensors({ clock, log, ownSessions, pingsPerSecondMax }),
    ...(zookeeper === undefined && { ownSessions: (ensemble) => ownSessions.newest(ensemble) }),
    channel: (name) => later.chats?.channel(name),
    executor: (kind) => executors.find((each) => each.kind === kind),
    canary: (ensemble) => later.watch?.canary(ensemble),
    doctor: {
      examine: (only) => theDoctor().examine(only),
      testMail: (to, language) => theDoctor().testMail(to, language),
    },
    ...surveyingOf(clock, ownSessions, zookeeper),
    painter: createPainter(),
    timetable: createTimetable(),
    detectors,
    commands,
    recoveryActions,
  };
  const members = createMembers(house, () => later.watch?.refresh());
  const recoverer = createRecoverer(house, members);
  const act = createAct(house, recoverer);
  const { board, bulletins } = stores;
  const chatWatch = watchChats(house);
  lifecycle.onClose('chat watch', () => chatWatch.stop());
  const chats = createChats({
    ...base,
    act,
    settings: () => config().settings,
    cardNow: (incident, destination) => cardNow(house, incident, destination),
    lookAgain: (...about) => lookAgain(house, ...about),
    memory: stores.shortMemory,
    budgets: stores.budgets,
    page: (caller) => homeOf(house, caller),
    bulletins,
    onState: (chat, state) => chatWatch.heard(chat, state),
    console: createConsoleChannel({ board, bulletins, clock }),
  });
  const watch = createWatch(house, members);
  later.chats = chats;
  later.watch = watch;
  const now = { config, report: () => later.report?.() };
  later.doctor = createBotDoctor({ house, stores, members, watch }, now, lifecycle);
  const keeper = createBackupKeeper(house);
  handleJobs(house, { members, recoverer, keeper });
  return { house, stores, members, watch, chats, act, telemetry, later, keeper };
}

/** Servers that are only played have no slow facts and no tree, unless somebody plays these, too. */
function surveyingOf(
  clock: Clock,
  ownSessions: OwnSessionBooks,
  zookeeper: BotOptions['zookeeper'],
): Pick<House, 'surveying' | 'trees' | 'backups' | 'sessions'> {
  if (zookeeper !== undefined && zookeeper.surveyor === undefined) return {};
  const surveyor = zookeeper?.surveyor ?? createSurveyor({ clock, ownSessions });
  return {
    surveying: { surveyor, hosts: createHostProbe({ executors, clock }) },
    ...(zookeeper === undefined
      ? {
          trees: createTrees(ownSessions),
          backups: { trees: znodeTrees, files: backupFolder },
          sessions: createSessions({ clock }),
        }
      : {}),
  };
}
