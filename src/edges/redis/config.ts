import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** The section `redis`: where the bot keeps what it must not forget. */
export const redisSchema = z.strictObject({
  /** `redis://` or, with TLS, `rediss://`; a password belongs into an environment reference. */
  url: z
    .custom<string>(isRedisUrl, { params: { want: 'redis-url' satisfies Want } })
    .default('redis://127.0.0.1:6379'),
  /** First part of every key, so that two bots may share one Redis. */
  prefix: z
    .custom<string>(isPrefix, { params: { want: 'key-prefix' satisfies Want } })
    .default('nightkeeper'),
});

export interface RedisConfig {
  readonly url: string;
  readonly prefix: string;
}

function isRedisUrl(value: unknown): boolean {
  return typeof value === 'string' && /^rediss?:\/\/\S+$/u.test(value) && URL.canParse(value);
}

/** Braces would change the hash tag of a key, colons part its pieces. */
function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,39}$/u.test(value);
}
