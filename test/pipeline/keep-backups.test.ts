import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backupFolder } from '../../src/edges/backup/folder.ts';
import { znodeTrees } from '../../src/edges/zookeeper/tree.ts';
import type { BackupSettings } from '../../src/model/kept-backup.ts';
import { askForBackup, backupsNow } from '../../src/pipeline/ask-for-backup.ts';
import { createBackupKeeper } from '../../src/pipeline/keep-backups.ts';
import { retryMs } from '../../src/rules/backup/due.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../servers/zookeeper.ts';
import { aSettings, aStamp } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { until } from '../support/until.ts';
import { aZnode, createAll, openTree } from '../support/znodes.ts';

let ensemble: ZooKeeperEnsemble;
let dir: string;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 1 });
  const tree = await openTree(ensemble.settings());
  await createAll(tree, [aZnode('/a'), aZnode('/a/b')]);
  await tree.close();
}, 60_000);

afterAll(() => ensemble.close());

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nightkeeper-kept-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const hourMs = 3_600_000;
const job = { kind: 'backup', ensemble: 'orders' } as const;

function settingsOf(overrides: Partial<BackupSettings> = {}) {
  const backup: BackupSettings = {
    dir,
    when: { everyMs: 24 * hourMs },
    keep: { last: 2, daily: 0, weekly: 0 },
    root: '/',
    perSecondMax: 10_000,
    ...overrides,
  };
  return aSettings({ ensembles: [ensemble.settings({ backup })] });
}

function house(settings = settingsOf()) {
  return Object.assign(aHouse({ settings }), {
    backups: { trees: znodeTrees, files: backupFolder },
  });
}

async function cards(home: ReturnType<typeof house>) {
  const open = await home.incidents.open('nightkeeper');
  return open.map(({ detector, facts }) => `${detector} ${String(facts['ensemble'])}`);
}

describe('backups of the bot', () => {
  it('are made when they are due, and the oldest go', async () => {
    const home = house();
    const keeper = createBackupKeeper(home);

    for (let day = 0; day < 4; day += 1) {
      await keeper.run(job);
      await keeper.run(job);
      await home.clock.advance(24 * hourMs);
    }

    const { kept } = (await backupsNow(home, 'orders')).history;
    expect(kept).toHaveLength(2);
    expect(kept[0]).toMatchObject({ znodes: 3, denied: 0, moved: 0 });
    expect((await readdir(dir)).map((name) => join(dir, name)).toSorted()).toEqual(
      kept.map(({ file }) => file).toSorted(),
    );
    const audit = await home.incidents.audited('orders', 10);
    expect(audit.map(({ what, who, outcome }) => `${what} ${who} ${outcome}`)).toEqual(
      Array.from({ length: 4 }, () => 'backup nightkeeper done'),
    );
    expect(await cards(home)).toEqual([]);
  }, 60_000);

  it('are made at once when somebody asks, in their name, and only once', async () => {
    const { when: _, ...onRequest } = settingsOf().ensembles[0]!.backup!;
    const home = house(aSettings({ ensembles: [ensemble.settings({ backup: onRequest })] }));
    const keeper = createBackupKeeper(home);
    await keeper.run(job);
    expect((await backupsNow(home, 'orders')).history.kept).toEqual([]);

    await askForBackup(home, 'orders', aStamp({ by: 'ann', name: 'Ann' }));
    await Promise.all([keeper.run(job), keeper.run(job)]);
    await keeper.run(job);

    expect((await backupsNow(home, 'orders')).history.kept).toHaveLength(1);
    expect((await home.incidents.audited('orders', 10)).map(({ who }) => who)).toEqual(['ann']);
  }, 60_000);

  it('make a card when they fail, which ends with the next good one', async () => {
    const home = house(settingsOf({ dir: '/dev/null/nowhere' }));
    const keeper = createBackupKeeper(home);

    await keeper.run(job);
    await keeper.run(job);
    const failed = await cards(home);
    const { history } = await backupsNow(home, 'orders');
    home.settingsAre(settingsOf());
    await home.clock.advance(retryMs + 1000);
    await keeper.run(job);

    expect(failed).toEqual(['backup-overdue orders']);
    expect(history.failed?.why).toContain('ENOTDIR');
    expect(await cards(home)).toEqual([]);
    expect((await backupsNow(home, 'orders')).history.kept).toHaveLength(1);
  }, 60_000);

  it('end with the bot, and are gone on with by another one', async () => {
    const home = house(settingsOf({ perSecondMax: 1 }));
    const keeper = createBackupKeeper(home);
    const running = keeper.run(job);
    await until('a begun file', async () =>
      (await readdir(dir)).some((name) => name.endsWith('.part')),
    );

    keeper.stop();
    await running;
    const left = await readdir(dir);
    home.settingsAre(settingsOf());
    await createBackupKeeper(home).run(job);

    expect(left).toEqual([expect.stringMatching(/^orders-\d{8}-\d{6}\.nkb\.part$/u)]);
    expect((await backupsNow(home, 'orders')).history.kept).toHaveLength(1);
    expect(await readdir(dir)).toEqual([left[0]!.replace('.part', '')]);
  }, 60_000);

  it('end where another replica may be at it, and leave the file to that one', async () => {
    const home = house(settingsOf({ perSecondMax: 0.01 }));
    const { backupLog } = home;
    const lost = {
      ...backupLog,
      async claim(id: string, forMs: number) {
        const right = await backupLog.claim(id, forMs);
        return right === undefined ? undefined : { ...right, renew: () => Promise.resolve(false) };
      },
    };
    const running = createBackupKeeper({ ...home, backupLog: lost }).run(job);
    await until('a begun file', async () =>
      (await readdir(dir)).some((name) => name.endsWith('.part')),
    );
    await until('a pause', () => home.clock.sleepers() > 1);

    await home.clock.advance(20_000);
    await running;

    expect(await readdir(dir)).toEqual([expect.stringMatching(/\.part$/u)]);
    expect((await backupsNow(home, 'orders')).history.kept).toEqual([]);
    expect(await cards(home)).toEqual([]);
  }, 60_000);

  it('lose their card when they are set up no more', async () => {
    const home = house(settingsOf({ dir: '/dev/null/nowhere' }));
    const keeper = createBackupKeeper(home);
    await keeper.run(job);

    home.settingsAre(aSettings({ ensembles: [ensemble.settings()] }));
    await keeper.run(job);

    expect(await cards(home)).toEqual([]);
  }, 60_000);
});
