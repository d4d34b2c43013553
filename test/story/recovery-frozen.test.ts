import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import {
  beginChapter,
  eyesOn,
  isUp,
  processOf,
  type Servers,
  startServers,
} from '../support/story.ts';
import { until } from '../support/until.ts';

// The built bot, in processes of their own: only a process can be frozen. The evidence of a recovery is gathered after the guard has
// allowed it and before its command: the log is read by a program of the test there, which tells who is at it.
describe('a replica that is frozen between the guard and the command', () => {
  let servers: Servers;
  let redis: RedisServer;
  let bots: readonly BotProcess[] = [];
  let plain: Redis;
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-frozen-'));
  const at = (name: string) => join(dir, name);

  beforeAll(async () => {
    [servers, redis] = await Promise.all([startServers(), startRedis()]);
    plain = new Redis(redis.url);
    const [node = '', restart = ''] = servers.ensemble.restartArgv();
    writeFileSync(at('restart.sh'), `echo $PPID >> ${at('runs')}; exec ${node} ${restart} $1\n`);
    const gate = [
      '[ "$1" = tail ] || exec "$@"',
      `echo $PPID >> ${at('gate')}`,
      `while [ ! -e ${at('go')} ]; do sleep 0.05; done`,
    ].join('\n');
    writeFileSync(at('gate.sh'), `${gate}\n`);
    const restartArgv = () => ['/bin/sh', at('restart.sh'), '{server}'];
    const ensembles = { orders: { ...servers.ensemble, restartArgv } };
    const ensembleYaml = `host: { command: [/bin/sh, ${at('gate.sh')}], logFile: /dev/null, every: 1h }`;
    const options = processOf(servers, redis, { ensembles, ensembleYaml });
    const start = () => startBotProcess({ ...options, readyWithinMs: 60_000 });
    // One after the other: a busy machine starts two at once too slowly.
    bots = [await start()];
    bots = [...bots, await start()];
  }, 180_000);

  afterAll(async () => {
    writeFileSync(at('go'), '');
    await Promise.all(bots.map((bot) => bot.close()));
    plain?.disconnect();
    await servers?.close();
    await redis?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  function pids(name: string): readonly number[] {
    return existsSync(at(name))
      ? readFileSync(at(name), 'utf8').trim().split('\n').map(Number)
      : [];
  }

  async function fence(): Promise<number> {
    return Number(await plain.hget('nightkeeper:{orders}:recovery-lock', 'fence'));
  }

  it('never runs it late, when another one has long taken over', { timeout: 240_000 }, async () => {
    const [first] = bots;
    if (first === undefined) throw new Error('no bot');
    const isHealthy = async () => (await eyesOn(() => first).health('orders')) === 'healthy';
    const { victim } = await beginChapter(servers, () => until('orders is healthy', isHealthy));
    void victim.kill('SIGKILL');
    const { card } = eyesOn(() => first);
    const { incident: id } = await card('down', (it) => it.server === victim.id && isUp(it));
    await first.command(`recover orders ${victim.id} --reason "it died" --confirm yes`);
    const pid = await until('the evidence is gathered', () =>
      pids('gate').find((each) => each > 0),
    );
    const frozen = bots.find((bot) => bot.pid === pid);
    const left = bots.find((bot) => bot.pid !== pid);
    if (frozen === undefined || left === undefined) throw new Error(`nobody is ${pid}`);

    const before = await fence();
    process.kill(pid, 'SIGSTOP');
    writeFileSync(at('go'), '');
    await until('another one holds the lock', async () => (await fence()) > before, 90_000);
    const { incident } = eyesOn(() => left);
    const recovery = await until(
      'the restart is judged',
      async () => {
        const { recovery: mark } = await incident(id);
        return mark?.state === 'succeeded' || mark?.state === 'failed' ? mark : undefined;
      },
      90_000,
    );
    process.kill(pid, 'SIGCONT');
    await until('it notices', () => frozen.output().includes('lost its lock'), 60_000);

    expect(pids('runs')).toEqual([]);
    expect(recovery).toMatchObject({ state: 'failed', server: victim.id });
    expect((await incident(id)).recovery).toMatchObject({ state: 'failed' });
  });
});
