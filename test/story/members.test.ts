import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { clientArgv } from '../servers/zookeeper-process.ts';
import { askWord } from '../servers/zookeeper-word.ts';
import { auditOf, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** A reconfiguration takes under a second; `zkCli.sh` starts a JVM for it, on a machine that does other things too. */
const changeMsMax = 90_000;

const env = {
  ANN_TOKEN: 'ann-0123456789abcdef',
  BO_TOKEN: 'bob-0123456789abcdef',
  CY_TOKEN: 'cyd-0123456789abcdef',
  ZK_RECONFIG: 'super:s3cret-of-the-night',
};

const people = [
  'people:',
  '  ann: { name: Ann Chen, roles: { "*": admin }, token: "${ANN_TOKEN}" }',
  '  bo: { name: Bo Berg, roles: { "*": operator }, token: "${BO_TOKEN}" }',
  '  cy: { name: Cy Diaz, roles: { "*": operator }, token: "${CY_TOKEN}" }',
].join('\n');

/** As ZooKeeper wants the password of its superuser: user, and SHA-1 of both in base64. */
const superDigest = `super:${createHash('sha1').update(env.ZK_RECONFIG).digest('base64')}`;

const zkCli = [...clientArgv, '{host}:{port}'];

describe('the members of an ensemble', () => {
  let story: Story;
  let victim: ZooKeeperServer;
  let config: string;
  let line: string;

  beforeAll(async () => {
    story = await startStory({
      ensemble: {
        extraConfig: { reconfigEnabled: true },
        jvmFlags: [`-Dzookeeper.DigestAuthenticationProvider.superDigest=${superDigest}`],
      },
      yaml: people,
      env,
      token: env.ANN_TOKEN,
      restartYaml: `zkCli: ${JSON.stringify(zkCli)}, zkAuth: "\${ZK_RECONFIG}"`,
    });
    [victim] = (await story.ensemble.followers()) as [ZooKeeperServer];
    config = originalOf(victim);
  }, 120_000);
  afterAll(async () => {
    await story?.close();
  });

  it('are shown with what would change, and what would undo it', async () => {
    const shown = await story.bot.type(`recover remove-member orders ${victim.id} --dry-run`);

    const text = JSON.stringify(shown.blocks);
    expect(shown.outcome).toBe('done');
    expect(text).toContain(`reconfig -remove ${victim.sid} -v `);
    expect(text).toContain(`Stop ${victim.id}`);
    expect(text).toContain('2 other people must agree');
    expect(text).not.toContain('s3cret');
  });

  it('are not changed where the leader would go', async () => {
    const leader = await story.ensemble.leader();

    const answer = await story.bot.type(`recover remove-member orders ${leader.id}`);

    expect(JSON.stringify(answer.blocks)).toContain('First make another server lead');
  });

  it(
    'lose one after two others have agreed, and it is stopped',
    async () => {
      const { bot, ensemble } = story;
      const id = idIn(
        await bot.type(
          `recover remove-member orders ${victim.id} --reason "its host goes" --confirm yes`,
        ),
      );

      const first = await bot.type(`approve ${id} --reason ok --confirm yes`, env.BO_TOKEN);
      const twice = await bot.type(`approve ${id} --reason ok --confirm yes`, env.BO_TOKEN);
      await bot.type(`approve ${id} --reason ok --confirm yes`, env.CY_TOKEN);

      const over = await bot.card(
        'removed',
        (card) =>
          /Removal of the member/u.test(card.recoveryLine ?? '') && card.tone === 'resolved',
        changeMsMax,
      );
      expect(JSON.stringify(first.blocks)).toContain('1 more person');
      expect(twice.outcome).toBe('refused');
      expect(over.recoveryLine).toContain('worked');
      expect(over.recoveryLine).toContain(`recover add-member with ${victim.sid}=`);
      line = / with (\S+)/u.exec(over.recoveryLine ?? '')?.[1] ?? '';
      expect(victim.running()).toBe(false);
      for (const server of ensemble.servers.filter((each) => each !== victim))
        expect(await askWord(server.host, server.clientPort, 'conf')).not.toContain(
          `server.${victim.sid}=`,
        );
      const output = JSON.stringify((await bot.type(`evidence ${id} output`)).blocks);
      expect(output).toContain('Committed new configuration');
      expect(output).not.toContain('s3cret');
      expect(JSON.stringify(await auditOf(story))).not.toContain('s3cret');
    },
    changeMsMax + 30_000,
  );

  it(
    'do not take in one that does not follow yet, and take it in when it does',
    async () => {
      const { bot } = story;
      const early = await bot.type(`recover add-member orders ${line}`);
      rewrite(victim, config);
      victim.start();
      await until(
        'it follows',
        async () =>
          /Mode: follower/u.test(
            await askWord(victim.host, victim.clientPort, 'srvr').catch(() => ''),
          ),
        60_000,
      );

      const asked = await until('it may join', async () => {
        const answer = await bot.type(
          `recover add-member orders ${line} --reason "a new host" --confirm yes`,
        );
        return answer.outcome === 'done' ? answer : undefined;
      });
      await bot.type(`approve ${idIn(asked)} --reason ok --confirm yes`, env.BO_TOKEN);
      const over = await bot.card(
        'added',
        (card) =>
          /Addition of the member/u.test(card.recoveryLine ?? '') && card.tone === 'resolved',
        changeMsMax,
      );

      expect(JSON.stringify(early.blocks)).toContain('does not follow the leader in sync yet');
      expect(over.recoveryLine).toContain('worked');
      const leader = await story.ensemble.leader();
      const mntr = await askWord(leader.host, leader.clientPort, 'mntr');
      expect(mntr).toContain('zk_quorum_size\t3');
      expect(mntr).toContain('zk_synced_followers\t2');
    },
    2 * changeMsMax + 60_000,
  );
});

function idIn(answer: { readonly blocks: unknown }): string {
  return /r-\d+/u.exec(JSON.stringify(answer.blocks))?.[0] ?? '';
}

/** The configuration as it was written: ZooKeeper takes the list of members out of it when it starts. */
function originalOf({ dir }: ZooKeeperServer): string {
  const files = readdirSync(dir);
  const kept = files.find((name) => name === 'zoo.cfg.bak') ?? 'zoo.cfg';
  return readFileSync(join(dir, kept), 'utf8');
}

function rewrite({ dir }: ZooKeeperServer, config: string): void {
  for (const name of readdirSync(dir))
    if (name.startsWith('zoo.cfg.dynamic')) rmSync(join(dir, name));
  writeFileSync(join(dir, 'zoo.cfg'), config);
}
