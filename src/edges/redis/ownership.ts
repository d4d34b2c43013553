import { assert } from '../../model/errors.ts';
import type { Ownership } from '../../ports/ownership.ts';
import type { RedisLink } from './connect.ts';

/**
 * Heartbeats and holds in Redis, by the clock of Redis: those of the replicas may differ. A hold lasts as long as the heartbeat of
 * its holder, so that a thousand ensembles cost no more than one.
 */
export function createOwnership(redis: RedisLink, replica: string): Ownership {
  const { replicas, owners } = redis.keys.shared;

  return {
    replica,
    async beat(leaseMs) {
      const living = await redis.step('beat-replica', [replicas, owners], [replica, leaseMs]);
      return namesOf(living).toSorted();
    },
    async hold(ensembles) {
      if (ensembles.length === 0) return [];
      return namesOf(
        await redis.step('hold-ensembles', [replicas, owners], [replica, ...ensembles]),
      );
    },
    async release(ensemble) {
      await redis.step('release-ensemble', [owners], [replica, ensemble]);
    },
    async leave() {
      await redis.step('leave-replica', [replicas, owners], [replica]);
    },
  };
}

function namesOf(answer: unknown): readonly string[] {
  assert(Array.isArray(answer), 'the step answers a list');
  return answer.map(String);
}
