import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../servers/webhook.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';

/** What is promised of a killed replica. */
const watchedAgainMsMax = 5_000;
const finishedMsMax = 10_000;

/** So many that a replica without a share of them is as good as impossible: which one watches an ensemble is drawn by its name. */
const ids = Array.from({ length: 16 }, (_, at) => `e${at}`);

// The built bot, in processes of their own: only a process can be killed.
describe('a replica that is killed', () => {
  let redis: RedisServer;
  let ensemble: ZooKeeperEnsemble;
  let webhook: WebhookReceiver;
  const bots: BotProcess[] = [];

  beforeAll(async () => {
    [webhook, ensemble] = await Promise.all([
      startWebhookReceiver(),
      startEnsemble({ servers: 1, whitelist: '*' }),
    ]);
  });

  afterEach(async () => {
    await Promise.all(bots.splice(0).map((bot) => bot.close()));
    await redis.close();
  });

  afterAll(async () => {
    await ensemble.close();
    await webhook.close();
  });

  async function start(ensembles: readonly string[], extra: readonly string[] = []) {
    const bot = await startBotProcess({
      yaml: [`redis: { url: "${redis.url}" }`, 'ensembles:', ...ensembles, ...extra].join('\n'),
    });
    bots.push(bot);
    return bot;
  }

  /** Ensembles this process opened sensors for, by its own account. */
  function watched(bot: BotProcess): ReadonlySet<string> {
    const lines = bot.output().split('\n');
    const told = lines.filter((line) => line.includes('this replica watches the ensemble'));
    return new Set(told.map((line) => (JSON.parse(line) as { ensemble: string }).ensemble));
  }

  async function sensorsOf(bot: BotProcess): Promise<number> {
    const page = await (await fetch(`${bot.url}/metrics`)).text();
    return Number(/^nightkeeper_sensors (\d+)/mu.exec(page)?.[1] ?? 0);
  }

  it('has its ensembles watched by another one within 5 s', async () => {
    redis = await startRedis();
    const [server] = ensemble.servers;
    const sections = ids.map(
      (id) => `  ${id}: { discover: false, servers: ["127.0.0.1:${server?.clientPort}"] }`,
    );
    const first = await start(sections);
    await until('the first watches all', async () => (await sensorsOf(first)) === ids.length);
    const second = await start(sections);
    await until(
      'both watch their share',
      async () =>
        (await sensorsOf(second)) > 0 &&
        (await sensorsOf(first)) + (await sensorsOf(second)) === ids.length,
    );

    const killedMs = performance.now();
    await first.kill('SIGKILL');
    await until('the second watches all', () => watched(second).size === ids.length);
    const tookMs = performance.now() - killedMs;
    await until('its sensors stand', async () => (await sensorsOf(second)) === ids.length);

    expect(tookMs).toBeLessThan(watchedAgainMsMax);
  });

  it('has what it was sending finished by another one within 10 s', async () => {
    redis = await startRedis();
    const sections = ['  orders: { discover: false, servers: ["127.0.0.1:1"] }'];
    const route = [
      `destinations: { hook: { webhook: { url: "${webhook.url}" } } }`,
      'routes: [{ to: [hook] }]',
    ];
    webhook.next({ kind: 'hang' });
    const first = await start(sections, route);
    const begun = await webhook.expect('a card', ({ answer }) => answer.kind === 'hang');
    const killedMs = performance.now();
    await first.kill('SIGKILL');
    await start(sections, route);
    const readyMs = performance.now();
    // As the incident is by then: it may have changed since, and is one card all the same.
    const done = await webhook.expect(
      'the card from the other one',
      ({ body, atPerformanceMs }) => atPerformanceMs > killedMs && body.event === 'card',
    );

    // Not held up by how long a process takes to start.
    const tookMs = done.atPerformanceMs - readyMs;
    expect(tookMs).toBeLessThan(finishedMsMax);
    expect(done.body.incident).toBe(begun.body.incident);
    const keys = webhook.requests.slice(1).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('takes nothing with it when it is stopped in order', async () => {
    redis = await startRedis();
    const [server] = ensemble.servers;
    const sections = ids.map(
      (id) => `  ${id}: { discover: false, servers: ["127.0.0.1:${server?.clientPort}"] }`,
    );
    const first = await start(sections);
    const second = await start(sections);
    await until('the second has a share', () => watched(second).size > 0);

    const watch = startStopwatch(second.pid, redis.pid);
    await first.kill('SIGTERM');
    await until('the second watches all', () => watched(second).size === ids.length);

    expect(watch.ms()).toBeLessThan(2_000);
  });
});
