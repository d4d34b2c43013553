import type { Ownership } from '../../ports/ownership.ts';
import type { RedisLink } from './connect.ts';

/** Which replica runs the sensors of an ensemble, as a lease in Redis under the id of this replica. */
export function createOwnership(redis: RedisLink, replicaId: string): Ownership {
  return {
    async hold(ensemble, leaseMs) {
      const { owner } = redis.keys.ensemble(ensemble);
      return 1 === (await redis.step('hold-lease', [owner], [replicaId, leaseMs]));
    },
    async release(ensemble) {
      await redis.step('release-lease', [redis.keys.ensemble(ensemble).owner], [replicaId]);
    },
  };
}
