import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWord } from '../servers/zookeeper-word.ts';
import { errorsOf, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** A stop, a boot and a copy, on a machine that does other things too. */
const resyncMsMax = 90_000;

const tokens = { ANN_TOKEN: 'ann-0123456789abcdef', BO_TOKEN: 'bob-0123456789abcdef' };

const people = [
  'people:',
  '  ann: { name: Ann Chen, roles: { "*": admin }, token: "${ANN_TOKEN}" }',
  '  bo: { name: Bo Berg, roles: { "*": operator }, token: "${BO_TOKEN}" }',
].join('\n');

describe.each([3, 5])('a resync in an ensemble of %i', (servers) => {
  let story: Story;

  beforeAll(async () => {
    story = await startStory({
      ensemble: { servers },
      yaml: people,
      env: tokens,
      token: tokens.ANN_TOKEN,
      ensembleYaml:
        'commands: { disk: { argv: [echo, "{server}", lives], guard: none, about: "What lies there" } }',
    });
  }, 120_000);
  afterAll(async () => {
    await story?.close();
  });

  it('is shown as a plan first, and nothing is done', async () => {
    const [victim] = await story.ensemble.followers();
    const pid = victim?.pid();

    const shown = await story.bot.type(`recover resync-server orders ${victim?.id} --dry-run`);

    const text = JSON.stringify(shown.blocks);
    expect(shown.outcome).toBe('done');
    expect(text).toContain(`1. Stop ${victim?.id}`);
    expect(text).toContain('restart.mjs');
    expect(text).toContain(`mv -T ${victim?.dir}/data/version-2`);
    expect(text).toContain('it fetches everything from');
    expect(text).toContain('1 other person must agree');
    expect(victim?.pid()).toBe(pid);
  });

  it('is refused for the leader', async () => {
    const leader = await story.ensemble.leader();

    const answer = await story.bot.type(`recover resync-server orders ${leader.id}`);

    expect(answer.outcome).toBe('refused');
    expect(JSON.stringify(answer.blocks)).toContain('never done to the leader');
  });

  it(
    'copies everything anew once somebody else has agreed, and keeps the old data',
    async () => {
      const { bot, ensemble } = story;
      const [victim] = await ensemble.followers();
      if (victim === undefined) throw new Error('no follower');
      const leader = await ensemble.leader();
      const sent = await metric(leader, 'snap_count');

      const asked = await bot.type(
        `recover resync-server orders ${victim.id} --reason "holes in its log" --confirm yes`,
      );
      const id = /r-\d+/u.exec(JSON.stringify(asked.blocks))?.[0] ?? '';
      const own = await bot.type(`approve ${id} --reason sure --confirm yes`);
      const agreed = await bot.type(
        `approve ${id} --reason "looked too" --confirm yes`,
        tokens.BO_TOKEN,
      );
      const over = await bot.card(
        'done',
        (card) => card.detector === 'recovery' && card.tone === 'resolved',
        resyncMsMax,
      );

      expect(JSON.stringify(asked.blocks)).toContain('must agree');
      expect(own.outcome).toBe('refused');
      expect(agreed.outcome).toBe('done');
      expect(over.recoveryLine).toContain(`it fetched all data from ${leader.id}`);
      const data = join(victim.dir, 'data');
      expect(existsSync(join(data, 'myid'))).toBe(true);
      const aside = readdirSync(data).filter((name) => name.startsWith('version-2.bad.'));
      expect(aside).toHaveLength(1);
      expect(readdirSync(join(data, aside[0] ?? '')).some((name) => name.startsWith('log.'))).toBe(
        true,
      );
      expect(await metric(leader, 'snap_count')).toBeGreaterThan(sent);
      expect(errorsOf(story)).toEqual([]);
    },
    resyncMsMax + 60_000,
  );

  it('is refused while another server is out', async () => {
    const { bot, ensemble } = story;
    await ensemble.ready();
    const [victim, other] = await ensemble.followers();
    await other?.kill('SIGKILL');

    const answer = await until('it is seen', async () => {
      const said = await bot.type(`recover resync-server orders ${victim?.id}`);
      return said.outcome === 'refused' ? said : undefined;
    });

    expect(JSON.stringify(answer.blocks)).toMatch(
      /not serve in sync|writes would stop|cooling|not long ago/u,
    );
    other?.start();
    await ensemble.ready(60_000);
  }, 90_000);

  it('runs a named command, and keeps what it prints', async () => {
    const { bot } = story;

    const unknown = await bot.type('recover run-command orders zk2 nothing');
    const help = await bot.type('help recover');
    const begun = await bot.type(
      'recover run-command orders zk2 disk --reason "what is there" --confirm yes',
    );
    const id = /r-\d+/u.exec(JSON.stringify(begun.blocks))?.[0] ?? '';

    expect(JSON.stringify(unknown.blocks)).toContain('There are: disk');
    expect(JSON.stringify(help.blocks)).toContain('disk: What lies there');
    const state = await until('it ends', async () => {
      const text = JSON.stringify((await bot.type(`evidence ${id} output`)).blocks);
      return text.includes('lives') ? text : undefined;
    });
    expect(state).toContain('zk2 lives');
  });
});

describe('a resync whose data cannot be moved', () => {
  let story: Story;

  beforeAll(async () => {
    story = await startStory({
      restartYaml: 'dataDir: /nowhere-to-be-found',
      ensembleYaml: 'approvals: { resync-server: 0 }',
    });
  }, 120_000);
  afterAll(async () => {
    await story?.close();
  });

  it(
    'starts the server again as it was, and says so',
    async () => {
      const { bot, ensemble } = story;
      const [victim] = await ensemble.followers();
      if (victim === undefined) throw new Error('no follower');
      const pid = victim.pid();

      await bot.type(
        `recover resync-server orders ${victim.id} --reason "holes in its log" --confirm yes`,
      );
      const over = await bot.card(
        'given up',
        (card) => card.detector === 'recovery' && card.tone === 'resolved',
        resyncMsMax,
      );

      expect(over.recoveryLine).toContain('the command failed with exit code 1');
      expect(over.recoveryLine).toContain('what was done before was taken back');
      expect(victim.running()).toBe(true);
      expect(victim.pid()).not.toBe(pid);
      expect(readdirSync(join(victim.dir, 'data')).toSorted()).toEqual(['myid', 'version-2']);
      await ensemble.ready(60_000);
    },
    resyncMsMax + 90_000,
  );
});

async function metric(
  { host, clientPort }: { readonly host: string; readonly clientPort: number },
  name: string,
): Promise<number> {
  const text = await askWord(host, clientPort, 'mntr');
  return Number(new RegExp(`^zk_${name}\\t(\\d+)`, 'mu').exec(text)?.[1] ?? -1);
}
