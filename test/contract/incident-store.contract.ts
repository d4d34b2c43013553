import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, auditMax } from '../../src/model/audit.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { IncidentEvent } from '../../src/model/incident-event.ts';
import {
  eventsMax,
  type IncidentChange,
  type IncidentStore,
  incidentsMax,
} from '../../src/ports/incident-store.ts';
import { aDeliveryRecord, anIncident, aStamp, nightMs } from '../support/builders.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

const opened: IncidentEvent = { kind: 'paged', atMs: nightMs };
const acked: IncidentEvent = { kind: 'acknowledged', atMs: nightMs + 1, stamp: aStamp() };

function anEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    atMs: nightMs,
    ensemble: 'orders',
    who: 'ann',
    name: 'Ann',
    via: 'slack',
    what: 'ack',
    outcome: 'done',
    facts: {},
    ...overrides,
  };
}

function aChange(incident: Incident, overrides: Partial<IncidentChange> = {}): IncidentChange {
  return {
    incident,
    expectedVersion: incident.version - 1,
    events: [opened],
    audit: [],
    ...overrides,
  };
}

/** What every keeper of incidents promises. */
export function incidentStoreContract(name: string, make: MakeStores): void {
  describe(`${name} as incident store`, () => {
    let stores: StoresUnderTest;
    let store: IncidentStore;

    beforeEach(async () => {
      stores = await make();
      store = stores.incidents;
    });

    afterEach(() => stores.close());

    /** An incident under a number of its own, written. */
    async function opens(overrides: Partial<Incident> = {}): Promise<Incident> {
      const ensemble = overrides.ensemble ?? 'orders';
      const id = await store.allocate(ensemble);
      const incident = anIncident({ id, fingerprint: `${ensemble}/test/${id}`, ...overrides });
      expect(await store.commit(aChange(incident))).toBe('written');
      return incident;
    }

    it('gives every incident its own number, over all ensembles', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.allocate(index % 2 === 0 ? 'orders' : 'billing'),
        ),
      );

      expect(new Set(ids).size).toBe(20);
    });

    it('gives several numbers in a row, of which nobody else has one', async () => {
      const [first, other] = await Promise.all([
        store.allocate('orders', 5),
        store.allocate('billing', 5),
      ]);

      const next = await store.allocate('orders');

      expect(Math.abs(first - other)).toBe(5);
      expect(next).toBe(Math.max(first, other) + 5);
      const incident = anIncident({ id: first + 4 });
      await store.commit(aChange(incident));
      expect(await store.get(first + 4)).toEqual(incident);
    });

    it('remembers every ensemble that has had an incident', async () => {
      expect(await store.ensembles()).toEqual([]);

      await opens({ ensemble: 'orders' });
      await opens({ ensemble: 'orders' });
      await opens({ ensemble: 'billing', state: 'resolved', resolvedMs: nightMs });

      expect([...(await store.ensembles())].sort()).toEqual(['billing', 'orders']);
    });

    it('gives back what was written, field by field', async () => {
      const id = await store.allocate('orders');
      const incident = anIncident({
        id,
        facts: { voters: 3, missing: ['zk2', 'zk3'], led: true, reason: '拒绝 "refused"\n' },
        acknowledged: aStamp(),
      });

      await store.commit(aChange(incident, { events: [opened, acked] }));

      expect(await store.get(id)).toEqual(incident);
      expect(await store.events(id)).toEqual([opened, acked]);
    });

    it('knows nothing of a number that was never written', async () => {
      const id = await store.allocate('orders');

      expect(await store.get(id)).toBeUndefined();
      expect(await store.get(4711)).toBeUndefined();
      expect(await store.events(4711)).toEqual([]);
    });

    it('lets one of fifty writers of the same version win, and writes nothing of the others', async () => {
      const incident = await opens();

      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, writer) =>
          store.commit(
            aChange(
              { ...incident, version: 2, facts: { writer } },
              {
                events: [{ ...acked, atMs: writer }],
                audit: [anEntry({ what: `writer ${writer}` })],
              },
            ),
          ),
        ),
      );

      const winners = outcomes.flatMap((outcome, writer) =>
        outcome === 'written' ? [writer] : [],
      );
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      expect((await store.get(incident.id))?.facts).toEqual({ writer: winner });
      expect((await store.events(incident.id)).map((event) => event.atMs)).toEqual([
        nightMs,
        winner,
      ]);
      expect((await store.audited('orders', 100)).map((entry) => entry.what)).toEqual([
        `writer ${winner}`,
      ]);
    });

    it('refuses a change decided on an older version, and writes nothing of it', async () => {
      const incident = await opens();
      await store.commit(aChange({ ...incident, version: 2, state: 'acknowledged' }));

      const late = aChange({ ...incident, version: 2, severity: 'page' }, { audit: [anEntry()] });

      expect(await store.commit(late)).toBe('conflict');
      expect(await store.get(incident.id)).toMatchObject({
        state: 'acknowledged',
        severity: 'warn',
      });
      expect(await store.events(incident.id)).toHaveLength(2);
      expect(await store.audited('orders', 10)).toEqual([]);
    });

    it('lets one open incident hold a fingerprint, whoever of fifty comes first', async () => {
      const fingerprint = 'orders/quorum-lost/';
      const ids = await Promise.all(Array.from({ length: 50 }, () => store.allocate('orders')));

      const outcomes = await Promise.all(
        ids.map((id) => store.commit(aChange(anIncident({ id, fingerprint })))),
      );

      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(await store.open('orders')).toHaveLength(1);
      expect(await store.restless('orders')).toHaveLength(1);
    });

    it('writes several changes together, each whole or not at all', async () => {
      const known = await opens({ fingerprint: 'orders/member-down/zk1' });
      const first = await store.allocate('orders', 3);
      const [fresh, rival, late] = [
        anIncident({ id: first, fingerprint: 'orders/member-down/zk2' }),
        anIncident({ id: first + 1, fingerprint: 'orders/member-down/zk1' }),
        anIncident({ id: first + 2, fingerprint: 'orders/member-down/zk3', version: 7 }),
      ];
      const changed: Incident = { ...known, version: 2, severity: 'page' };

      const outcomes = await store.commitAll('orders', [
        aChange(fresh, { audit: [anEntry({ what: 'fresh' })] }),
        aChange(rival, { audit: [anEntry({ what: 'rival' })] }),
        aChange(late, { audit: [anEntry({ what: 'late' })] }),
        aChange(changed, {
          events: [acked, opened],
          audit: [anEntry({ what: 'a' }), anEntry({ what: 'b' })],
        }),
      ]);

      expect(outcomes).toEqual(['written', 'conflict', 'conflict', 'written']);
      expect(await store.open('orders')).toEqual([changed, fresh]);
      expect(await store.events(known.id)).toEqual([opened, acked, opened]);
      expect(await store.events(fresh.id)).toEqual([opened]);
      expect(await store.events(rival.id)).toEqual([]);
      expect((await store.audited('orders', 9)).map(({ what }) => what)).toEqual([
        'b',
        'a',
        'fresh',
      ]);
      expect(await store.commitAll('orders', [])).toEqual([]);
    });

    it('frees the fingerprint when the incident resolves', async () => {
      const first = await opens({ fingerprint: 'orders/quorum-lost/' });
      await store.commit(
        aChange({ ...first, version: 2, state: 'resolved', resolvedMs: nightMs + 5 }),
      );

      const second = await opens({ fingerprint: 'orders/quorum-lost/' });

      expect((await store.open('orders')).map(({ id }) => id)).toEqual([second.id]);
    });

    it('moves the fingerprint when an incident turns out to be something bigger', async () => {
      const incident = await opens({ fingerprint: 'orders/member-down/zk2' });
      const bigger = { ...incident, version: 2, fingerprint: 'orders/quorum-lost/' };

      await store.commit(aChange(bigger, { previousFingerprint: 'orders/member-down/zk2' }));

      const rival = anIncident({
        id: await store.allocate('orders'),
        fingerprint: 'orders/quorum-lost/',
      });
      expect(await store.commit(aChange(rival))).toBe('conflict');
      const next = { ...rival, fingerprint: 'orders/member-down/zk2' };
      expect(await store.commit(aChange(next))).toBe('written');
    });

    it('refuses to move to a fingerprint that another open incident holds', async () => {
      await opens({ fingerprint: 'orders/quorum-lost/' });
      const incident = await opens({ fingerprint: 'orders/member-down/zk2' });

      const outcome = await store.commit(
        aChange(
          { ...incident, version: 2, fingerprint: 'orders/quorum-lost/' },
          { previousFingerprint: 'orders/member-down/zk2' },
        ),
      );

      expect(outcome).toBe('conflict');
      expect((await store.get(incident.id))?.fingerprint).toBe('orders/member-down/zk2');
    });

    it('lists open incidents oldest first and recent ones newest first, by ensemble', async () => {
      const first = await opens();
      const second = await opens();
      await opens({ ensemble: 'billing' });
      await store.commit(
        aChange({ ...first, version: 2, state: 'resolved', resolvedMs: nightMs + 5 }),
      );
      const third = await opens();

      expect((await store.open('orders')).map(({ id }) => id)).toEqual([second.id, third.id]);
      expect((await store.recent('orders', 10)).map(({ id }) => id)).toEqual([
        third.id,
        second.id,
        first.id,
      ]);
      expect(await store.recent('orders', 1)).toHaveLength(1);
      expect(await store.recent('orders', 0)).toEqual([]);
      expect(await store.open('nothing')).toEqual([]);
    });

    it('lists an incident as restless until its newest version is settled', async () => {
      const incident = await opens();
      await store.commit(aChange({ ...incident, version: 2 }));

      await store.settle('orders', incident.id, 1);
      expect(await store.restless('orders')).toEqual([{ id: incident.id, version: 2 }]);

      await store.settle('orders', incident.id, 2);
      expect(await store.restless('orders')).toEqual([]);
    });

    it('keeps the first event and the newest others', async () => {
      const id = await store.allocate('orders');
      const events = Array.from(
        { length: eventsMax + 10 },
        (_, index): IncidentEvent => ({ kind: 'paged', atMs: index }),
      );

      await store.commit(aChange(anIncident({ id }), { events }));

      const kept = (await store.events(id)).map((event) => event.atMs);
      expect(kept).toHaveLength(eventsMax);
      expect(kept.slice(0, 2)).toEqual([0, 11]);
      expect(kept.at(-1)).toBe(eventsMax + 9);
    });

    it('drops the incidents resolved first with all that hangs on them, and never an open one', async () => {
      const old = await opens();
      const kept: Incident[] = [];
      for (let count = 0; count < incidentsMax; count += 1) {
        const id = await store.allocate('orders');
        kept.push(anIncident({ id, fingerprint: `orders/test/${id}`, state: 'resolved' }));
      }
      const [first] = kept;
      const claim = await stores.deliveries.claim('orders', first!.id, 'ops', 5000);
      if (!('token' in claim)) throw new Error('the lease is free');
      await stores.deliveries.write(claim, aDeliveryRecord({ incident: first!.id }), 5000);
      for (const [index, incident] of kept.entries())
        await store.commit(aChange({ ...incident, resolvedMs: nightMs + index }));
      expect(await store.get(first!.id)).toBeDefined();

      const last = await opens({ state: 'resolved', resolvedMs: nightMs + incidentsMax });

      expect(await store.get(first!.id)).toBeUndefined();
      expect(await store.events(first!.id)).toEqual([]);
      expect(await store.get(kept[1]!.id)).toBeDefined();
      expect(await store.get(last.id)).toBeDefined();
      expect((await store.open('orders')).map(({ id }) => id)).toEqual([old.id]);
      expect(await store.recent('orders', 5000)).toHaveLength(incidentsMax + 1);
      expect((await store.restless('orders')).map(({ id }) => id)).not.toContain(first!.id);
      expect(await stores.deliveries.records('orders', first!.id)).toEqual([]);
    });

    it('keeps the newest audit entries of each ensemble, newest first', async () => {
      const entries = Array.from({ length: auditMax + 5 }, (_, index) => anEntry({ atMs: index }));
      await store.audit([...entries, anEntry({ ensemble: 'billing', what: 'status' })]);

      const kept = await store.audited('orders', auditMax + 100);

      expect(kept).toHaveLength(auditMax);
      expect(kept[0]?.atMs).toBe(auditMax + 4);
      expect(kept.at(-1)?.atMs).toBe(5);
      expect(await store.audited('orders', 2)).toHaveLength(2);
      expect(await store.audited('billing', 10)).toHaveLength(1);
    });
  });
}
