import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lane } from '../../src/model/destination.ts';
import type { DestinationClaim, Outbox } from '../../src/ports/outbox.ts';
import { nightMs } from '../support/builders.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** Long enough never to end in a test, and short enough to end in one. */
const longMs = 60_000;
const shortMs = 60;

/** What every list of what waits at destinations promises. */
export function outboxContract(name: string, make: MakeStores): void {
  describe(`${name} as outbox`, () => {
    let stores: StoresUnderTest;
    let outbox: Outbox;

    beforeEach(async () => {
      stores = await make();
      outbox = stores.outbox;
    });

    afterEach(() => stores.close());

    function ask(incident: number, lane: Lane, atMs = nightMs, patient = false) {
      return outbox.ask('ops', { ensemble: 'orders', incident, lane, atMs, patient });
    }

    async function waiting(nowMs = nightMs): Promise<readonly string[]> {
      const queue = await outbox.queue('ops', nowMs, 100);
      return queue.waiting.map(({ incident, lane }) => `${incident} ${lane}`);
    }

    async function claimed(leaseMs = longMs): Promise<DestinationClaim> {
      const claim = await outbox.claim('ops', leaseMs);
      if (!('token' in claim)) throw new Error(`held for ${claim.heldForMs} ms`);
      return claim;
    }

    it('lists what a person did first, then calls, then redraws, each as they came', async () => {
      await ask(1, 'redraw', nightMs - 9);
      await ask(2, 'call', nightMs - 5);
      await ask(3, 'call', nightMs - 6);
      await ask(4, 'person');

      expect(await waiting()).toEqual(['4 person', '3 call', '2 call', '1 redraw']);
    });

    it('keeps one place for an incident, in its most urgent lane, since it was first asked for', async () => {
      await ask(1, 'redraw', nightMs - 1000);
      await ask(1, 'person');
      await ask(1, 'redraw');

      const { waiting: all } = await outbox.queue('ops', nightMs, 100);

      expect(all).toEqual([
        { ensemble: 'orders', incident: 1, lane: 'person', sinceMs: nightMs - 1000, asked: 3 },
      ]);
    });

    it('keeps destinations and ensembles apart', async () => {
      await ask(1, 'call');
      await outbox.ask('dev', {
        ensemble: 'billing',
        incident: 2,
        lane: 'call',
        atMs: nightMs,
        patient: false,
      });

      expect(await waiting()).toEqual(['1 call']);
      expect((await outbox.queue('dev', nightMs, 9)).waiting).toMatchObject([
        { ensemble: 'billing', incident: 2 },
      ]);
    });

    it('hands out no more than wanted, the most urgent ones', async () => {
      for (const incident of [1, 2, 3]) await ask(incident, 'call', nightMs + incident);
      await ask(4, 'person', nightMs + 4);

      const queue = await outbox.queue('ops', nightMs + 10, 2);

      expect(queue.waiting.map(({ incident }) => incident)).toEqual([4, 1]);
    });

    it('calls somebody once, and not while somebody is at it', async () => {
      const answers = [await ask(1, 'call'), await ask(2, 'call')];
      const claim = await claimed();
      answers.push(await ask(3, 'call'));
      const { seen } = await outbox.queue('ops', nightMs, 9);
      await outbox.leave(claim, seen);
      answers.push(await ask(4, 'call'));

      expect(answers).toEqual(['wake', 'awake', 'awake', 'wake']);
    });

    it('takes off what was told, unless it was asked for again meanwhile', async () => {
      await ask(1, 'call');
      await ask(2, 'call');
      const { waiting: both } = await outbox.queue('ops', nightMs, 9);
      await ask(2, 'call');

      for (const item of both) await outbox.done('ops', item);

      expect(await waiting()).toEqual(['2 call']);
    });

    it('puts off what failed, and says when it is ripe', async () => {
      await ask(1, 'call');
      const [item] = (await outbox.queue('ops', nightMs, 9)).waiting;
      await outbox.later('ops', item!, nightMs + 5000);

      expect(await outbox.queue('ops', nightMs, 9)).toMatchObject({
        waiting: [],
        nextAtMs: nightMs + 5000,
      });
      expect(await waiting(nightMs + 5000)).toEqual(['1 call']);
    });

    it('lets a redraw not jump the time that was set, but a call', async () => {
      for (const incident of [1, 3]) await ask(incident, 'redraw');
      const { waiting: all } = await outbox.queue('ops', nightMs, 9);
      for (const item of all) await outbox.later('ops', item, nightMs + 5000);

      await ask(1, 'redraw', nightMs + 10);
      await ask(3, 'call', nightMs + 10);

      expect(await waiting(nightMs + 10)).toEqual(['3 call']);
      expect(await waiting(nightMs + 5000)).toEqual(['3 call', '1 redraw']);
    });

    it('leaves alone what waits already when asked with patience, and takes in what does not', async () => {
      await ask(1, 'redraw');
      const [item] = (await outbox.queue('ops', nightMs, 9)).waiting;
      await ask(1, 'call', nightMs + 10, true);
      await outbox.done('ops', item!);
      await ask(2, 'call', nightMs + 10, true);

      expect(await waiting(nightMs + 10)).toEqual(['2 call']);
    });

    it('makes everything ripe when it is worth another try', async () => {
      await ask(1, 'redraw', nightMs + 5000);

      await outbox.ripen('ops', nightMs);

      expect(await waiting()).toEqual(['1 redraw']);
    });

    it('gives one of fifty the lease, and tells the others how long it is held', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => outbox.claim('ops', longMs)),
      );

      const held = answers.flatMap((answer) => ('heldForMs' in answer ? [answer.heldForMs] : []));
      expect(held).toHaveLength(49);
      expect(Math.min(...held)).toBeGreaterThan(0);
      expect(Math.max(...held)).toBeLessThanOrEqual(longMs);
    });

    it('gives back what was written, to whoever claims next', async () => {
      const claim = await claimed();
      expect(claim.record).toEqual({ destination: 'ops', firsts: [] });
      const record = { destination: 'ops', firsts: [1, 2], limitedMs: 3 };

      const written = await outbox.write(claim, record, longMs);
      if (written === 'lost') throw new Error('the lease is ours');
      await outbox.leave(written, 0);

      expect((await claimed()).record).toEqual(record);
    });

    it('lets nobody write whose lease has ended', async () => {
      const first = await claimed(shortMs);
      await stores.pass(shortMs);
      const second = await until('the lease ends', () => claimed());

      expect(await outbox.write(first, { destination: 'ops', firsts: [9] }, longMs)).toBe('lost');
      await outbox.leave(first, 0);
      expect(await outbox.claim('ops', longMs)).toHaveProperty('heldForMs');
      expect(second.record.firsts).toEqual([]);
    });

    it('keeps the lease where something was asked for since the list was read', async () => {
      const claim = await claimed();
      const { seen } = await outbox.queue('ops', nightMs, 9);
      await ask(1, 'call');

      expect(await outbox.leave(claim, seen)).toBe('more');
      expect(await outbox.claim('ops', longMs)).toHaveProperty('heldForMs');
      const again = await outbox.queue('ops', nightMs, 9);
      expect(await outbox.leave(claim, again.seen)).toBe('left');
      expect(await outbox.claim('ops', longMs)).toHaveProperty('token');
    });
  });
}
