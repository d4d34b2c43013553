import { randomUUID } from 'node:crypto';
import { assert } from '../../model/errors.ts';
import type { DeliveryRecord } from '../../model/notification.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import type { RedisLink } from './connect.ts';
import { readAll, readJson } from './json.ts';

/** Records of an incident that is kept no more (evicted while a slow delivery still ran) go after a day. */
export const orphanKeptMs = 24 * 60 * 60 * 1000;

/** What every destination was told, in Redis. Leases end by the clock of Redis: the clocks of replicas may differ. */
export function createDeliveryLog(redis: RedisLink): DeliveryLog {
  const { keys } = redis;

  return {
    async claim(ensemble, incident, destination, leaseMs) {
      const at = keys.ensemble(ensemble);
      const records = `${at.deliveries}${incident}`;
      const token = randomUUID();
      const answer = await redis.step(
        'claim-delivery',
        [at.lease(incident, destination), records],
        [token, leaseMs, destination],
      );
      assert(Array.isArray(answer), 'claim-delivery answers a list');
      const [outcome, value] = answer as readonly unknown[];
      if (outcome === 'held') return { heldForMs: Math.max(1, Number(value)) };
      const record: DeliveryRecord =
        typeof value === 'string' && value !== ''
          ? readJson(value, `${records} ${destination}`)
          : { ensemble, incident, destination, spoken: [], failures: 0 };
      return { token, record };
    },
    async write(claim, record, leaseMs) {
      const { ensemble, incident, destination } = claim.record;
      const at = keys.ensemble(ensemble);
      const answer = await redis.step(
        'write-delivery',
        [at.lease(incident, destination), `${at.deliveries}${incident}`, at.versions],
        [claim.token, leaseMs, destination, JSON.stringify(record), incident, orphanKeptMs],
      );
      return answer === 'written' ? { token: claim.token, record } : 'lost';
    },
    async renew({ record: { ensemble, incident, destination }, token }, leaseMs) {
      const lease = keys.ensemble(ensemble).lease(incident, destination);
      return 1 === (await redis.step('renew-lease', [lease], [token, leaseMs]));
    },
    async release({ record: { ensemble, incident, destination }, token }) {
      const lease = keys.ensemble(ensemble).lease(incident, destination);
      await redis.step('release-lease', [lease], [token]);
    },
    async records(ensemble, incident) {
      const key = `${keys.ensemble(ensemble).deliveries}${incident}`;
      const records = readAll<DeliveryRecord>(await redis.ask((client) => client.hvals(key)), key);
      return [...records].sort((a, b) => (a.destination < b.destination ? -1 : 1));
    },
  };
}
