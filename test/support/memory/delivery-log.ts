import type { EnsembleId } from '../../../src/model/ensemble.ts';
import type { IncidentId } from '../../../src/model/incident.ts';
import type { DeliveryRecord } from '../../../src/model/notification.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { DeliveryLog } from '../../../src/ports/delivery-log.ts';

/** A log that the store of incidents can make forget one. */
export interface MemoryDeliveryLog extends DeliveryLog {
  forget(incident: IncidentId): void;
}

/** What destinations were told, kept in this process; leases end by the clock given. */
export function createMemoryDeliveryLog(clock: Clock): MemoryDeliveryLog {
  const kept = new Map<string, DeliveryRecord>();
  const leases = new Map<string, { token: string; untilMs: number }>();
  let tokens = 0;

  function keyOf(ensemble: EnsembleId, incident: IncidentId, destination: string): string {
    return JSON.stringify([ensemble, incident, destination]);
  }

  function live(key: string): { token: string; untilMs: number } | undefined {
    const lease = leases.get(key);
    return lease !== undefined && lease.untilMs > clock.now() ? lease : undefined;
  }

  return {
    forget(incident) {
      for (const [key, record] of kept) if (record.incident === incident) kept.delete(key);
    },
    claim(ensemble, incident, destination, leaseMs) {
      const key = keyOf(ensemble, incident, destination);
      const held = live(key);
      if (held !== undefined) return Promise.resolve({ heldForMs: held.untilMs - clock.now() });
      tokens += 1;
      const token = `t-${tokens}`;
      leases.set(key, { token, untilMs: clock.now() + leaseMs });
      const record = kept.get(key) ?? { ensemble, incident, destination, spoken: [], failures: 0 };
      return Promise.resolve({ token, record: structuredClone(record) });
    },
    write({ record: { ensemble, incident, destination }, token }, record, leaseMs) {
      const key = keyOf(ensemble, incident, destination);
      if (live(key)?.token !== token) return Promise.resolve('lost');
      kept.set(key, structuredClone(record));
      leases.set(key, { token, untilMs: clock.now() + leaseMs });
      return Promise.resolve({ token, record: structuredClone(record) });
    },
    renew({ record: { ensemble, incident, destination }, token }, leaseMs) {
      const lease = live(keyOf(ensemble, incident, destination));
      if (lease?.token !== token) return Promise.resolve(false);
      lease.untilMs = clock.now() + leaseMs;
      return Promise.resolve(true);
    },
    release({ record: { ensemble, incident, destination }, token }) {
      const key = keyOf(ensemble, incident, destination);
      if (leases.get(key)?.token === token) leases.delete(key);
      return Promise.resolve();
    },
    records: (ensemble, incident) =>
      Promise.resolve(
        [...kept.values()]
          .filter((record) => record.ensemble === ensemble && record.incident === incident)
          .sort((a, b) => (a.destination < b.destination ? -1 : 1))
          .map((record) => structuredClone(record)),
      ),
  };
}
