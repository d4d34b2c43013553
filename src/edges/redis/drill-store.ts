import type { Drill, EndedDrill } from '../../model/drill.ts';
import type { EnsembleMemory } from '../../model/memory.ts';
import type { DrillStore } from '../../ports/drill-store.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** Keeps drills in Redis: one hash each, which Redis forgets a month after it began. */
export function createDrillStore(redis: RedisLink): DrillStore {
  const at = ({ ensemble, id }: Pick<Drill, 'ensemble' | 'id'>): string =>
    `${redis.keys.ensemble(ensemble).drill}:${id}`;
  const write = async (drill: Drill, field: string, text: string): Promise<void> => {
    await redis.ask((client) => client.hset(at(drill), field, text));
  };
  return {
    async start(drill) {
      await write(drill, 'drill', JSON.stringify(drill));
      await redis.ask((client) => client.pexpire(at(drill), keptMs));
      const { drill: last } = redis.keys.ensemble(drill.ensemble);
      await redis.ask((client) => client.set(last, drill.id));
    },
    async get(ensemble) {
      const { drill: last } = redis.keys.ensemble(ensemble);
      const id = await redis.ask((client) => client.get(last));
      if (id === null) return undefined;
      const key = at({ ensemble, id });
      const all = await redis.ask((client) => client.hgetall(key));
      if (all['drill'] === undefined) return undefined;
      const { ended, memory } = all;
      const restarts = Object.entries(all).flatMap(([field, value]) =>
        field.startsWith(restart) ? [[field.slice(restart.length), Number(value)] as const] : [],
      );
      return {
        drill: readJson<Drill>(all['drill'], key),
        restarts: Object.fromEntries(restarts),
        ...(ended === undefined ? {} : { ended: readJson<EndedDrill>(ended, key) }),
        ...(memory === undefined ? {} : { memory: readJson<EnsembleMemory>(memory, key) }),
      };
    },
    end: async (drill, ended) =>
      1 === (await redis.ask((client) => client.hsetnx(at(drill), 'ended', JSON.stringify(ended)))),
    remember: (drill, memory) => write(drill, 'memory', JSON.stringify(memory)),
    restarted: (drill, server, atMs) => write(drill, `${restart}${server}`, String(atMs)),
  };
}

const restart = 'restart:';

const keptMs = 30 * 24 * 3_600_000;
