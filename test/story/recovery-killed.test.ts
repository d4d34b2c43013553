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

/** What is promised of a killed replica: what it left half done is taken up by another one. */
const takenUpMsMax = 10_000;

// The built bot, in processes of their own: only a process can be killed. The restart waits for a word of the test, so that the
// replica that runs it surely dies in the middle.
describe('a replica that is killed in the middle of a restart', () => {
  let servers: Servers;
  let redis: RedisServer;
  let bots: readonly BotProcess[] = [];
  let plain: Redis;
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-restart-'));
  const at = (name: string) => join(dir, name);

  beforeAll(async () => {
    [servers, redis] = await Promise.all([startServers(), startRedis()]);
    plain = new Redis(redis.url);
    const [node = '', restart = ''] = servers.ensemble.restartArgv();
    const script = `echo $PPID >> ${at('runs')}; while [ ! -e ${at('go')} ]; do sleep 0.05; done; exec ${node} ${restart} $1\n`;
    writeFileSync(at('slow.sh'), script);
    const restartArgv = () => ['/bin/sh', at('slow.sh'), '{server}'];
    const ensembles = { orders: { ...servers.ensemble, restartArgv } };
    const start = () => startBotProcess(processOf(servers, redis, { ensembles }));
    bots = await Promise.all([start(), start()]);
  });

  afterAll(async () => {
    // Whatever still waits ends by itself.
    writeFileSync(at('go'), '');
    await Promise.all(bots.map((bot) => bot.close()));
    plain?.disconnect();
    await servers?.close();
    await redis?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Processes that ran the command, one line each time. */
  function runs(): readonly number[] {
    return existsSync(at('runs'))
      ? readFileSync(at('runs'), 'utf8').trim().split('\n').map(Number)
      : [];
  }

  async function fence(): Promise<number> {
    return Number(await plain.hget('nightkeeper:{orders}:recovery-lock', 'fence'));
  }

  it('has it finished by another one within 10 s, once', { timeout: 120_000 }, async () => {
    const [first] = bots;
    if (first === undefined) throw new Error('no bot');
    const isHealthy = async () => (await eyesOn(() => first).health('orders')) === 'healthy';
    const { victim, ear, posted } = await beginChapter(servers, () =>
      until('orders is healthy', isHealthy),
    );
    void victim.kill('SIGKILL');
    const { card } = eyesOn(() => first);
    const { incident: id } = await card('down', (it) => it.server === victim.id && isUp(it));
    await first.command(`recover orders ${victim.id} --reason "it died" --confirm yes`);
    // The file is there a moment before the number in it.
    const pid = await until('the command runs', () => runs().find((each) => each > 0));
    const before = await fence();
    const killed = bots.find((bot) => bot.pid === pid);
    const left = bots.find((bot) => bot.pid !== pid);
    if (killed === undefined || left === undefined) throw new Error(`nobody is ${pid}`);

    const killedMs = performance.now();
    await killed.kill('SIGKILL');
    await until('another one holds the lock', async () => (await fence()) > before);
    const takenUpMs = performance.now() - killedMs;
    writeFileSync(at('go'), '');
    await ear.over(id, 60_000);
    const { incident } = eyesOn(() => left);
    const recovery = await until(
      'the restart is judged',
      async () => {
        const { recovery: mark } = await incident(id);
        return mark?.state === 'succeeded' || mark?.state === 'failed' ? mark : undefined;
      },
      60_000,
    );

    expect(takenUpMs).toBeLessThan(takenUpMsMax);
    expect(recovery).toMatchObject({ state: 'succeeded', server: victim.id });
    expect(runs()).toEqual([pid]);
    expect(ear.incidents()).toEqual([id]);
    expect(posted()).toHaveLength(1);
    await until('the lock is free', async () => (await fence()) === 0);
  });
});
