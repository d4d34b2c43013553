import type { RedisLink } from '../edges/redis/connect.ts';
import { judgeRedis, readRedisFacts } from '../edges/redis/startup-check.ts';
import type { Log } from '../ports/log.ts';
import { words } from '../rules/card/words/words.ts';

/**
 * Says in the log what this Redis may lose, and the setting that mends it: each time the connection stands, since a Redis that came
 * back may have other settings. The same answer is not told twice.
 */
export function tellRedisRisks(link: RedisLink, log: Log): () => void {
  let told = '';

  async function look(): Promise<void> {
    const findings = judgeRedis(await readRedisFacts(link)).filter(({ level }) => level !== 'ok');
    const now = JSON.stringify(findings);
    if (now === told) return;
    told = now;
    for (const finding of findings) {
      const { code, level, facts } = finding;
      const line = words('en').setup.redisFinding(finding);
      if (level === 'risk') log.warn({ code, facts, line }, 'Redis puts incidents at risk');
      else log.info({ code, line }, 'Redis does not say how safe it is');
    }
  }

  function lookNow(): void {
    look().catch((error: unknown) => log.warn({ err: error }, 'Redis could not be checked'));
  }

  const stop = link.onUp(lookNow);
  if (link.isUp()) lookNow();
  return stop;
}
