import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LeaderChange } from '../../src/model/leadership.ts';
import { blankMemory, type EnsembleMemory } from '../../src/model/memory.ts';
import type { CanaryResult, Sample } from '../../src/model/sample.ts';
import type { EnsembleStatus } from '../../src/model/status.ts';
import { blankCrawl, blankTree } from '../../src/model/tree.ts';
import {
  coarseMs,
  coarsePointsMax,
  fineMs,
  finePointsMax,
  type TrendPoint,
  trendWidth,
} from '../../src/model/trend.ts';
import {
  type EnsembleStore,
  keptMetrics,
  ownSessionsKeptMs,
  samplesMax,
} from '../../src/ports/ensemble-store.ts';
import { aFailure, anEnsemble, aReading, nightMs } from '../support/builders.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

function aStatus(overrides: Partial<EnsembleStatus> = {}): EnsembleStatus {
  return {
    ensemble: 'orders',
    atMs: nightMs,
    health: 'healthy',
    grid: [{ server: 'zk1', role: 'voter', state: 'leader' }],
    voters: 3,
    serving: 3,
    quorum: 2,
    servers: { zk1: { version: '3.8.0', tookMs: 3 } },
    ...overrides,
  };
}

/** What every keeper of samples promises. */
export function ensembleStoreContract(name: string, make: MakeStores): void {
  describe(`${name} as ensemble store`, () => {
    let stores: StoresUnderTest;
    let store: EnsembleStore;

    beforeEach(async () => {
      stores = await make();
      store = stores.ensembles;
    });

    afterEach(() => stores.close());

    /** The look number `version`, a second after the one before. */
    function look(
      version: number,
      samples: readonly Sample[] = [],
      memory: Partial<EnsembleMemory> = {},
    ): Parameters<EnsembleStore['remember']>[0] {
      const atMs = nightMs + version * 1000;
      return {
        ensemble: 'orders',
        samples,
        memory: { ...blankMemory, version, atMs, ...memory },
        expectedVersion: version - 1,
        status: aStatus({ atMs }),
      };
    }

    it('keeps the newest slow facts of each server beside the looks', async () => {
      const survey = { server: 'zk1', atMs: nightMs, asked: { conf: { atMs: nightMs } } };
      await store.saveSurvey('orders', { ...survey, atMs: nightMs - 1 });
      await store.saveSurvey('orders', survey);
      await store.saveSurvey('orders', { ...survey, server: 'gone' });

      const { surveys } = await store.recall('orders', ['zk1', 'zk2'], 10);

      expect(surveys).toEqual({ zk1: survey });
      expect((await store.recall('other', ['zk1'], 10)).surveys).toEqual({});
    });

    it('says what the canary saw last, for as long as that counts', async () => {
      const saw: CanaryResult = {
        kind: 'failed',
        atMs: nightMs,
        tookMs: 1000,
        detail: 'no leader',
      };
      await store.saveCanary('orders', { kind: 'written', atMs: nightMs - 1, tookMs: 2 }, 60_000);
      await store.saveCanary('orders', saw, 60_000);
      await store.saveCanary('billing', saw, 50);

      expect((await store.recall('orders', ['zk1'], 0)).canary).toEqual(saw);
      await stores.pass(50);
      await until('it counts no more', async () => {
        const { canary } = await store.recall('billing', [], 0);
        return canary === undefined;
      });
      expect((await store.recall('orders', [], 0)).canary).toEqual(saw);
      expect((await store.recall('users', [], 0)).canary).toBeUndefined();
    });

    it('keeps what a crawl brought, and where it stands, by ensemble', async () => {
      const tree = { ...blankTree, atMs: nightMs };
      const state = { ...blankCrawl, nests: [{ path: '/services', zxid: '0x1' }] };

      await store.saveCrawl('orders', blankCrawl, blankTree);
      await store.saveCrawl('orders', state, tree);

      expect(await store.crawl('orders')).toEqual(state);
      expect((await store.recall('orders', [], 10)).tree).toEqual(tree);
      expect(await store.crawl('other')).toBeUndefined();
      expect((await store.recall('other', [], 10)).tree).toBeUndefined();
    });

    it('lets one at a time crawl an ensemble, whoever surveys it', async () => {
      await store.claimSurvey('orders', 60_000);

      const done = await store.claimCrawl('orders', 60_000);

      expect(await store.claimCrawl('orders', 60_000)).toBeUndefined();
      await done?.();
      expect(await store.claimCrawl('orders', 60_000)).toBeDefined();
    });

    it('keeps what each replica says of its sessions, and forgets those that are long gone', async () => {
      const left = [[nightMs, nightMs + 30_000]] as const;
      const old = { atMs: nightMs - ownSessionsKeptMs - 1, standing: 4, left: [] };
      await store.saveOwnSessions('orders', 'long gone', old);
      await store.saveOwnSessions('orders', 'b', { atMs: nightMs - 1, standing: 4, left: [] });
      await store.saveOwnSessions('orders', 'a', { atMs: nightMs - 1, standing: 1, left: [] });
      await store.saveOwnSessions('orders', 'a', { atMs: nightMs, standing: 3, left });

      const { ownSessions } = await store.recall('orders', ['zk1'], 0);

      expect(ownSessions.toSorted((a, b) => a.atMs - b.atMs)).toEqual([
        { atMs: nightMs - 1, standing: 4, left: [] },
        { atMs: nightMs, standing: 3, left },
      ]);
      expect((await store.recall('other', ['zk1'], 0)).ownSessions).toEqual([]);
    });

    it('lets one at a time survey an ensemble', async () => {
      const done = await store.claimSurvey('orders', 60_000);

      expect(done).toBeDefined();
      expect(await store.claimSurvey('orders', 60_000)).toBeUndefined();
      expect(await store.claimSurvey('other', 60_000)).toBeDefined();
      await done?.();
      expect(await store.claimSurvey('orders', 60_000)).toBeDefined();
    });

    it('knows nothing at first', async () => {
      expect(await store.ensemble('orders')).toBeUndefined();
      expect(await store.status('orders')).toBeUndefined();
      expect(await store.history('orders', 'zk1', 10)).toEqual([]);
      expect(await store.recall('orders', ['zk1'], 10)).toEqual({
        memory: blankMemory,
        history: { zk1: [] },
        points: { zk1: {} },
        surveys: {},
        ownSessions: [],
      });
      expect(await store.trends('orders', ['zk1'])).toEqual({ zk1: { fine: [], coarse: [] } });
    });

    it('keeps the members as discovered', async () => {
      await store.saveEnsemble(anEnsemble({ voters: 5, observers: 1 }));

      expect(await store.ensemble('orders')).toEqual(anEnsemble({ voters: 5, observers: 1 }));
      expect(await store.ensemble('billing')).toBeUndefined();
    });

    it('gives memory, status and history back as they were', async () => {
      const memory = {
        firingSince: { 'orders/member-down/zk2': nightMs },
        clearSince: { 'orders/electing/': nightMs + 1 },
        lastLeader: { server: 'zk1', atMs: nightMs, epoch: 7 },
        leaderChanges: [
          { atMs: nightMs, from: 'zk2', to: 'zk1', fate: 'alive' },
        ] satisfies readonly LeaderChange[],
        lives: { zk2: [{ fromMs: nightMs, servedMs: nightMs + 1, toMs: nightMs + 2 }] },
      };
      const samples = [aReading({ server: 'zk1', mode: 'leader' }), aFailure({ server: 'zk2' })];

      expect(await store.remember(look(1, samples, memory))).toBe('written');

      expect(await store.recall('orders', ['zk1', 'zk2', 'zk3'], 10)).toEqual({
        memory: { version: 1, atMs: nightMs + 1000, ...memory },
        history: { zk1: [samples[0]], zk2: [samples[1]], zk3: [] },
        points: { zk1: {}, zk2: {}, zk3: {} },
        surveys: {},
        ownSessions: [],
      });
      expect(await store.status('orders')).toEqual(aStatus({ atMs: nightMs + 1000 }));
    });

    it('reproduces every kind of sample, with the metrics it promises to keep', async () => {
      const metrics = {
        ...Object.fromEntries(keptMetrics.map((key, place) => [key, place * 1.5])),
        cnt_2_learner_handler_qp_size: 88,
        max_12_learner_handler_qp_time_ms: 4,
        sum_255_ack_latency: 0.5,
      };
      const samples: Sample[] = [
        aReading({
          metrics: { ...metrics, some_other_key: 7, avg_2_ack_latency: 7, cnt_2_other: 7 },
          peerState: 'following - broadcast',
          refusedWords: ['mntr', 'conf'],
          source: 'admin',
          tookMs: 3.25,
        }),
        bareReading(),
        aFailure({ server: 'zk1', reason: 'timeout', connected: true, detail: '超时 "x"' }),
        aFailure({
          server: 'zk1',
          reason: 'not-allowed',
          connected: false,
          refusedWords: ['mntr'],
        }),
      ];

      for (const [index, sample] of samples.entries())
        await store.remember(look(index + 1, [sample]));

      const kept = await store.history('orders', 'zk1', 10);
      expect(kept).toEqual([{ ...samples[0], metrics }, ...samples.slice(1)]);
    });

    it('lets one of fifty looks at the same moment win, and writes nothing of the others', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, tookMs) =>
          store.remember(look(1, [aReading({ tookMs })], { lastLeader: leader(tookMs) })),
        ),
      );

      const winner = outcomes.indexOf('written');
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      const { memory, history } = await store.recall('orders', ['zk1'], 100);
      expect(memory.lastLeader).toEqual(leader(winner));
      expect(history['zk1']?.map((sample) => sample.tookMs)).toEqual([winner]);
    });

    it('never replaces a look by one that is not newer', async () => {
      await store.remember(look(1));
      const late = { ...look(2), memory: { ...blankMemory, version: 2, atMs: nightMs + 1000 } };

      expect(await store.remember(late)).toBe('conflict');
      expect((await store.recall('orders', [], 1)).memory.version).toBe(1);
    });

    it('keeps the newest samples of each server, oldest first', async () => {
      for (let version = 1; version <= samplesMax + 5; version += 1)
        await store.remember(look(version, [aReading({ atMs: version })]));

      const all = await store.history('orders', 'zk1', samplesMax * 2);
      expect(all).toHaveLength(samplesMax);
      expect(all[0]?.atMs).toBe(6);
      expect(all.at(-1)?.atMs).toBe(samplesMax + 5);
      const two = [samplesMax + 4, samplesMax + 5];
      expect((await store.history('orders', 'zk1', 2)).map(({ atMs }) => atMs)).toEqual(two);
      const { history } = await store.recall('orders', ['zk1'], 2);
      expect(history['zk1']?.map(({ atMs }) => atMs)).toEqual(two);
      expect(await store.history('orders', 'zk1', 0)).toEqual([]);
    });

    it('replaces the point that grows, and begins the next one behind it', async () => {
      const first = aPoint(nightMs, { free_bytes: [1, 2, 3.125] });
      const grown = { ...first, looks: 2, overMs: 5000 };
      const next = aPoint(nightMs + fineMs);
      const hour = aPoint(nightMs);

      await store.remember({ ...look(1), points: { zk1: { fine: first } } });
      await store.remember({ ...look(2), points: { zk1: { fine: grown } } });
      await store.remember({ ...look(3), points: { zk1: { fine: next, coarse: hour } } });

      expect(await store.trends('orders', ['zk1', 'zk2'])).toEqual({
        zk1: { fine: [grown, next], coarse: [hour] },
        zk2: { fine: [], coarse: [] },
      });
      expect((await store.recall('orders', ['zk1'], 1)).points).toEqual({
        zk1: { fine: next, coarse: hour },
      });
      expect((await store.recall('orders', ['zk1'], 0)).points).toEqual({});
    });

    it('writes no point of a look that lost', async () => {
      await store.remember({ ...look(1), points: { zk1: { fine: aPoint(nightMs) } } });

      const late = { ...look(1), points: { zk1: { fine: aPoint(nightMs + fineMs) } } };
      expect(await store.remember(late)).toBe('conflict');

      expect((await store.trends('orders', ['zk1']))['zk1']?.fine).toEqual([aPoint(nightMs)]);
    });

    it('keeps the newest points of two weeks, oldest first', async () => {
      for (let index = 0; index < coarsePointsMax + 3; index += 1)
        await store.remember({
          ...look(index + 1),
          points: { zk1: { fine: aPoint(index * fineMs), coarse: aPoint(index * coarseMs) } },
        });

      const { fine, coarse } = (await store.trends('orders', ['zk1']))['zk1'] ?? {
        fine: [],
        coarse: [],
      };
      expect(fine).toHaveLength(finePointsMax);
      expect(fine.at(-1)?.atMs).toBe((coarsePointsMax + 2) * fineMs);
      expect(coarse).toHaveLength(coarsePointsMax);
      expect(coarse[0]?.atMs).toBe(3 * coarseMs);
    });
  });
}

/** A point with a number at every place, and one that nobody saw. */
function aPoint(atMs: number, gauges: TrendPoint['gauges'] = {}): TrendPoint {
  const values = Array.from({ length: trendWidth }, (_, place) =>
    place === 4 ? Number.NaN : place * 1.125,
  );
  return { atMs, looks: 1, overMs: 0, values, gauges };
}

function leader(atMs: number): { readonly server: string; readonly atMs: number } {
  return { server: 'zk1', atMs };
}

/** As little as a server may say. */
function bareReading(): Sample {
  const { kind, server, atMs, tookMs } = aReading();
  return { kind, server, atMs, tookMs, mode: 'standalone', source: 'srvr', metrics: {} };
}
