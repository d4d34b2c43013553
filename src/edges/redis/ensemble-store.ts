import { randomUUID } from 'node:crypto';
import type { Ensemble, EnsembleId, ServerId } from '../../model/ensemble.ts';
import { blankMemory, type EnsembleMemory } from '../../model/memory.ts';
import type { Sample } from '../../model/sample.ts';
import type { EnsembleStatus } from '../../model/status.ts';
import { type EnsembleStore, samplesMax } from '../../ports/ensemble-store.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';
import { decodeSample, encodeSample } from './sample-code.ts';

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
    async remember({ ensemble, samples, memory, expectedVersion, status }) {
      const at = keys.ensemble(ensemble);
      const answer = await redis.step(
        'remember-look',
        [at.look, ...samples.map((sample) => at.samples(sample.server))],
        [
          expectedVersion,
          memory.version,
          memory.atMs,
          randomUUID(),
          JSON.stringify(memory),
          JSON.stringify(status),
          samplesMax,
          ringKeptMs,
          ...samples.map(encodeSample),
        ],
      );
      return answer === 'written' ? 'written' : 'conflict';
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

/** One transaction, so that memory and history are of the same look. */
async function recall(
  redis: RedisLink,
  id: EnsembleId,
  servers: readonly ServerId[],
  limit: number,
): Promise<{ memory: EnsembleMemory; history: Readonly<Record<ServerId, readonly Sample[]>> }> {
  const at = redis.keys.ensemble(id);
  const answers = await redis.ask(async (client) => {
    const transaction = client.multi().hget(at.look, 'memory');
    for (const server of limit > 0 ? servers : [])
      transaction.lrange(at.samples(server), -limit, -1);
    return (await transaction.exec()) ?? [];
  });
  const [memory, ...rings] = answers.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
  return {
    memory:
      typeof memory === 'string'
        ? readJson<EnsembleMemory>(memory, `${at.look} memory`)
        : blankMemory,
    history: Object.fromEntries(
      servers.map((server, index) => {
        const ring = rings[index];
        return [server, decodeRing(Array.isArray(ring) ? ring.map(String) : [], server)];
      }),
    ),
  };
}

function decodeRing(texts: readonly string[], server: ServerId): readonly Sample[] {
  return texts.flatMap((text) => decodeSample(text, server) ?? []);
}
