import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../servers/redis.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import {
  beginChapter,
  eyesOn,
  isUp,
  ops,
  processOf,
  type Servers,
  startServers,
} from '../support/story.ts';
import { until } from '../support/until.ts';

const rules =
  'auto: [{ detector: member-hung, action: restart-server, after: 10s, atMost: 9 per 1h }]';

// The built bot, in processes of their own: only a process can be killed. The restart waits for a word of the test, so that the
// replica that runs it surely dies in the middle.
describe('a server that hangs and nobody takes on', () => {
  let servers: Servers;
  let redis: RedisServer;
  let bots: readonly BotProcess[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-auto-'));
  const at = (name: string) => join(dir, name);

  beforeAll(async () => {
    [servers, redis] = await Promise.all([startServers(), startRedis()]);
    const [node = '', restart = ''] = servers.ensemble.restartArgv();
    const script = `echo $PPID >> ${at('runs')}; while [ ! -e ${at('go')} ]; do sleep 0.05; done; exec ${node} ${restart} $1\n`;
    writeFileSync(at('slow.sh'), script);
    const restartArgv = () => ['/bin/sh', at('slow.sh'), '{server}'];
    const ensembles = { orders: { ...servers.ensemble, restartArgv } };
    const start = () =>
      startBotProcess({
        ...processOf(servers, redis, { ensembles, ensembleYaml: rules }),
        readyWithinMs: 90_000,
      });
    bots = await Promise.all([start(), start(), start()]);
  }, 240_000);

  afterAll(async () => {
    // Whatever still waits ends by itself.
    writeFileSync(at('go'), '');
    await Promise.all(bots.map((bot) => bot.close()));
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

  function begin(bot: BotProcess) {
    const isHealthy = async () => (await eyesOn(() => bot).health('orders')) === 'healthy';
    return beginChapter(servers, () => until('orders is healthy', isHealthy, 60_000));
  }

  it('is announced, and restarted once although the replicas die one after the other', async () => {
    const [first] = bots;
    if (first === undefined) throw new Error('no bot');
    const { victim, posted } = await begin(first);
    const before = victim.pid();
    void victim.kill('SIGSTOP');
    const announced = await eyesOn(() => first).card(
      'announced',
      (it) => it.server === victim.id && /begins by itself/u.test(it.recoveryLine ?? ''),
      60_000,
    );

    await first.kill('SIGKILL');
    const pid = await until('the command runs', () => runs().find((each) => each > 0), 60_000);
    const second = bots.find((bot) => bot.pid === pid);
    const third = bots.find((bot) => bot !== first && bot !== second);
    if (second === undefined || third === undefined) throw new Error(`nobody is ${pid}`);
    await second.kill('SIGKILL');
    writeFileSync(at('go'), '');
    const { incident } = eyesOn(() => third);
    const ended = await until(
      'the restart is judged',
      async () => {
        const { recovery: mark } = await incident(announced.incident);
        return mark?.state === 'succeeded' || mark?.state === 'failed' ? mark : undefined;
      },
      120_000,
    );

    expect(announced.buttons.map(({ id }) => id)).toContain('stop');
    expect(ended).toMatchObject({ state: 'succeeded', by: 'nightkeeper', via: 'auto' });
    expect(runs()).toEqual([pid]);
    expect(victim.pid()).not.toBe(before);
    expect(posted()).toHaveLength(1);
    const [card] = posted();
    expect(card?.replies.map(({ text }) => text).join('\n')).toMatch(
      /begins by itself[\s\S]*runs now by itself/u,
    );
  }, 300_000);

  it('is left alone when somebody presses Stop in Slack', async () => {
    const alive = bots.find((bot) => isAlive(bot.pid));
    if (alive === undefined) throw new Error('no bot is left');
    const { victim } = await begin(alive);
    const { slack } = servers;
    const eyes = eyesOn(() => alive);
    const before = runs().length;
    void victim.kill('SIGSTOP');
    await eyes.card(
      'announced',
      (it) =>
        it.server === victim.id && isUp(it) && /begins by itself/u.test(it.recoveryLine ?? ''),
      60_000,
    );
    const message = await until('the button is in Slack', () =>
      slack.channel(ops).messages.findLast(({ buttons }) => buttons.includes('Stop')),
    );
    await slack.click(message, 'Stop', 'U0BO');
    const stopped = await eyes.card('stopped', (it) =>
      /was stopped by Bo Berg before it began/u.test(it.recoveryLine ?? ''),
    );
    const answer = await alive.command('auto');
    void victim.kill('SIGCONT');
    await eyes.card('over', (it) => it.incident === stopped.incident && !isUp(it), 60_000);

    expect(stopped.buttons.map(({ id }) => id)).not.toContain('stop');
    expect(JSON.stringify(answer.blocks)).toContain('member-hung');
    expect(runs()).toHaveLength(before);
  }, 240_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
