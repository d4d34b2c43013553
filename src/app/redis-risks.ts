import type { RedisLink } from '../edges/redis/connect.ts';
import { judgeRedis, type RedisFinding, readRedisFacts } from '../edges/redis/startup-check.ts';
import type { Language } from '../model/person.ts';
import type { Log } from '../ports/log.ts';
import { words } from '../rules/card/words/words.ts';

/** The name of the fault in the catalogue of words. */
export const redisAtRisk = 'redis-at-risk';

/** How often Redis is asked: an append-only file that cannot be written any more shows hours after the start. */
export const redisCheckEveryMs = 60_000;

/** What can cost incidents and acknowledgements. The others (an old version, a replica) stop the bot, and show by themselves. */
const costly: ReadonlySet<string> = new Set([
  'redis-append-only',
  'redis-append-fsync',
  'redis-append-failing',
  'redis-eviction',
]);

/** One thing this Redis may lose, in words. */
export interface RedisRisk {
  readonly code: string;
  readonly text: string;
}

export interface RedisRisks {
  /** What was found last, for `/readyz` and the console. */
  risks(): readonly RedisRisk[];
  stop(): void;
}

/**
 * Says what this Redis may lose, and the setting that mends it: each time the connection stands, since a Redis that came back may
 * have other settings, and every minute. The same answer is not told twice. `onCostly` is told of what can cost incidents, also
 * when that is nothing; what it throws is tried again the next time.
 */
export function watchRedisRisks(parts: {
  readonly link: RedisLink;
  readonly log: Log;
  readonly language: () => Language;
  readonly onCostly: (risks: readonly RedisRisk[]) => Promise<void>;
}): RedisRisks {
  const { link, log } = parts;
  let found: readonly RedisFinding[] = [];
  let logged = '';
  let told = '';

  const inWords = (finding: RedisFinding): RedisRisk => ({
    code: finding.code,
    text: words(parts.language()).setup.redisFinding(finding),
  });

  async function look(): Promise<void> {
    const all = judgeRedis(await readRedisFacts(link)).filter(({ level }) => level !== 'ok');
    found = all.filter(({ level }) => level === 'risk');
    const now = JSON.stringify(all);
    if (now !== logged) write(log, all);
    logged = now;
    if (now === told) return;
    await parts.onCostly(found.filter(({ code }) => costly.has(code)).map(inWords));
    told = now;
  }

  function lookNow(): void {
    look().catch((error: unknown) => log.warn({ err: error }, 'Redis could not be checked'));
  }

  const stop = link.onUp(() => {
    // A Redis that came back without its data has lost the card, too.
    told = '';
    lookNow();
  });
  const timer = setInterval(() => {
    if (link.isUp()) lookNow();
  }, redisCheckEveryMs);
  timer.unref();
  if (link.isUp()) lookNow();
  return {
    risks: () => found.map(inWords),
    stop() {
      clearInterval(timer);
      stop();
    },
  };
}

function write(log: Log, findings: readonly RedisFinding[]): void {
  for (const finding of findings) {
    const { code, level, facts } = finding;
    const line = words('en').setup.redisFinding(finding);
    if (level === 'risk') log.warn({ code, facts, line }, 'Redis puts incidents at risk');
    else log.info({ code, line }, 'Redis does not say how safe it is');
  }
}
