import { pino, stdSerializers } from 'pino';
import type { Log } from '../ports/log.ts';

/** Facts whose values are never written, whatever they hold. */
const hiddenNames = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'botToken',
  'appToken',
];

/** Shortest secret that is searched for in texts: anything shorter would blot out ordinary words. */
const secretCharsMin = 6;

/**
 * The log of the bot: JSON, one line an event. Every secret of the configuration is hidden wherever it turns up, in messages of
 * foreign libraries, too. `secrets` may be a function, so that a reload is seen.
 */
export function createLog(options: {
  readonly secrets: readonly string[] | (() => readonly string[]);
  /** `debug`, `info` (default), `warn` or `error`. */
  readonly level?: string;
  readonly out?: { write(line: string): unknown };
}): Log {
  const out = options.out ?? process.stdout;
  const secrets = () =>
    typeof options.secrets === 'function' ? options.secrets() : options.secrets;
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: stdSerializers.errWithCause, error: stdSerializers.errWithCause },
      redact: { paths: hiddenNames.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    },
    { write: (line: string) => out.write(withoutSecrets(line, secrets())) },
  );
}

/** In a line of JSON a secret stands as JSON writes it: quotes and backslashes escaped. */
function withoutSecrets(line: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= secretCharsMin)
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (rest, secret) => rest.replaceAll(JSON.stringify(secret).slice(1, -1), '[hidden]'),
      line,
    );
}
