import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { askWord } from '../servers/zookeeper-word.ts';
import { type BotProcess, freePort, startBotProcess } from '../support/bot-process.ts';
import { eyesOn, isUp, ops, processOf, type Servers, startServers } from '../support/story.ts';
import { until } from '../support/until.ts';

// One afternoon of an operator with an editor, step by step. Probes are frequent, since some steps are about their end.
describe('a configuration file that changes under a running bot', () => {
  let servers: Servers;
  let users: ZooKeeperEnsemble;
  let redis: RedisServer;
  let bot: BotProcess;
  let port: number;
  const { card, incident, health } = eyesOn(() => bot);

  beforeAll(async () => {
    [servers, users, redis, port] = await Promise.all([
      startServers({ servers: 1 }),
      startEnsemble({ servers: 1 }),
      startRedis(),
      freePort(),
    ]);
    bot = await startBotProcess({ ...fileWith('orders'), port });
  });

  afterAll(async () => {
    await bot?.close();
    await servers?.close();
    await users?.close();
    await redis?.close();
  });

  /** The file with these ensembles, and how it is run; its only route is for `orders`. */
  function fileWith(...names: readonly ('orders' | 'users')[]) {
    return processOf(servers, redis, {
      ensembles: pick({ orders: servers.ensemble, users }, names),
      ensembleYaml: 'probe: { every: 500ms, timeout: 300ms }',
      routes: 'routes: [{ ensembles: [orders], to: [ops, hook] }]',
    });
  }

  /** How often an ensemble was probed by this process. */
  async function probes(ensemble: string): Promise<number> {
    const page = await (await fetch(`${bot.url}/metrics`)).text();
    const counts = page.matchAll(
      new RegExp(`^nightkeeper_probes_total\\{.*ensemble="${ensemble}".*\\} (\\d+)$`, 'gmu'),
    );
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('is a card on the console and in Slack when it is broken, for a route of other ensembles too', async () => {
    const { slack } = servers;

    bot.configure(`${fileWith('orders').yaml}\nensemble: { users: {} }\n`);
    const broken = await card('broken', (it) => it.detector === 'config-broken');
    const message = await slack.channel(ops).expectCard(/configuration not taken over/u);
    const listed = await bot.command('incidents');
    const { incidents } = (await bot.get('/api/v1/incidents?state=open')) as {
      incidents: { id: number }[];
    };

    expect(broken.title).toContain('1 mistake');
    expect(broken.evidence.join('\n')).toMatch(/ensembles/u);
    expect(message.text).toContain('The bot goes on with the configuration it had before');
    expect(JSON.stringify(listed.blocks)).toContain('configuration not taken over');
    expect(incidents.map(({ id }) => id)).toEqual([broken.incident]);
  });

  it('keeps the earlier one in force meanwhile: a fault is still seen', async () => {
    const [server] = servers.ensemble.servers;

    void server?.kill('SIGKILL');
    const down = await card('down', (it) => it.ensemble === 'orders' && isUp(it));
    server?.start();

    await card('over', (it) => it.incident === down.incident && !isUp(it));
    expect(await health('orders')).toBeDefined();
  });

  it('takes the card away when it is mended', async () => {
    const { slack } = servers;

    bot.configure(fileWith('orders').yaml);
    const over = await card('mended', (it) => it.detector === 'config-broken' && !isUp(it));

    expect(over.title).toContain('valid again and in force');
    await until('Slack shows it in place', () =>
      slack.channel(ops).messages.some(({ text }) => text.includes('valid again and in force')),
    );
    const about = slack.channel(ops).messages.filter(({ text }) => /configuration/u.test(text));
    expect(about).toHaveLength(1);
  });

  it('has an ensemble watched as soon as it names it', async () => {
    bot.configure(fileWith('orders', 'users').yaml);

    await until('users is healthy', async () => (await health('users')) === 'healthy');

    expect(await health('orders')).toBe('healthy');
  });

  it('lets the faults of an ensemble that it names no more expire, and leaves its servers alone', async () => {
    const [server] = users.servers;
    void server?.kill('SIGKILL');
    const down = await card('down', (it) => it.ensemble === 'users' && isUp(it));

    bot.configure(fileWith('orders').yaml);
    const over = await card('over', (it) => it.incident === down.incident && !isUp(it));
    server?.start();
    await users.ready();
    const before = { users: await probes('users'), orders: await probes('orders') };
    await until(
      'orders was looked at again',
      async () => (await probes('orders')) >= before.orders + 3,
    );
    const connections = await askWord('127.0.0.1', server?.clientPort ?? 0, 'cons');

    expect(over.stateLine).toMatch(/^Expired .*, not resolved/u);
    expect(await incident(down.incident)).toMatchObject({ unseen: { why: 'left' } });
    expect(await probes('users')).toBe(before.users);
    expect(connections.trim().split('\n')).toHaveLength(1);
    expect(await health('users')).toBeUndefined();
  });

  it('does so too where it changed while the bot was away', async () => {
    bot.configure(fileWith('orders', 'users').yaml);
    await until('users is healthy', async () => (await health('users')) === 'healthy');
    void users.servers[0]?.kill('SIGKILL');
    const down = await card('down', (it) => it.ensemble === 'users' && isUp(it));

    await bot.kill('SIGKILL');
    await bot.close();
    bot = await startBotProcess({ ...fileWith('orders'), port });

    const over = await card('over', (it) => it.incident === down.incident && !isUp(it));
    expect(over.stateLine).toMatch(/^Expired .*, not resolved/u);
    expect(servers.slack.channel(ops).messages.some(({ text }) => /users/u.test(text))).toBe(false);
  });
});

function pick<T, K extends keyof T>(all: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<T, K>;
}
