import { NightkeeperError } from '../../model/errors.ts';

/**
 * Turns what the client throws into a failure with a code. `redis-corrupt` when a key holds something else than we wrote,
 * `redis-unavailable` for everything that may be better later: no connection, no answer, loading, read-only, out of memory.
 */
export function redisFailure(error: unknown): NightkeeperError {
  if (error instanceof NightkeeperError) return error;
  const message = plainMessage(error);
  return isCorrupt(message)
    ? new NightkeeperError('redis-corrupt', `a key holds something unexpected: ${message}`, {
        cause: plain(error),
      })
    : new NightkeeperError('redis-unavailable', `Redis did not answer: ${message}`, {
        cause: plain(error),
      });
}

/** What went wrong, in one line and without arguments of the command: those of AUTH and HELLO are secret. */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message === '' && hasCode(error) ? error.code : message;
  return text
    .replace(/,? with args beginning with.*$/su, '')
    .replace(/rediss?:\/\/\S*@/gu, 'redis://…@');
}

/** The error without the command it belongs to, which a log would print with its arguments. */
function plain(error: unknown): Error {
  const copy = new Error(plainMessage(error));
  if (error instanceof Error) copy.name = error.name;
  return hasCode(error) ? Object.assign(copy, { code: error.code }) : copy;
}

function isCorrupt(message: string): boolean {
  if (message.includes('WRONGTYPE')) return true;
  return (
    message.startsWith('ERR') &&
    message.includes('user_script') &&
    !/OOM|MISCONF|READONLY|NOREPLICAS/u.test(message)
  );
}

function hasCode(error: unknown): error is { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
