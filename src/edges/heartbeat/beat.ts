import type { HeartbeatConfig } from './config.ts';

/** How long the other side may take. */
export const beatMsMax = 10_000;

/** Sends one heartbeat. Answers what is wrong in a few words without the address, or undefined when it was taken. */
export async function sendHeartbeat(
  { url, method }: Pick<HeartbeatConfig, 'url' | 'method'>,
  version: string,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': `nightkeeper/${version}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(beatMsMax),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The cause of a failed fetch names host and port; the message may hold the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const inner: unknown = error.cause;
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string')
    return inner.code;
  return error.name;
}
