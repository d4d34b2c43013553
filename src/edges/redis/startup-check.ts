import type { Facts } from '../../model/finding.ts';
import type { RedisLink } from './connect.ts';

/** One thing looked at when the bot starts. The words are in the language catalogue, by code. */
export interface RedisFinding {
  readonly code: RedisFindingCode;
  readonly level: 'ok' | 'risk' | 'unknown';
  readonly facts: Facts;
}

/**
 * `redis-version`: `version`, `wanted` · `redis-append-only`: `value` yes or no · `redis-append-fsync`: `value` always, everysec or
 * no; only where the append-only file is on · `redis-append-failing`: the file could not be written last time; only where it is on
 * · `redis-eviction`: `policy`, `maxMemoryBytes` (0 without a limit) · `redis-role`: `role` master or slave.
 */
export type RedisFindingCode =
  | 'redis-version'
  | 'redis-append-only'
  | 'redis-append-fsync'
  | 'redis-append-failing'
  | 'redis-eviction'
  | 'redis-role';

/** What Redis says of itself; absent where it does not say it or may not be asked. */
export interface RedisFacts {
  readonly version?: string;
  readonly appendOnly?: boolean;
  readonly appendFsync?: string;
  readonly appendFailing?: boolean;
  readonly evictionPolicy?: string;
  readonly maxMemoryBytes?: number;
  readonly role?: string;
}

/** Oldest Redis the bot is made for: BullMQ recommends it, and the Lua steps need nothing newer. */
export const redisVersionMin = '6.2';

/** Reads what Redis says of itself. Managed ones forbid CONFIG: most is in INFO, and the rest stays unknown. */
export async function readRedisFacts(redis: RedisLink): Promise<RedisFacts> {
  const [info, config] = await Promise.all([
    redis.ask((client) => client.info()),
    redis.ask((client) => client.config('GET', 'appendfsync')).catch((): unknown => undefined),
  ]);
  return factsOf(info, config);
}

function factsOf(info: string, config: unknown): RedisFacts {
  const said = new Map(
    info
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const version = said.get('redis_version');
  const aof = said.get('aof_enabled');
  const lastWrite = said.get('aof_last_write_status');
  const policy = said.get('maxmemory_policy');
  const memory = said.get('maxmemory');
  const role = said.get('role');
  const fsync: unknown = Array.isArray(config) ? config[1] : undefined;
  return {
    ...(version !== undefined && { version }),
    ...(aof !== undefined && { appendOnly: aof === '1' }),
    ...(lastWrite !== undefined && { appendFailing: lastWrite !== 'ok' }),
    ...(policy !== undefined && { evictionPolicy: policy }),
    ...(memory !== undefined && { maxMemoryBytes: Number(memory) }),
    ...(role !== undefined && { role }),
    ...(typeof fsync === 'string' && { appendFsync: fsync }),
  };
}

/** Says what is at risk. Pure. */
export function judgeRedis(facts: RedisFacts): readonly RedisFinding[] {
  return [judgeVersion(facts), ...judgeDurability(facts), judgeEviction(facts), judgeRole(facts)];
}

function judgeVersion({ version }: RedisFacts): RedisFinding {
  const code = 'redis-version';
  const wanted = redisVersionMin;
  if (version === undefined) return { code, level: 'unknown', facts: { wanted } };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin = 0, minorMin = 0] = redisVersionMin.split('.').map(Number);
  const isOld = major < majorMin || (major === majorMin && minor < minorMin);
  return { code, level: isOld ? 'risk' : 'ok', facts: { version, wanted } };
}

/** Without an append-only file a restart of Redis forgets open incidents; `everysec` may lose the last second of a power cut. */
function judgeDurability(facts: RedisFacts): readonly RedisFinding[] {
  const { appendOnly, appendFsync, appendFailing } = facts;
  if (appendOnly === undefined) return [{ code: 'redis-append-only', level: 'unknown', facts: {} }];
  if (!appendOnly) return [{ code: 'redis-append-only', level: 'risk', facts: { value: 'no' } }];
  const fsync: RedisFinding =
    appendFsync === undefined
      ? { code: 'redis-append-fsync', level: 'unknown', facts: {} }
      : {
          code: 'redis-append-fsync',
          level: appendFsync === 'no' ? 'risk' : 'ok',
          facts: { value: appendFsync },
        };
  return [
    { code: 'redis-append-only', level: 'ok', facts: { value: 'yes' } },
    fsync,
    { code: 'redis-append-failing', level: appendFailing === true ? 'risk' : 'ok', facts: {} },
  ];
}

/** A Redis at its memory limit with any other policy than `noeviction` throws jobs and incidents away. */
function judgeEviction({ evictionPolicy, maxMemoryBytes }: RedisFacts): RedisFinding {
  const code = 'redis-eviction';
  if (evictionPolicy === undefined) return { code, level: 'unknown', facts: {} };
  const isSafe = evictionPolicy === 'noeviction' || maxMemoryBytes === 0;
  return {
    code,
    level: isSafe ? 'ok' : 'risk',
    facts: { policy: evictionPolicy, maxMemoryBytes: maxMemoryBytes ?? 0 },
  };
}

/** A replica refuses writes. */
function judgeRole({ role }: RedisFacts): RedisFinding {
  const code = 'redis-role';
  if (role === undefined) return { code, level: 'unknown', facts: {} };
  return { code, level: role === 'master' ? 'ok' : 'risk', facts: { role } };
}
