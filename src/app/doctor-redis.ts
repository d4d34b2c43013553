import { hostname } from 'node:os';
import type { RedisLink } from '../edges/redis/connect.ts';
import { examineRedis, readRedisClock } from '../edges/redis/examine.ts';
import { type Diagnosis, diagnose } from '../model/diagnosis.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ShortMemory } from '../ports/short-memory.ts';
import { type ClockReading, judgeRedisClock, judgeReplicaClocks } from '../rules/doctor/clocks.ts';

/** An answer that takes longer is felt: a look and a card ask ten times. [guess] In one data centre it is below one. */
const pingMsMax = 25;

/** How often each replica compares its clock with that of Redis, and how long that counts. */
const clockEveryMs = 60_000;
const clockCountsMs = 3 * clockEveryMs;

/** What Redis says of itself, and what its clock shows. */
export async function diagnoseRedis(link: RedisLink): Promise<readonly Diagnosis[]> {
  const { where } = link;
  try {
    const seen = await examineRedis(link);
    const { version, pingMs } = seen;
    const answers = diagnose(pingMs > pingMsMax ? 'redis-slow' : 'redis-answers', '', {
      where,
      version,
      pingMs,
    });
    const risks = seen.findings.filter(({ level }) => level !== 'ok');
    return [
      answers,
      ...risks.map(({ code, level, facts }) =>
        diagnose(level === 'risk' ? 'redis-risk' : 'redis-silent', '', { ...facts, finding: code }),
      ),
      ...seen.failing.map((what) => diagnose('redis-disk', '', { what })),
      ...(risks.length + seen.failing.length === 0 ? [diagnose('redis-keeps')] : []),
      judgeRedisClock(seen),
    ];
  } catch (error) {
    if (!(error instanceof NightkeeperError)) throw error;
    return [diagnose('redis-away', '', { where, reason: error.message })];
  }
}

/** The clocks of all replicas beside that of Redis: each says what it found, for whichever of them is asked. */
export interface ReplicaClocks {
  judge(): Promise<readonly Diagnosis[]>;
  stop(): Promise<void>;
}

interface Told extends ClockReading {
  readonly name: string;
}

export function watchReplicaClocks(parts: {
  readonly link: RedisLink;
  readonly memory: ShortMemory;
  readonly replica: string;
  readonly replicas: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}): ReplicaClocks {
  const { link, memory, clock, log } = parts;
  const stopping = new AbortController();
  const keyOf = (replica: string): string => `replica-clock:${replica}`;
  const own: Pick<Told, 'name'> = { name: `${hostname()} (${process.pid})` };

  async function tell(): Promise<Told> {
    const told = { ...own, ...(await readRedisClock(link)) };
    await memory.put(keyOf(parts.replica), JSON.stringify(told), clockCountsMs);
    return told;
  }

  async function tellNow(): Promise<void> {
    // Without Redis there is nobody to compare with.
    if (!link.isUp() || stopping.signal.aborted) return;
    await tell().catch((error: unknown) =>
      log.warn({ err: error }, 'the clock of Redis could not be read'),
    );
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await tellNow();
      await clock.sleep(clockEveryMs, stopping.signal).catch(() => undefined);
    }
  }
  const running = run();
  const noMore = link.onUp(() => void tellNow());

  return {
    async judge() {
      const others = parts.replicas().filter((each) => each !== parts.replica);
      const [mine, ...told] = await Promise.all([
        tell(),
        ...others.map(async (each) => await memory.get(keyOf(each))),
      ]);
      const readings = told.flatMap((text) =>
        text === undefined ? [] : [JSON.parse(text) as Told],
      );
      return judgeReplicaClocks([mine, ...readings]);
    },
    async stop() {
      noMore();
      stopping.abort();
      await running;
    },
  };
}
