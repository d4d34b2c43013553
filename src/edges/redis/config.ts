import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** Most servers to name: one that answers is enough to find the others. */
const addressesMax = 20;

const redisUrl = z.custom<string>(isRedisUrl, { params: { want: 'redis-url' satisfies Want } });

/** The section `redis`: where the bot keeps what it must not forget. */
export const redisSchema = z.strictObject({
  /** `redis://` or, with TLS, `rediss://`; a password belongs into an environment reference. */
  url: redisUrl.default('redis://127.0.0.1:6379'),
  /** Redis Sentinel: `redis://host:26379` of each, and the name under which they know the master. `url` says how to sign in there. */
  sentinels: z.exactOptional(z.array(redisUrl).min(1).max(addressesMax)),
  master: z.exactOptional(z.string().min(1)),
  /** Redis Cluster: some of its servers; the first one says how to sign in. */
  cluster: z.exactOptional(z.array(redisUrl).min(1).max(addressesMax)),
  /** First part of every key, so that two bots may share one Redis. */
  prefix: z
    .custom<string>(isPrefix, { params: { want: 'key-prefix' satisfies Want } })
    .default('nightkeeper'),
});

export interface RedisConfig {
  readonly url: string;
  readonly prefix: string;
  readonly sentinels?: readonly string[];
  readonly master?: string;
  readonly cluster?: readonly string[];
}

/** Every address in the section, for what is checked of addresses. */
export const redisUrls = ['redis.url', 'redis.sentinels.*', 'redis.cluster.*'] as const;

function isRedisUrl(value: unknown): boolean {
  return typeof value === 'string' && /^rediss?:\/\/\S+$/u.test(value) && URL.canParse(value);
}

/** Braces would change the hash tag of a key, colons part its pieces. */
function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,39}$/u.test(value);
}
