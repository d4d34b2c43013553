import { describe, expect, it } from 'vitest';

import type { Phase } from '../../../src/model/phase.ts';
import type { Situation } from '../../../src/model/recovery-action.ts';
import { purgeSnapshots } from '../../../src/rules/guard/purge-snapshots.ts';
import { aView, nightMs } from '../../support/builders.ts';
import { aConf, aSituation } from '../../support/situation.ts';

const sealed = '000000012f';

function listing(count: number, more: readonly string[] = []): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `file 1000 ${sealed} /data/version-2/snapshot.${(index + 1).toString(16)}0`,
  );
  return ['start of list', ...lines, ...more, 'end of list'].join('\n');
}

const confs = { zk2: aConf(2) };

function plan(change: Parameters<typeof aSituation>[0]) {
  return purgeSnapshots.phased?.plan(aSituation({ confs, ...change }), '');
}

describe('a purge of snapshots', () => {
  it.each<[string, Partial<Situation>, string]>([
    ['a server that serves', {}, 'allow'],
    ['while another recovery runs', { running: 'r-1' }, 'recovery-running'],
    [
      'while data is doubted',
      { alarms: [{ detector: 'digest-mismatch', server: 'zk2' }] },
      'data-alarm',
    ],
    ['while a disk is full', { alarms: [{ detector: 'disk-full-now', server: 'zk2' }] }, 'allow'],
    [
      'a server that is down',
      { view: aView({ states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } }) },
      'allow',
    ],
  ])('asks first: %s', (_, change, wanted) => {
    const verdict = purgeSnapshots.guard(aSituation(change), nightMs);

    expect(verdict.kind === 'allow' ? 'allow' : verdict.code).toBe(wanted);
  });

  it('lists what lies in both folders before it plans', () => {
    const order = purgeSnapshots.phased?.look?.(
      aSituation({ confs: { zk2: aConf(2, { dataLogDir: '/log/version-2' }) } }),
    );

    expect(order).toMatchObject({ kind: 'exec' });
    expect(JSON.stringify(order)).toContain('"/data/version-2","/log/version-2"');
    expect(purgeSnapshots.phased?.look?.(aSituation())).toMatchObject({ code: 'data-dir-unknown' });
  });

  it('names each file it removes, with the sizes', () => {
    const phases = plan({ output: listing(5, ['file 50 - /data/version-2/log.1']) });

    expect(phases).toMatchObject([
      {
        name: 'remove-files',
        order: {
          kind: 'exec',
          argv: ['rm', '-f', '--', '/data/version-2/snapshot.10', '/data/version-2/snapshot.20'],
        },
        facts: { count: 2, bytes: 2000, files: ['snapshot.10 1000', 'snapshot.20 1000'], keep: 3 },
      },
    ]);
  });

  it('removes very many files in several orders', () => {
    const phases = plan({ output: listing(253) }) as readonly Phase[];

    expect(phases.map(({ facts }) => facts['count'])).toEqual([100, 100, 50]);
  });

  it("runs ZooKeeper's own purge where the configuration says how", () => {
    const purge = ['java', 'PurgeTxnLog', '{logDir}', '{dataDir}', '-n', '{keep}'];

    const phases = plan({ output: listing(9), settings: { tools: { purge } }, argument: '4' });

    expect(phases).toMatchObject([
      {
        name: 'purge',
        order: { argv: ['java', 'PurgeTxnLog', '/data', '/data', '-n', '4'] },
        facts: { count: 5 },
      },
    ]);
  });

  it.each<[string, Parameters<typeof aSituation>[0], string]>([
    ['three snapshots', { output: listing(3) }, 'nothing-to-purge'],
    ['as many as are kept', { output: listing(5), argument: '5' }, 'nothing-to-purge'],
    ['fewer than three to keep', { output: listing(9), argument: '2' }, 'keep-too-few'],
    ['no number', { output: listing(9), argument: 'all' }, 'keep-too-few'],
    ['no listing', {}, 'files-unseen'],
    ['half a listing', { output: 'start of list' }, 'files-unseen'],
    ['no folder', { output: listing(9), confs: {} }, 'data-dir-unknown'],
    [
      'a newest snapshot that is cut',
      { output: listing(9, ['file 3 0000 /data/version-2/snapshot.ff0']) },
      'snapshot-broken',
    ],
  ])('is refused with %s', (_, change, code) => {
    expect(plan(change)).toMatchObject({ kind: 'refusal', code });
  });

  const phase: Phase = {
    name: 'remove-files',
    server: 'zk2',
    order: { kind: 'exec', argv: [] },
    facts: { keep: 3, serves: true, gone: ['/data/version-2/snapshot.10'] },
  };
  const three = listing(4).replace(/.*snapshot\.10\n/u, '');
  it.each<[string, string, Partial<Situation>]>([
    ['yes', 'the files are gone', { output: three }],
    ['not-yet', 'one is still there', { output: listing(4) }],
    ['not-yet', 'nobody can look', {}],
    ['no', 'too few snapshots are left', { output: listing(2) }],
    [
      'not-yet',
      'the server does not serve any more',
      {
        output: three,
        view: aView({ states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } }),
      },
    ],
  ])('has worked: %s, when %s', (wanted, _, change) => {
    expect(purgeSnapshots.phased?.check(phase, aSituation(change))).toBe(wanted);
  });

  it('asks nothing of a server that did not serve before', () => {
    const down = aView({ states: { zk1: 'leader', zk2: 'refused', zk3: 'follower' } });
    const before = { ...phase, facts: { ...phase.facts, serves: false } };

    expect(purgeSnapshots.phased?.check(before, aSituation({ view: down, output: three }))).toBe(
      'yes',
    );
    expect(purgeSnapshots.phased?.undo([], aSituation())).toEqual([]);
    expect(purgeSnapshots.phased?.checkMs(phase, aSituation().settings)).toBeGreaterThan(1000);
  });
});
