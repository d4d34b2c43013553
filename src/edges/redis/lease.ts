import { randomUUID } from 'node:crypto';
import type { RedisLink } from './connect.ts';

/** A right that one replica has for a while. */
export interface Lease {
  /** False when it has run out meanwhile. */
  renew(forMs: number): Promise<boolean>;
  /** Gives it back, unless it is another's by now. */
  release(): Promise<void>;
}

/** Takes a lease; nothing while another has it. */
export async function takeLease(
  redis: RedisLink,
  key: string,
  forMs: number,
): Promise<Lease | undefined> {
  const token = randomUUID();
  const taken = await redis.ask((client) => client.set(key, token, 'PX', forMs, 'NX'));
  if (taken !== 'OK') return undefined;
  return {
    renew: async (moreMs) => 1 === (await redis.step('renew-lease', [key], [token, moreMs])),
    async release() {
      await redis.step('release-lease', [key], [token]);
    },
  };
}
