/** Error codes of a socket that is gone or never stood. */
const socketCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** True for what an outage of Redis throws at everybody: it is logged once, where the connection is made. */
export function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && socketCodes.has(error.code)) return true;
  return /connection is closed|socket timeout|command timed out|max retries per request|connection in subscriber/iu.test(
    error.message,
  );
}

/** What went wrong, in one line, without arguments of the command: those of AUTH and HELLO are secret. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/,? with args beginning with.*$/su, '');
}
