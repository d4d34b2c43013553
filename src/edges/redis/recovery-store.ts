import { randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { assert } from '../../model/errors.ts';
import type { EvidencePack, Recovery } from '../../model/recovery.ts';
import { evidenceKept, type RecoveryStore, recoveriesMax } from '../../ports/recovery-store.ts';
import type { RedisLink } from './connect.ts';
import { readAll, readJson } from './json.ts';

/** Keeps recoveries and their locks in Redis. Locks end by the clock of Redis. */
export function createRecoveryStore(redis: RedisLink): RecoveryStore {
  const { keys } = redis;

  return {
    async lock(ensemble, recovery, leaseMs) {
      const at = keys.ensemble(ensemble);
      const answer = await redis.step(
        'lock-recovery',
        [at.recoveryLock, at.fence],
        [recovery, leaseMs],
      );
      assert(Array.isArray(answer), 'lock-recovery answers a list');
      const [outcome, value] = answer as readonly unknown[];
      return outcome === 'locked' ? { fence: Number(value) } : { heldBy: String(value) };
    },
    async renew(ensemble, recovery, fence, leaseMs) {
      const { recoveryLock } = keys.ensemble(ensemble);
      return 1 === (await redis.step('renew-recovery', [recoveryLock], [recovery, fence, leaseMs]));
    },
    async unlock(ensemble, recovery, fence) {
      const { recoveryLock } = keys.ensemble(ensemble);
      await redis.step('unlock-recovery', [recoveryLock], [recovery, fence]);
    },
    async running(ensemble) {
      const { recoveryLock } = keys.ensemble(ensemble);
      return (await redis.ask((client) => client.hget(recoveryLock, 'recovery'))) ?? undefined;
    },
    async allocate() {
      return `r-${await redis.ask((client) => client.incr(keys.shared.recoveryNumber))}`;
    },
    async save(recovery, expectedVersion) {
      const { id, ensemble, version } = recovery;
      const number = Number(id.replace('r-', ''));
      assert(Number.isSafeInteger(number), 'a recovery has an id like r-12');
      const at = keys.ensemble(ensemble);
      const answer = await redis.step(
        'save-recovery',
        [at.recoveries, at.recoveryVersions, at.recoveryOrder, at.recoveryLock],
        [
          id,
          expectedVersion,
          version,
          randomUUID(),
          JSON.stringify(recovery),
          number,
          recoveriesMax,
        ],
      );
      return answer === 'written' ? 'written' : 'conflict';
    },
    ...evidenceOf(redis),
    async get(ensemble, id) {
      const key = keys.ensemble(ensemble).recoveries;
      const text = await redis.ask((client) => client.hget(key, id));
      return text === null ? undefined : readJson<Recovery>(text, `${key} ${id}`);
    },
    async recent(ensemble, limit) {
      const at = keys.ensemble(ensemble);
      if (limit <= 0) return [];
      const ids = await redis.ask((client) => client.zrevrange(at.recoveryOrder, 0, limit - 1));
      if (ids.length === 0) return [];
      return readAll<Recovery>(
        await redis.ask((client) => client.hmget(at.recoveries, ...ids)),
        at.recoveries,
      );
    },
  };
}

/** What servers said before recoveries: packed, since a pack is read once in a blue moon. */
function evidenceOf(redis: RedisLink): Pick<RecoveryStore, 'keepEvidence' | 'evidence'> {
  const { keys } = redis;
  return {
    async keepEvidence(ensemble, id, packs) {
      const { evidence } = keys.ensemble(ensemble);
      const packed = gzipSync(JSON.stringify({ packs })).toString('base64');
      await redis.step('keep-evidence', [evidence], [id, packed, evidenceKept]);
    },
    async evidence(ensemble, id) {
      const { evidence } = keys.ensemble(ensemble);
      const packed = await redis.ask((client) => client.hget(evidence, id));
      if (packed === null) return [];
      const text = gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
      return readJson<{ readonly packs: readonly EvidencePack[] }>(text, `${evidence} ${id}`).packs;
    },
  };
}
