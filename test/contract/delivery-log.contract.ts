import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryClaim, DeliveryLog } from '../../src/ports/delivery-log.ts';
import { aDeliveryRecord, anIncident } from '../support/builders.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** Long enough never to end in a test, and short enough to end in one. */
const longMs = 60_000;
const shortMs = 60;

/** What every log of deliveries promises. */
export function deliveryLogContract(name: string, make: MakeStores): void {
  describe(`${name} as delivery log`, () => {
    let stores: StoresUnderTest;
    let log: DeliveryLog;

    beforeEach(async () => {
      stores = await make();
      log = stores.deliveries;
      await stores.incidents.commit({
        incident: anIncident(),
        expectedVersion: 0,
        events: [],
        audit: [],
      });
    });

    afterEach(() => stores.close());

    async function claimed(destination: string, leaseMs: number): Promise<DeliveryClaim> {
      const claim = await log.claim('orders', 12, destination, leaseMs);
      if (!('token' in claim)) throw new Error(`held for ${claim.heldForMs} ms`);
      return claim;
    }

    async function claimedAfter(ms: number, destination: string): Promise<DeliveryClaim> {
      await stores.pass(ms);
      return until('the lease ends', () => claimed(destination, longMs));
    }

    it('hands out a blank record for what was never told', async () => {
      const { record } = await claimed('ops', longMs);

      expect(record).toEqual(aDeliveryRecord());
      expect(await log.records('orders', 12)).toEqual([]);
    });

    it('gives one of fifty the lease, and tells the others how long it is held', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => log.claim('orders', 12, 'ops', longMs)),
      );

      const held = answers.flatMap((answer) => ('heldForMs' in answer ? [answer.heldForMs] : []));
      expect(held).toHaveLength(49);
      expect(Math.min(...held)).toBeGreaterThan(0);
      expect(Math.max(...held)).toBeLessThanOrEqual(longMs);
    });

    it('gives the lease back with the last write', async () => {
      const claim = await claimed('ops', longMs);

      await log.write(claim, aDeliveryRecord({ shownVersion: 3 }), 0);

      expect((await claimed('ops', longMs)).record).toEqual(aDeliveryRecord({ shownVersion: 3 }));
    });

    it('leases each destination and each incident on its own', async () => {
      await claimed('ops', longMs);

      expect(await claimed('dev', longMs)).toBeDefined();
      expect(await log.claim('orders', 13, 'ops', longMs)).toHaveProperty('token');
      expect(await log.claim('billing', 12, 'ops', longMs)).toHaveProperty('token');
    });

    it('lengthens a lease for its holder alone, and only while it lasts', async () => {
      const claim = await claimed('ops', shortMs);

      expect(await log.renew({ ...claim, token: 'somebody else' }, longMs)).toBe(false);
      expect(await log.renew(claim, longMs)).toBe(true);
      await stores.pass(shortMs);
      expect(await log.claim('orders', 12, 'ops', longMs)).toHaveProperty('heldForMs');
      await log.renew(claim, shortMs);
      await claimedAfter(shortMs, 'ops');
      expect(await log.renew(claim, longMs)).toBe(false);
    });

    it('gives back what was written, to whoever claims next', async () => {
      const record = aDeliveryRecord({
        shownVersion: 3,
        shownHash: 'abc',
        receipt: { ts: '1.2', channel: 'C1' },
        spoken: ['paged'],
        attempt: { key: 'k-1', kind: 'speak', signal: 'escalated:1', startedMs: 5 },
        failures: 2,
        lastError: '超时',
        notBeforeMs: 9,
      });
      const claim = await claimed('ops', longMs);

      const written = await log.write(claim, record, longMs);
      if (written === 'lost') throw new Error('the lease is ours');
      await log.release(written);

      expect((await claimed('ops', longMs)).record).toEqual(record);
      expect(await log.records('orders', 12)).toEqual([record]);
      expect(await log.records('orders', 13)).toEqual([]);
    });

    it('lets nobody write whose lease has ended', async () => {
      const first = await claimed('ops', shortMs);
      await claimedAfter(shortMs, 'ops');

      expect(await log.write(first, aDeliveryRecord({ failures: 9 }), longMs)).toBe('lost');
      expect(await log.records('orders', 12)).toEqual([]);
    });

    it('does not let a late holder give back the lease of another', async () => {
      const first = await claimed('ops', shortMs);
      await claimedAfter(shortMs, 'ops');

      await log.release(first);

      expect(await log.claim('orders', 12, 'ops', longMs)).toHaveProperty('heldForMs');
    });

    it('lengthens the lease with each write', async () => {
      const claim = await claimed('ops', 5000);
      await stores.pass(4000);

      await log.write(claim, aDeliveryRecord(), longMs);

      const other = await log.claim('orders', 12, 'ops', longMs);
      expect(other).toHaveProperty('heldForMs');
      expect('heldForMs' in other && other.heldForMs).toBeGreaterThan(5000);
    });

    it('keeps what a killed sender left, for the next one to reconcile', async () => {
      const attempt = { key: 'k-1', kind: 'show', startedMs: 5 } as const;
      const claim = await claimed('ops', shortMs);
      await log.write(claim, aDeliveryRecord({ attempt }), shortMs);

      const next = await claimedAfter(shortMs, 'ops');

      expect(next.record.attempt).toEqual(attempt);
    });
  });
}
