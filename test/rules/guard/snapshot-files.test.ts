import { describe, expect, it } from 'vitest';

import {
  type DataFile,
  filesIn,
  listingOf,
  purgeOf,
} from '../../../src/rules/guard/snapshot-files.ts';

const sealed = '000000012f';

function listing(...lines: readonly string[]): string {
  return ['start of list', ...lines, 'end of list', ''].join('\n');
}

function snapshots(...zxids: readonly string[]): readonly string[] {
  return zxids.map((zxid) => `file 100 ${sealed} /data/version-2/snapshot.${zxid}`);
}

function logs(...zxids: readonly string[]): readonly string[] {
  return zxids.map((zxid) => `file 1000 - /data/version-2/log.${zxid}`);
}

function files(...lines: readonly string[]): readonly DataFile[] {
  return filesIn(listing(...lines)) ?? [];
}

function removed(all: readonly DataFile[], keep: number): readonly string[] {
  return purgeOf(all, keep).remove.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

describe('a listing of the files of a server', () => {
  it('names snapshots and logs, packed ones too, and knows which are whole', () => {
    const found = files(
      `file 582 ${sealed} /data/version-2/snapshot.0`,
      'file 90 7c5600002f /data/version-2/snapshot.10000000a',
      'file 70 packed /data/version-2/snapshot.10000000b.snappy',
      'file 60 - /data/version-2/snapshot.10000000c.gz',
      'file 67108880 - /log/version-2/log.100000001',
      'file 3 - /data/version-2/acceptedEpoch',
      'noise',
    );

    expect(found.map(({ kind, zxid, bytes, whole }) => [kind, zxid, bytes, whole])).toEqual([
      ['snapshot', 0n, 582, true],
      ['snapshot', 0x10000000an, 90, false],
      ['snapshot', 0x10000000bn, 70, true],
      ['snapshot', 0x10000000cn, 60, false],
      ['log', 0x100000001n, 67_108_880, true],
    ]);
  });

  it.each(['', 'start of list\nfile 1 - /d/log.1\n', 'file 1 - /d/log.1\nend of list\n'])(
    'that was cut tells nothing: %j',
    (text) => {
      expect(filesIn(text)).toBeUndefined();
    },
  );

  it('is asked for each folder once', () => {
    const { argv } = listingOf(['/data/version-2', '/data/version-2']);

    expect(argv.slice(0, 2)).toEqual(['sh', '-c']);
    expect(argv.slice(3)).toEqual(['sh', '/data/version-2']);
  });
});

describe('a purge', () => {
  it('keeps the newest snapshots, and the last log before the oldest of them', () => {
    const all = files(
      ...snapshots('1', '10', '20', '30', '40'),
      ...logs('1', '11', '1f', '2a', '41'),
    );

    expect(removed(all, 3)).toEqual(['snapshot.1', 'log.1', 'snapshot.10', 'log.11']);
  });

  it('orders by transaction and not by name, across epochs too', () => {
    const all = files(...snapshots('9', 'a', '10', '100000002', '200000001'));

    expect(removed(all, 3)).toEqual(['snapshot.9', 'snapshot.a']);
  });

  it('lets a broken snapshot push out no whole one', () => {
    const all = files(
      ...snapshots('1', '10', '20'),
      'file 5 0000000000 /data/version-2/snapshot.30',
      'file 5 0000000000 /data/version-2/snapshot.40',
    );

    expect(purgeOf(all, 3)).toEqual({ remove: [], snapshots: 3, newestWhole: false });
  });

  it('keeps a log that begins with the very transaction of the oldest snapshot, and the one before', () => {
    const all = files(...snapshots('10', '20', '30', '40'), ...logs('5', '11', '20', '31'));

    expect(removed(all, 3)).toEqual(['log.5', 'snapshot.10']);
  });

  it.each([
    ['as many snapshots as are kept', ['1', '2', '3']],
    ['none at all', []],
  ])('has nothing to do with %s', (_, zxids) => {
    expect(removed(files(...snapshots(...zxids), ...logs('1', '2')), 3)).toEqual([]);
  });

  it('never removes a file that is needed to load what it keeps, whatever there is', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const number = random(seed);
      const zxids = (count: number): readonly string[] =>
        Array.from({ length: count }, () => number(400).toString(16));
      const all = files(
        ...snapshots(...new Set(zxids(number(9)))),
        ...logs(...new Set(zxids(number(12)))),
      );
      const keep = 3 + number(3);

      const { remove } = purgeOf(all, keep);

      const left = all.filter((file) => !remove.includes(file));
      const kept = left.filter(({ kind }) => kind === 'snapshot');
      const had = all.filter(({ kind }) => kind === 'snapshot').length;
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(had, keep));
      const oldest = kept.reduce((min, { zxid }) => (zxid < min ? zxid : min), 1n << 60n);
      const preceding = all
        .filter(({ kind, zxid }) => kind === 'log' && zxid <= oldest)
        .toSorted((a, b) => (a.zxid < b.zxid ? 1 : -1))[0];
      const needed = all.filter(({ kind, zxid }) => kind === 'log' && zxid >= oldest);
      for (const log of [...needed, ...(preceding === undefined ? [] : [preceding])])
        expect(remove).not.toContain(log);
    }
  });
});

/** Whole numbers below a limit, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
