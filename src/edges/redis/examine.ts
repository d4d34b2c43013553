import type { RedisLink } from './connect.ts';
import { judgeRedis, type RedisFinding, readRedisFacts } from './startup-check.ts';

/** Questions of which the middle one is told: the first opens the connection. */
const pings = 5;

/** What the doctor learnt of Redis. */
export interface RedisExamination {
  readonly version: string;
  /** How long an answer takes, the middle one of a few. */
  readonly pingMs: number;
  /** By how much the clock of Redis is ahead of the bot's, and how exactly that is known. */
  readonly skewMs: number;
  readonly errorMs: number;
  readonly findings: readonly RedisFinding[];
  /** What Redis could not write lately: `rdb_last_bgsave_status`, `aof_last_bgrewrite_status`, `master_link_status`. */
  readonly failing: readonly string[];
}

/** Asks Redis how well it keeps what the bot must not forget. Writes nothing. Throws `redis-unavailable`. */
export async function examineRedis(link: RedisLink): Promise<RedisExamination> {
  const took: number[] = [];
  for (let index = 0; index < pings; index += 1) {
    const startedMs = performance.now();
    await link.ask((client) => client.ping());
    took.push(performance.now() - startedMs);
  }
  const clock = await readRedisClock(link);
  const facts = await readRedisFacts(link);
  const info = await link.ask((client) => client.info());
  const failing = [
    ...info.matchAll(
      /^(rdb_last_bgsave_status|aof_last_bgrewrite_status|master_link_status):(?!ok|up)\w+/gmu,
    ),
  ].map((match) => match[1] ?? '');
  const middle = took.toSorted((a, b) => a - b)[Math.floor(pings / 2)] ?? 0;
  return {
    version: facts.version ?? '',
    pingMs: Math.round(middle * 10) / 10,
    ...clock,
    findings: judgeRedis(facts),
    failing,
  };
}

/** The clock of Redis beside this process's own. */
export async function readRedisClock(
  link: RedisLink,
): Promise<Pick<RedisExamination, 'skewMs' | 'errorMs'>> {
  const beganMs = Date.now();
  const [seconds, micros] = await link.ask((client) => client.time());
  const endedMs = Date.now();
  const redisMs = Number(seconds) * 1000 + Number(micros) / 1000;
  return {
    skewMs: Math.round(redisMs - (beganMs + endedMs) / 2),
    errorMs: Math.ceil((endedMs - beganMs) / 2),
  };
}
