import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/** Hands the SDK's own lines to our log. Its debug lines carry whole payloads and are dropped. */
export function boltLogger(log: Log): Logger {
  const textOf = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: () => undefined,
    info: (...parts) => log.debug({ sdk: textOf(parts) }, 'slack sdk'),
    warn: (...parts) => log.debug({ sdk: textOf(parts) }, 'slack sdk warns'),
    error: (...parts) => log.debug({ sdk: textOf(parts) }, 'slack sdk reports an error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
