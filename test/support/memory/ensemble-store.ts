import type { Ensemble, EnsembleId, ServerId } from '../../../src/model/ensemble.ts';
import { blankMemory, type EnsembleMemory } from '../../../src/model/memory.ts';
import type { ToldSessions } from '../../../src/model/own-sessions.ts';
import type { CanaryResult, Sample } from '../../../src/model/sample.ts';
import type { EnsembleStatus } from '../../../src/model/status.ts';
import type { Survey } from '../../../src/model/survey.ts';
import type { CrawlState, TreeFacts } from '../../../src/model/tree.ts';
import {
  coarsePointsMax,
  finePointsMax,
  type OpenTrend,
  type Trend,
  type TrendPoint,
} from '../../../src/model/trend.ts';
import {
  type EnsembleStore,
  keptMetrics,
  keptOfLearners,
  ownSessionsKeptMs,
  samplesMax,
} from '../../../src/ports/ensemble-store.ts';

/** Samples, memory and status kept in this process. */
export function createMemoryEnsembleStore(now: () => number): EnsembleStore {
  const ensembles = new Map<EnsembleId, Ensemble>();
  const memories = new Map<EnsembleId, EnsembleMemory>();
  const statuses = new Map<EnsembleId, EnsembleStatus>();
  const rings = new Map<string, Sample[]>();
  const trends = new Map<string, Trend>();
  const surveys = new Map<string, Survey>();
  const canaries = new Map<EnsembleId, { result: CanaryResult; untilMs: number }>();
  const sessions = new Map<EnsembleId, Map<string, ToldSessions>>();
  const surveying = new Set<EnsembleId>();
  const crawling = new Set<EnsembleId>();
  const crawls = new Map<EnsembleId, { readonly state: CrawlState; readonly tree: TreeFacts }>();

  function treeOf(id: EnsembleId): { readonly tree?: TreeFacts } {
    const known = crawls.get(id);
    return known === undefined ? {} : { tree: structuredClone(known.tree) };
  }

  function claim(
    held: Set<EnsembleId>,
    id: EnsembleId,
  ): Promise<(() => Promise<void>) | undefined> {
    if (held.has(id)) return Promise.resolve(undefined);
    held.add(id);
    return Promise.resolve(() => {
      held.delete(id);
      return Promise.resolve();
    });
  }

  function ring(id: EnsembleId, server: ServerId, limit: number): readonly Sample[] {
    if (limit <= 0) return [];
    return structuredClone((rings.get(`${id}/${server}`) ?? []).slice(-limit));
  }

  function canaryOf(id: EnsembleId): { readonly canary?: CanaryResult } {
    const known = canaries.get(id);
    return known === undefined || known.untilMs <= now() ? {} : { canary: known.result };
  }

  function trendOf(id: EnsembleId, server: ServerId): Trend {
    return structuredClone(trends.get(`${id}/${server}`) ?? { fine: [], coarse: [] });
  }

  return {
    ensemble: (id) => Promise.resolve(structuredClone(ensembles.get(id))),
    saveEnsemble(ensemble) {
      ensembles.set(ensemble.id, structuredClone(ensemble));
      return Promise.resolve();
    },
    recall: (id, servers, limit) =>
      Promise.resolve({
        memory: structuredClone(memories.get(id) ?? blankMemory),
        history: Object.fromEntries(servers.map((server) => [server, ring(id, server, limit)])),
        points: Object.fromEntries(
          (limit > 0 ? servers : []).map((server) => [server, openOf(trendOf(id, server))]),
        ),
        surveys: Object.fromEntries(
          servers.flatMap((server) => {
            const known = surveys.get(`${id}/${server}`);
            return known === undefined ? [] : [[server, structuredClone(known)]];
          }),
        ),
        ...treeOf(id),
        ...canaryOf(id),
        ownSessions: structuredClone([...(sessions.get(id)?.values() ?? [])]),
      }),
    async saveOwnSessions(id, replica, told) {
      const known = sessions.get(id) ?? new Map<string, ToldSessions>();
      known.set(replica, structuredClone(told));
      for (const [each, { atMs }] of known)
        if (atMs < told.atMs - ownSessionsKeptMs) known.delete(each);
      sessions.set(id, known);
    },
    saveCanary(id, result, forMs) {
      canaries.set(id, { result: structuredClone(result), untilMs: now() + forMs });
      return Promise.resolve();
    },
    saveSurvey(id, survey) {
      surveys.set(`${id}/${survey.server}`, structuredClone(survey));
      return Promise.resolve();
    },
    claimSurvey: (id) => claim(surveying, id),
    crawl: (id) => Promise.resolve(structuredClone(crawls.get(id)?.state)),
    saveCrawl(id, state, tree) {
      crawls.set(id, structuredClone({ state, tree }));
      return Promise.resolve();
    },
    claimCrawl: (id) => claim(crawling, id),
    trends: (id, servers) =>
      Promise.resolve(Object.fromEntries(servers.map((server) => [server, trendOf(id, server)]))),
    remember({ ensemble, samples, memory, expectedVersion, status, points = {} }) {
      const known = memories.get(ensemble) ?? blankMemory;
      if (known.version !== expectedVersion || memory.atMs <= known.atMs)
        return Promise.resolve('conflict');
      memories.set(ensemble, structuredClone(memory));
      statuses.set(ensemble, structuredClone(status));
      for (const sample of samples) {
        const key = `${ensemble}/${sample.server}`;
        rings.set(key, [...(rings.get(key) ?? []), thin(sample)].slice(-samplesMax));
      }
      for (const [server, { fine, coarse }] of Object.entries(structuredClone(points))) {
        const trend = trendOf(ensemble, server);
        trends.set(`${ensemble}/${server}`, {
          fine: endedBy(trend.fine, fine).slice(-finePointsMax),
          coarse: endedBy(trend.coarse, coarse).slice(-coarsePointsMax),
        });
      }
      return Promise.resolve('written');
    },
    status: (id) => Promise.resolve(structuredClone(statuses.get(id))),
    history: (id, server, limit) => Promise.resolve(ring(id, server, limit)),
  };
}

function openOf({ fine, coarse }: Trend): OpenTrend {
  const [five, hour] = [fine.at(-1), coarse.at(-1)];
  return { ...(five !== undefined && { fine: five }), ...(hour !== undefined && { coarse: hour }) };
}

/** The last point replaced, or followed by one of another span. */
function endedBy(
  points: readonly TrendPoint[],
  last: TrendPoint | undefined,
): readonly TrendPoint[] {
  if (last === undefined) return points;
  return [...(points.at(-1)?.atMs === last.atMs ? points.slice(0, -1) : points), last];
}

/** The sample as a ring keeps it. */
function thin(sample: Sample): Sample {
  if (sample.kind === 'failure') return structuredClone(sample);
  const metrics = Object.fromEntries(
    Object.entries(sample.metrics).filter(
      ([key]) => keptMetrics.includes(key) || keptOfLearners.test(key),
    ),
  );
  return structuredClone({ ...sample, metrics });
}
