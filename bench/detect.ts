/**
 * Kills, stops and restarts real servers of a real ensemble under the real bot, and measures when the card reaches a webhook
 * receiver.
 */
import { writeFileSync } from 'node:fs';
import { type RedisServer, startRedis } from '../test/servers/redis.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../test/servers/webhook.ts';
import {
  startEnsemble,
  type ZooKeeperEnsemble,
  type ZooKeeperServer,
} from '../test/servers/zookeeper.ts';
import { askWord } from '../test/servers/zookeeper-word.ts';
import { type BotProcess, startBotProcess } from '../test/support/bot-process.ts';
import { until } from '../test/support/until.ts';
import { optionsOf, wholeNumber } from './options.ts';
import { median, spread, table } from './stats.ts';

interface Trial {
  readonly fault: string;
  readonly victims: readonly string[];
  /** ms from the injection to the first card; undefined when none came. */
  readonly cardMs: number | undefined;
  /** Cards posted for this one fault; 1 is right. */
  readonly cards: number;
  /** Titles of cards that name a wrong fault or a healthy server. */
  readonly wrong: readonly string[];
  /** ms from the moment the last victim serves to the resolved card. */
  readonly resolvedMs: number | undefined;
}

interface Lab {
  readonly ensemble: ZooKeeperEnsemble;
  readonly webhook: WebhookReceiver;
  readonly bot: BotProcess;
  readonly redis: RedisServer;
}

const detectorsRight: Readonly<Record<string, readonly string[]>> = {
  'kill follower': ['member-down'],
  'kill leader': ['member-down'],
  'stop follower': ['member-hung'],
  blink: ['member-down', 'member-restarted'],
  majority: ['quorum-lost'],
  'second outage': ['member-down'],
};

/**
 * The same three servers are killed again and again within seconds. That is a crash loop, or a rolling restart; here each outage is measured on its own.
 */
const apart =
  'thresholds: { member-crash-loop: { starts: 1000 }, rolling-restart: { windowMs: 0 } }';

const help = `npm run bench:detect [-- OPTIONS]

Kills, stops and restarts servers of a real ensemble under the real bot, and says how long each card took.

  --rounds N    so often each fault that is usual; those that take more than one server, a third as often (10)
  --json FILE   writes what was found
  --help        this`;

const values = optionsOf(help, {
  rounds: { type: 'string', default: '10' },
  json: { type: 'string' },
});
const rounds = wholeNumber('rounds', values.rounds, 1);
const started = Date.now();
const lab = await setUp();
try {
  const trials: Trial[] = [];
  const add = (trial: Trial) => {
    trials.push(trial);
    const { fault, victims, cardMs, cards, wrong, resolvedMs } = trial;
    console.log(
      `${fault} ${victims.join('+')}: card ${round(cardMs)} ms, ${cards} card(s), resolved ${round(resolvedMs)} ms after serving${wrong.length > 0 ? `, WRONG: ${wrong.join(' | ')}` : ''}`,
    );
  };
  for (let i = 0; i < rounds; i += 1) add(await killOne('kill follower', await aFollower()));
  for (let i = 0; i < rounds; i += 1)
    add(await killOne('kill leader', await lab.ensemble.leader()));
  for (let i = 0; i < rounds; i += 1) add(await stopOne(await aFollower()));
  for (let i = 0; i < rounds; i += 1) add(await blink(await aFollower()));
  for (let i = 0; i < Math.ceil((rounds * 3) / 10); i += 1) add(await majority());
  for (let i = 0; i < Math.ceil((rounds * 3) / 10); i += 1) add(await secondOutage());
  report(trials);
} finally {
  await lab.bot.close();
  await lab.ensemble.close();
  await lab.webhook.close();
  await lab.redis.close();
}
process.exit(process.exitCode ?? 0);

async function setUp(): Promise<Lab> {
  console.log('starting Redis (AOF), three ZooKeeper servers (tickTime 2000) and the bot …');
  const redis = await startRedis({ appendonly: true });
  const ensemble = await startEnsemble({ servers: 3, tickTimeMs: 2000, whitelist: '*' });
  const webhook = await startWebhookReceiver();
  const servers = ensemble.servers.map(
    ({ id, host, clientPort }) => `{ id: ${id}, client: "${host}:${clientPort}" }`,
  );
  const bot = await startBotProcess({
    yaml: [
      `redis: { url: "${redis.url}" }`,
      `ensembles: { orders: { servers: [${servers.join(', ')}], ${apart} } }`,
      `destinations: { hook: { webhook: { url: "${webhook.url}", secret: "\${HOOK_SECRET}" } } }`,
      'routes: [{ to: [hook] }]',
      // The same servers fail again and again here, and each time must be told.
      'incidents: { flap: { times: 0 } }',
      '',
    ].join('\n'),
    env: { HOOK_SECRET: webhook.secret },
    readyWithinMs: 60_000,
  });
  return { ensemble, webhook, bot, redis };
}

async function aFollower(): Promise<ZooKeeperServer> {
  const followers = await lab.ensemble.followers();
  const one = followers[Math.floor(Math.random() * followers.length)];
  if (one === undefined) throw new Error('no follower');
  return one;
}

/** Runs one fault from injection to the resolved card. */
async function trial(
  fault: string,
  victims: readonly ZooKeeperServer[],
  steps: { inject: () => unknown; holdMs: number; recover: () => unknown },
): Promise<Trial> {
  await calm();
  const firstIndex = lab.webhook.requests.length;
  const fresh = () => lab.webhook.requests.slice(firstIndex).filter((r) => r.body.event === 'card');
  const known = new Set(lab.webhook.requests.slice(0, firstIndex).map((r) => r.body.incident));
  const opened = () => [
    ...new Map(
      fresh()
        .filter((r) => !known.has(r.body.incident))
        .toReversed()
        .map((r) => [r.body.incident, r]),
    ).values(),
  ];
  const atMs = performance.now();
  steps.inject();
  const seen = await until('a card', () => opened().at(-1), 15_000).catch(() => undefined);
  await pause(Math.max(0, steps.holdMs - (performance.now() - atMs)));
  await steps.recover();
  const servingMs = await serving(victims);
  const done = await until('all resolved', () => allResolved(opened(), fresh()), 60_000).catch(
    () => undefined,
  );
  await pause(300);
  const names = new Set(victims.map(({ id }) => id));
  return {
    fault,
    victims: [...names],
    cardMs: seen === undefined ? undefined : seen.atPerformanceMs - atMs,
    cards: opened().length,
    wrong: wrongIn(
      fault,
      names,
      opened().map((r) => r.body.incident),
      fresh(),
    ),
    resolvedMs: done === undefined ? undefined : done - servingMs,
  };
}

/** A card is wrong when what it finally says is not the fault, or when it ever names a healthy server. */
function wrongIn(
  fault: string,
  victims: ReadonlySet<string>,
  incidents: readonly number[],
  fresh: readonly WebhookReceiver['requests'][number][],
): string[] {
  return incidents.flatMap((incident) => {
    const shown = fresh.filter((r) => r.body.incident === incident).map((r) => r.body);
    const last = shown.at(-1);
    const misnamed = shown.filter(({ server }) => server !== undefined && !victims.has(server));
    const right = last !== undefined && detectorsRight[fault]?.includes(last.detector) === true;
    return [...misnamed.map(({ title }) => title), ...(right ? [] : [last?.title ?? 'no card'])];
  });
}

/** When the last of the opened incidents was shown resolved, on the monotonic clock. */
function allResolved(
  opened: readonly WebhookReceiver['requests'][number][],
  fresh: readonly WebhookReceiver['requests'][number][],
): number | undefined {
  if (opened.length === 0) return undefined;
  const ends = opened.map(
    ({ body }) =>
      fresh.find((r) => r.body.incident === body.incident && r.body.state === 'resolved')
        ?.atPerformanceMs,
  );
  const known = ends.filter((end) => end !== undefined);
  return known.length === ends.length ? Math.max(...known) : undefined;
}

async function serving(victims: readonly ZooKeeperServer[]): Promise<number> {
  await until(
    'the victims serve',
    async () => {
      const answers = await Promise.all(
        victims.map(({ host, clientPort }) => askWord(host, clientPort, 'srvr')),
      );
      return answers.every((answer) => answer.includes('Mode:'));
    },
    90_000,
  );
  return performance.now();
}

function killOne(fault: string, victim: ZooKeeperServer): Promise<Trial> {
  return trial(fault, [victim], {
    inject: () => void victim.kill('SIGKILL'),
    holdMs: 2_000,
    recover: () => victim.start(),
  });
}

function stopOne(victim: ZooKeeperServer): Promise<Trial> {
  return trial('stop follower', [victim], {
    inject: () => void victim.kill('SIGSTOP'),
    holdMs: 4_000,
    recover: () => victim.kill('SIGCONT'),
  });
}

function blink(victim: ZooKeeperServer): Promise<Trial> {
  return trial('blink', [victim], {
    inject: () => void victim.restart(),
    holdMs: 0,
    recover: () => undefined,
  });
}

async function majority(): Promise<Trial> {
  const victims = [await lab.ensemble.leader(), await aFollower()];
  return await trial('majority', victims, {
    inject: () => victims.forEach((victim) => void victim.kill('SIGKILL')),
    holdMs: 4_000,
    recover: () => victims.forEach((victim) => victim.start()),
  });
}

/** The same server goes down again as soon as the first outage is told resolved. */
async function secondOutage(): Promise<Trial> {
  const victim = await aFollower();
  await killOne('second outage', victim);
  return await killOne('second outage', victim);
}

/** Until all is green on both sides, and then a random part of the bot's tick. */
async function calm(): Promise<void> {
  await lab.ensemble.ready();
  await until(
    'no open incident',
    async () => {
      const answer = (await lab.bot.get('/api/v1/incidents?state=open')) as {
        incidents: readonly unknown[];
      };
      return answer.incidents.length === 0;
    },
    120_000,
  );
  await pause(200 + Math.random() * 1_500);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function round(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value));
}

function report(trials: readonly Trial[]): void {
  const faults = [...new Set(trials.map(({ fault }) => fault))];
  const of = (fault: string) => trials.filter((each) => each.fault === fault);
  const times = (list: readonly Trial[], pick: (trial: Trial) => number | undefined) =>
    list.map(pick).filter((value) => value !== undefined);
  const rows = faults.map((fault) => {
    const list = of(fault);
    return [
      fault,
      String(list.length),
      String(list.filter(({ cardMs }) => cardMs !== undefined).length),
      spread(times(list, ({ cardMs }) => cardMs)),
      String(list.reduce((sum, { cards }) => sum + cards, 0)),
      String(list.reduce((sum, { wrong }) => sum + wrong.length, 0)),
      spread(times(list, ({ resolvedMs }) => resolvedMs)),
    ];
  });
  const head = [
    'fault',
    'n',
    'announced',
    'card ms min/median/max',
    'cards',
    'wrong',
    'resolved after serving ms',
  ];
  console.log(`\n${table(head, rows)}\n`);
  const kills = times([...of('kill follower'), ...of('kill leader')], ({ cardMs }) => cardMs);
  const blinks = of('blink');
  const second = of('second outage');
  const cards = trials.reduce((sum, each) => sum + each.cards, 0);
  const wrong = trials.reduce((sum, each) => sum + each.wrong.length, 0);
  const said = (list: readonly Trial[]) =>
    `${list.filter(({ cardMs }) => cardMs !== undefined).length}/${list.length}`;
  console.log(
    `detect: kill median ${Math.round(median(kills))} ms, hang median ${Math.round(median(times(of('stop follower'), ({ cardMs }) => cardMs)))} ms, blinks ${said(blinks)}, second outage ${said(second)}, cards ${cards} for ${trials.length} faults, wrong ${wrong}, resolved median ${Math.round(median(times(trials, ({ resolvedMs }) => resolvedMs)))} ms, took ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(trials, null, 2));
}
