import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Budgets } from '../../src/ports/budgets.ts';
import { until } from '../support/until.ts';
import type { MakeStores, StoresUnderTest } from './stores.ts';

/** Refills so slowly that a test sees the burst alone. */
const slow = { burst: 5, everyMs: 60_000, spare: 0 };

/** What every budget of destinations promises. */
export function budgetsContract(name: string, make: MakeStores): void {
  describe(`${name} as budget`, () => {
    let stores: StoresUnderTest;
    let budgets: Budgets;

    beforeEach(async () => {
      stores = await make();
      budgets = stores.budgets;
    });

    afterEach(() => stores.close());

    function take(change: Partial<Parameters<Budgets['take']>[0]> = {}) {
      const request = { channel: 'slack', destination: 'ops', rate: slow, month: '2026-11' };
      return budgets.take({ ...request, ...change });
    }

    it('gives the burst to whoever asks first, of all replicas together', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => take()));

      expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(5);
    });

    it('says how long to wait for the next one', async () => {
      for (let sent = 0; sent < 5; sent += 1) await take();

      const answer = await take();

      expect(answer.kind).toBe('wait');
      const waitMs = answer.kind === 'wait' ? answer.waitMs : 0;
      expect(waitMs).toBeGreaterThan(50_000);
      expect(waitMs).toBeLessThanOrEqual(60_000);
    });

    it('leaves over what is for the more urgent', async () => {
      const rate = { ...slow, spare: 3 };
      const redraws = [await take({ rate }), await take({ rate }), await take({ rate })];

      expect(redraws.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'wait']);
      expect((await take()).kind).toBe('taken');
    });

    it('fills again as time goes', async () => {
      const rate = { burst: 1, everyMs: 40, spare: 0 };
      await take({ rate });
      const empty = await take({ rate });
      await stores.pass(40);

      const filled = await until('the budget fills', async () => {
        const answer = await take({ rate });
        return answer.kind === 'taken' ? answer : undefined;
      });

      expect([empty.kind, filled.kind]).toEqual(['wait', 'taken']);
    });

    it('counts each destination on its own', async () => {
      for (let sent = 0; sent < 6; sent += 1) await take();

      expect((await take({ destination: 'dev' })).kind).toBe('taken');
    });

    it('counts the month of a channel over its destinations, and stops at the quota', async () => {
      const dingtalk = { channel: 'dingtalk', quota: 3 } as const;
      const kinds: string[] = [];
      for (const destination of ['a', 'b', 'c', 'd'])
        kinds.push((await take({ ...dingtalk, destination })).kind);

      expect(kinds).toEqual(['taken', 'taken', 'taken', 'used-up']);
      expect(await budgets.used('dingtalk', '2026-11')).toBe(3);
      expect((await take({ ...dingtalk, month: '2026-12' })).kind).toBe('taken');
    });
  });
}
