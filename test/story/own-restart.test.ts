import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUp, ops, type Servers, type Story, startServers, withBot } from '../support/story.ts';
import { until } from '../support/until.ts';

/** Stop, start and verification take 13.5 s at most with this. */
const timing = 'timing: { tickTime: 500ms, initLimit: 5, syncLimit: 2 }';

// The command only kills: the server stays away.
describe('a server that the bot restarts and that does not come back', () => {
  let servers: Servers;
  let story: Story;
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-own-'));

  beforeAll(async () => {
    servers = await startServers();
    const restartArgv = () => ['/bin/sh', '-c', `kill -9 $(cat ${dir}/{server})`];
    story = await withBot(servers, {
      ensembles: { orders: { ...servers.ensemble, restartArgv } },
      ensembleYaml: timing,
    });
  });

  afterAll(async () => {
    await story?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('has one card, that of the restart, until it has given up, and its own then', async () => {
    const { bot, ensemble, slack } = story;
    const [victim] = await ensemble.followers();
    if (victim === undefined) throw new Error('no follower');
    writeFileSync(join(dir, victim.id), String(victim.pid()));

    await bot.type(`recover orders ${victim.id} --reason "new heap size" --confirm yes`);
    const working = await bot.card(
      'the restart lists what it does',
      (it) => it.detector === 'recovery' && it.symptoms.length > 0,
    );
    const meanwhile = (await bot.cards()).map(({ detector }) => detector);
    const alarm = await bot.card(
      'the alarm',
      (it) => it.server === victim.id && it.detector === 'member-down' && isUp(it),
      60_000,
    );
    const { recoveryLine } = await bot.card(
      'the restart has failed',
      (it) => it.detector === 'recovery' && it.tone === 'resolved',
    );

    expect(working.symptoms.join()).toContain(victim.id);
    expect(meanwhile).toEqual(['recovery']);
    expect(recoveryLine).toContain('failed');
    expect(alarm.title).toContain('down');
    await until('both are in Slack', () => slack.channel(ops).messages.length === 2);
    victim.start();
    await bot.green(60_000);
  }, 180_000);
});
