import { randomUUID } from 'node:crypto';
import type { Ensemble, EnsembleId, ServerId } from '../../model/ensemble.ts';
import { blankMemory, type EnsembleMemory } from '../../model/memory.ts';
import type { CanaryResult, Sample } from '../../model/sample.ts';
import type { EnsembleStatus } from '../../model/status.ts';
import {
  coarseMs,
  coarsePointsMax,
  fineMs,
  finePointsMax,
  type OpenTrend,
  type TrendPoint,
  type Trends,
} from '../../model/trend.ts';
import { type EnsembleStore, samplesMax } from '../../ports/ensemble-store.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';
import type { EnsembleKeys } from './keys.ts';
import { keepsOwnSessions, ownSessionsIn } from './own-sessions.ts';
import { decodeSample, encodeSample } from './sample-code.ts';
import { keepsCrawls, keepsSurveys, surveysIn, treeIn } from './surveys.ts';
import { decodePoint, encodePoint } from './trend-code.ts';

/** A ring that nobody adds to (the server left the ensemble) is dropped after a day. */
export const ringKeptMs = 24 * 60 * 60 * 1000;

/** Remembers in Redis what was seen of ensembles. */
export function createEnsembleStore(redis: RedisLink): EnsembleStore {
  const { keys } = redis;

  return {
    async ensemble(id) {
      const key = keys.ensemble(id).ensemble;
      const text = await redis.ask((client) => client.get(key));
      return text === null ? undefined : readJson<Ensemble>(text, key);
    },
    async saveEnsemble(ensemble) {
      const key = keys.ensemble(ensemble.id).ensemble;
      await redis.ask((client) => client.set(key, JSON.stringify(ensemble)));
    },
    recall: (id, servers, limit) => recall(redis, id, servers, limit),
    async remember({ ensemble, samples, memory, expectedVersion, status, points = {} }) {
      const at = keys.ensemble(ensemble);
      const growing = growingPoints(at, points);
      const answer = await redis.step(
        'remember-look',
        [
          at.look,
          ...samples.map((sample) => at.samples(sample.server)),
          ...growing.map(({ list }) => list),
        ],
        [
          expectedVersion,
          memory.version,
          memory.atMs,
          randomUUID(),
          JSON.stringify(memory),
          JSON.stringify(status),
          samplesMax,
          ringKeptMs,
          samples.length,
          ...samples.map(encodeSample),
          ...growing.flatMap(({ point, max, keptMs }) => [encodePoint(point), max, keptMs]),
        ],
      );
      return answer === 'written' ? 'written' : 'conflict';
    },
    trends: (id, servers) => readTrends(redis, id, servers),
    ...keepsSurveys(redis),
    ...keepsCrawls(redis),
    ...keepsOwnSessions(redis),
    async saveCanary(id, result, forMs) {
      const key = keys.ensemble(id).canary;
      await redis.ask((client) => client.set(key, JSON.stringify(result), 'PX', forMs));
    },
    async status(id) {
      const key = keys.ensemble(id).look;
      const text = await redis.ask((client) => client.hget(key, 'status'));
      return text === null ? undefined : readJson<EnsembleStatus>(text, `${key} status`);
    },
    async history(id, server, limit) {
      if (limit <= 0) return [];
      const key = keys.ensemble(id).samples(server);
      return decodeRing(await redis.ask((client) => client.lrange(key, -limit, -1)), server);
    },
  };
}

/** The points to write, each with its list and how much of that is kept. */
function growingPoints(
  at: EnsembleKeys,
  points: Readonly<Record<ServerId, OpenTrend>>,
): readonly { list: string; point: TrendPoint; max: number; keptMs: number }[] {
  return Object.entries(points).flatMap(([server, { fine, coarse }]) => [
    ...(fine === undefined
      ? []
      : [
          {
            list: at.fine(server),
            point: fine,
            max: finePointsMax,
            keptMs: fineMs * finePointsMax,
          },
        ]),
    ...(coarse === undefined
      ? []
      : [
          {
            list: at.coarse(server),
            point: coarse,
            max: coarsePointsMax,
            keptMs: coarseMs * coarsePointsMax,
          },
        ]),
  ]);
}

/** One transaction, so that memory, history and points are of the same look. */
async function recall(
  redis: RedisLink,
  id: EnsembleId,
  servers: readonly ServerId[],
  limit: number,
): ReturnType<EnsembleStore['recall']> {
  const at = redis.keys.ensemble(id);
  const asked = limit > 0 ? servers : [];
  const answers = await redis.ask(async (client) => {
    const transaction = client
      .multi()
      .hget(at.look, 'memory')
      .hgetall(at.surveys)
      .get(at.canary)
      .get(at.tree)
      .hgetall(at.ownSessions);
    for (const server of asked)
      transaction
        .lrange(at.samples(server), -limit, -1)
        .lindex(at.fine(server), -1)
        .lindex(at.coarse(server), -1);
    return (await transaction.exec()) ?? [];
  });
  const [memory, surveys, canary, crawled, ownSessions, ...lists] = answers.map(
    ([error, value]) => {
      if (error !== null) throw error;
      return value;
    },
  );
  const tree = treeIn(crawled, at.tree);
  return {
    memory:
      typeof memory === 'string'
        ? readJson<EnsembleMemory>(memory, `${at.look} memory`)
        : blankMemory,
    history: Object.fromEntries(
      servers.map((server, index) => [server, decodeRing(textsIn(lists[index * 3]), server)]),
    ),
    points: Object.fromEntries(
      asked.map((server, index) => [server, openTrend(lists[index * 3 + 1], lists[index * 3 + 2])]),
    ),
    surveys: surveysIn(surveys, servers, at.surveys),
    ...(tree === undefined ? {} : { tree }),
    ownSessions: ownSessionsIn(ownSessions, at.ownSessions),
    ...(typeof canary === 'string' && { canary: readJson<CanaryResult>(canary, at.canary) }),
  };
}

async function readTrends(
  redis: RedisLink,
  id: EnsembleId,
  servers: readonly ServerId[],
): Promise<Trends> {
  const at = redis.keys.ensemble(id);
  const trends = await Promise.all(
    servers.map(async (server) => {
      const [fine, coarse] = await redis.ask((client) =>
        Promise.all([
          client.lrange(at.fine(server), 0, -1),
          client.lrange(at.coarse(server), 0, -1),
        ]),
      );
      return [server, { fine: decodePoints(fine), coarse: decodePoints(coarse) }] as const;
    }),
  );
  return Object.fromEntries(trends);
}

function decodePoints(texts: readonly string[]): readonly TrendPoint[] {
  return texts.flatMap((text) => decodePoint(text) ?? []);
}

function openTrend(fine: unknown, coarse: unknown): OpenTrend {
  const points = { fine: lastPoint(fine), coarse: lastPoint(coarse) };
  return {
    ...(points.fine !== undefined && { fine: points.fine }),
    ...(points.coarse !== undefined && { coarse: points.coarse }),
  };
}

function lastPoint(text: unknown): TrendPoint | undefined {
  return typeof text === 'string' ? decodePoint(text) : undefined;
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function decodeRing(texts: readonly string[], server: ServerId): readonly Sample[] {
  return texts.flatMap((text) => decodeSample(text, server) ?? []);
}
