import { describe, expect, it } from 'vitest';
import { blankTree, type Recreated, type TreeFacts } from '../../../src/model/tree.ts';
import { dataSize } from '../../../src/rules/detect/data-size.ts';
import { ephemeralFlapping } from '../../../src/rules/detect/ephemeral-flapping.ts';
import { nodeTooBig } from '../../../src/rules/detect/node-too-big.ts';
import { znodeGrowth } from '../../../src/rules/detect/znode-growth.ts';
import { aReading, aView, nightMs, samplesOf } from '../../support/builders.ts';
import { aHost, aSurveyedView } from '../../support/surveys.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

function aWalkedTree(overrides: Partial<TreeFacts> = {}): TreeFacts {
  return {
    ...blankTree,
    atMs: nightMs,
    round: {
      startedMs: nightMs - 2 * minute,
      endedMs: nightMs - minute,
      server: 'zk2',
      znodes: 10,
      ephemerals: 0,
      requests: 12,
      readBytes: 1000,
      unentered: 0,
    },
    ...overrides,
  };
}

function aRecreated(minutesAgo: readonly number[], overrides: Partial<Recreated> = {}): Recreated {
  return {
    path: '/services/pay',
    createdMs: minutesAgo.map((ago) => nightMs - ago * minute),
    owner: '0x1000a',
    ...overrides,
  };
}

function flapping(paths: readonly Recreated[], atMs = nightMs) {
  const recreated = { atMs, watched: 1, unwatched: 0, paths };
  return ephemeralFlapping.detect(aView({ tree: { ...blankTree, recreated } }), nightMs)[0];
}

describe('ephemeral-flapping', () => {
  it.each([
    ['four creations in ten minutes: three times again', [8, 6, 4, 2], 'firing'],
    ['three creations: the first may be the first there was', [8, 4, 2], 'clear'],
    ['three in ten minutes after an earlier one', [20, 8, 4, 2], 'firing'],
    ['many that are long past', [29, 28, 27, 26, 25], 'clear'],
  ] as const)('judges %s', (_, minutesAgo, verdict) => {
    expect(flapping([aRecreated(minutesAgo)])?.verdict).toBe(verdict);
  });

  it('names the paths, those that come most often first, and the addresses', () => {
    const finding = flapping([
      aRecreated([8, 6, 4, 2], { path: '/a', address: '10.0.0.1' }),
      aRecreated([9, 8, 6, 4, 2], { path: '/b', address: '10.0.0.2', server: 'zk1' }),
    ]);

    expect(finding?.facts).toMatchObject({
      paths: ['/b', '/a'],
      count: 2,
      times: 4,
      addresses: ['10.0.0.2', '10.0.0.1'],
      at: 'zk1',
    });
    expect(finding?.evidence[0]).toBe(
      '/b: created again 4 times in 10 min, now by 0x1000a from 10.0.0.2',
    );
  });

  it('knows nothing without a crawl, before the second look, and when the last one is old', () => {
    const none = ephemeralFlapping.detect(aView(), nightMs)[0];
    const blank = ephemeralFlapping.detect(aView({ tree: blankTree }), nightMs)[0];
    const old = flapping([aRecreated([8, 6, 4, 2])], nightMs - 6 * minute);

    for (const finding of [none, blank, old]) expect(finding?.verdict).toBe('unknown');
  });
});

describe('node-too-big, by the tree', () => {
  const ofTree = (tree: TreeFacts) => {
    const view = aSurveyedView({ zk1: { host: aHost() } }, { tree });
    return nodeTooBig.detect(view, nightMs).find(({ subject }) => subject.server === undefined);
  };

  it.each([
    ['a fifth', 200_000, 'clear', 'warn', ''],
    ['more than half', 600_000, 'firing', 'warn', '/big'],
    ['nearly all', 900_000, 'firing', 'page', '/big'],
  ] as const)(
    'judges data of %s of what one request may have',
    (_, bytes, verdict, severity, path) => {
      const finding = ofTree(aWalkedTree({ largest: [{ path: '/big', bytes }] }));

      expect(finding).toMatchObject({
        verdict,
        severity,
        facts: { path, limitBytes: 1_048_575, what: 'data' },
      });
    },
  );

  it.each([
    ['a list that was read', { children: 20_000, listBytes: 700_000 }, 67],
    ['a list too long to be read', { children: 60_000 }, 80],
  ] as const)('judges %s', (_, wide, percent) => {
    const finding = ofTree(aWalkedTree({ widest: [{ path: '/wide', ...wide }] }));

    expect(finding).toMatchObject({
      verdict: 'firing',
      facts: { path: '/wide', what: 'children', percent },
    });
  });

  it('takes the limit the servers say they have', () => {
    const view = aSurveyedView(
      {
        zk1: { host: aHost({ settings: { 'jute.maxbuffer': '4194304' } }) },
        zk2: { admin: { atMs: nightMs, open: true, maxBufferBytes: 2_097_152 } },
      },
      { tree: aWalkedTree({ largest: [{ path: '/big', bytes: 900_000 }] }) },
    );

    expect(nodeTooBig.detect(view, nightMs).at(-1)?.verdict).toBe('clear');
  });

  it('knows nothing without a walk, after a walk that was cut, and when the walk is old', () => {
    const { round } = aWalkedTree();

    expect(ofTree(blankTree)?.verdict).toBe('unknown');
    expect(ofTree(aWalkedTree({ round: { ...round!, cut: 'nodes' } }))?.verdict).toBe('unknown');
    expect(ofTree(aWalkedTree({ round: { ...round!, endedMs: nightMs - 2 * day } }))?.verdict).toBe(
      'unknown',
    );
  });
});

describe('where a tree grows', () => {
  const subtrees: TreeFacts['subtrees'] = [
    { path: '/app', znodes: 900_000, bytes: 5_000, earlier: [[nightMs - day, 899_990]] },
    { path: '/queue', znodes: 300_000, bytes: 900_000, earlier: [[nightMs - day, 100_000]] },
    { path: '/queue/tasks', znodes: 290_000, bytes: 800_000, earlier: [[nightMs - day, 95_000]] },
    { path: '/queue/done', znodes: 10_000, bytes: 100_000, earlier: [[nightMs - day, 5_000]] },
  ];
  const samples = {
    ...samplesOf({ zk1: 'leader', zk3: 'follower' }),
    zk2: aReading({
      server: 'zk2',
      mode: 'follower',
      metrics: { znode_count: 1_200_000, approximate_data_size: 2_000_000_000 },
    }),
  };

  it('is named by znode-growth as deep as it can be', () => {
    const view = aView({ samples, tree: aWalkedTree({ subtrees }) });

    const [finding] = znodeGrowth.detect(view, nightMs);

    expect(finding).toMatchObject({
      verdict: 'firing',
      facts: { path: '/queue/tasks', pathZnodes: 290_000 },
    });
    expect(finding?.facts['pathPerDay']).toBeGreaterThan(194_000);
    expect(finding?.evidence).toContain('/app: 900000 znodes, 5000 bytes, +10 a day');
  });

  it('is where most znodes are, while it was walked once only', () => {
    const once = subtrees.map((subtree) => ({ ...subtree, earlier: [] }));
    const view = aView({ samples, tree: aWalkedTree({ subtrees: once }) });

    expect(znodeGrowth.detect(view, nightMs)[0]?.facts).toMatchObject({
      path: '/app',
      pathPerDay: 0,
    });
  });

  it('is not known without a walk', () => {
    expect(znodeGrowth.detect(aView({ samples }), nightMs)[0]?.facts).toMatchObject({ path: '' });
  });

  it('is told by data-size, with the largest znode', () => {
    const largest = [{ path: '/queue/tasks/t1', bytes: 700_000 }];
    const view = aView({ samples, tree: aWalkedTree({ subtrees, largest }) });

    const [finding] = dataSize.detect(view, nightMs);

    expect(finding?.facts).toMatchObject({ path: '/queue/tasks', largest: '/queue/tasks/t1' });
    expect(finding?.evidence).toContain('/queue/tasks/t1: 700000 bytes of data');
  });
});
