import { assert } from '../../model/errors.ts';
import { rememberedCharsMax, type ShortMemory } from '../../ports/short-memory.ts';
import type { RedisLink } from './connect.ts';

/** What all replicas know for a while, in Redis: one key each, which Redis forgets by itself. */
export function createShortMemory(redis: RedisLink): ShortMemory {
  const { keys } = redis;
  return {
    async claim(key, forMs) {
      const set = await redis.ask((client) => client.set(keys.brief(key), '1', 'PX', forMs, 'NX'));
      return set === 'OK';
    },
    async put(key, text, forMs) {
      assert(text.length <= rememberedCharsMax, 'what is remembered for a while is short');
      await redis.ask((client) => client.set(keys.brief(key), text, 'PX', forMs));
    },
    async get(key) {
      return (await redis.ask((client) => client.get(keys.brief(key)))) ?? undefined;
    },
    async take(key) {
      return (await redis.ask((client) => client.getdel(keys.brief(key)))) ?? undefined;
    },
  };
}
