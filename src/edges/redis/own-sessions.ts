import type { ToldSessions } from '../../model/own-sessions.ts';
import { type EnsembleStore, ownSessionsKeptMs } from '../../ports/ensemble-store.ts';
import type { RedisLink } from './connect.ts';
import { readIfAny } from './json.ts';

/** Keeps in Redis what the replicas say of their own sessions: one hash per ensemble. */
export function keepsOwnSessions(redis: RedisLink): Pick<EnsembleStore, 'saveOwnSessions'> {
  return {
    async saveOwnSessions(id, replica, told) {
      const key = redis.keys.ensemble(id).ownSessions;
      await redis.step('tell-sessions', [key], [replica, JSON.stringify(told), ownSessionsKeptMs]);
    },
  };
}

/** What each replica said: one that nobody can read is told again soon. */
export function ownSessionsIn(value: unknown, key: string): readonly ToldSessions[] {
  const texts = (value ?? {}) as Readonly<Record<string, string>>;
  return Object.entries(texts).flatMap(
    ([replica, text]) => readIfAny<ToldSessions>(text, `${key} ${replica}`) ?? [],
  );
}
