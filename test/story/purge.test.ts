import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZooKeeperServer } from '../servers/zookeeper.ts';
import { clientArgv } from '../servers/zookeeper-process.ts';
import { errorsOf, type Story, startStory } from '../support/story.ts';
import { until } from '../support/until.ts';

/** A listing, a removal and another listing, on a machine that does other things too. */
const purgeMsMax = 60_000;

/** As an operator would call it whose ZooKeeper comes from Debian. */
const purge = [
  'java',
  '-cp',
  '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar',
  'org.apache.zookeeper.server.PurgeTxnLog',
  '{logDir}',
  '{dataDir}',
  '-n',
  '{keep}',
];

describe.each([
  ['file by file', 3, undefined],
  ["by ZooKeeper's own purge", 1, `purge: ${JSON.stringify(purge)}`],
])('a purge of snapshots, %s', (_, servers, restartYaml) => {
  let story: Story;
  let victim: ZooKeeperServer;

  beforeAll(async () => {
    story = await startStory({
      // A snapshot after every other transaction, so that there is something to purge.
      ensemble: { servers, jvmFlags: ['-Dzookeeper.snapCount=2'] },
      ...(restartYaml === undefined ? {} : { restartYaml }),
    });
    const [first] = story.ensemble.servers;
    if (first === undefined) throw new Error('no server');
    victim = first;
    const lines = Array.from({ length: 40 }, (__, index) => `create /purge-${index} x`);
    const [program, ...args] = [...clientArgv, `${victim.host}:${victim.clientPort}`];
    spawnSync(program ?? 'java', args, { input: `${lines.join('\n')}\n`, timeout: 60_000 });
    await until('there are snapshots', () => snapshotsOf(victim).length > 8 || undefined);
  }, 180_000);
  afterAll(async () => {
    await story?.close();
  });

  it('is shown with what would go, and keeps at least three', async () => {
    const before = snapshotsOf(victim);

    const shown = await story.bot.type(`recover purge-snapshots orders ${victim.id} --dry-run`);
    const few = await story.bot.type(`recover purge-snapshots orders ${victim.id} --keep 2`);

    const text = JSON.stringify(shown.blocks);
    expect(shown.outcome).toBe('done');
    expect(text).toContain(before[0] ?? 'nothing');
    expect(text).not.toContain('must agree');
    expect(JSON.stringify(few.blocks)).toContain('At least 3 snapshots are always kept');
    expect(snapshotsOf(victim)).toEqual(expect.arrayContaining([...before]));
  });

  it(
    'removes the old ones while the server serves, which starts again with what is left',
    async () => {
      const { bot, ensemble } = story;
      const before = snapshotsOf(victim);

      await bot.type(
        `recover purge-snapshots orders ${victim.id} --keep 4 --reason "the disk fills" --confirm yes`,
      );
      const over = await bot.card(
        'purged',
        (card) => /Purge of snapshots/u.test(card.recoveryLine ?? '') && card.tone === 'resolved',
        purgeMsMax,
      );

      expect(over.recoveryLine).toContain('worked');
      const after = snapshotsOf(victim);
      expect(after.length).toBeGreaterThanOrEqual(4);
      expect(after).not.toContain(before[0]);
      expect(errorsOf(story)).toEqual([]);
      await victim.restart();
      await ensemble.ready(60_000);
    },
    purgeMsMax + 90_000,
  );
});

/** By their transaction, the oldest first. */
function snapshotsOf({ dir }: ZooKeeperServer): readonly string[] {
  const zxid = (name: string): number => Number.parseInt(name.slice('snapshot.'.length), 16);
  return readdirSync(join(dir, 'data', 'version-2'))
    .filter((name) => name.startsWith('snapshot.'))
    .toSorted((a, b) => zxid(a) - zxid(b));
}
