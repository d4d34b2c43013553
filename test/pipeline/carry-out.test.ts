import { describe, expect, it } from 'vitest';
import { applyChange } from '../../src/pipeline/apply.ts';
import { carryOut, togetherMax } from '../../src/pipeline/carry-out.ts';
import type { PlanStep } from '../../src/rules/incident/plan.ts';
import { aStamp, aTrigger } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

function open(server: string): PlanStep {
  return {
    kind: 'open',
    intent: aTrigger({
      fingerprint: `orders/member-down/${server}`,
      subject: { ensemble: 'orders', server },
    }),
  };
}

describe('carrying out a plan', () => {
  it('opens a storm of faults, each once', async () => {
    const house = aHouse();
    const plan = Array.from({ length: togetherMax * 3 + 1 }, (_, index) => open(`zk${index}`));

    const touched = await carryOut(house, plan, 'orders');

    expect(touched).toHaveLength(plan.length);
    expect(await house.incidents.open('orders')).toHaveLength(plan.length);
  });

  it('opens one incident when two replicas see the same fault at the same moment', async () => {
    const first = aHouse();
    const second = aHouse({ shared: first });

    await Promise.all([
      carryOut(first, [open('zk2')], 'orders'),
      carryOut(second, [open('zk2')], 'orders'),
    ]);

    expect(await first.incidents.open('orders')).toHaveLength(1);
  });

  it('folds a symptom into a cause that opens in the same plan', async () => {
    const house = aHouse();
    const [symptom] = await carryOut(house, [open('zk2')], 'orders');
    const cause = 'orders/quorum-lost/';

    await carryOut(
      house,
      [
        { kind: 'fold', incident: symptom?.id ?? 0, into: cause },
        {
          kind: 'open',
          intent: aTrigger({
            fingerprint: cause,
            detector: 'quorum-lost',
            subject: { ensemble: 'orders' },
          }),
        },
      ],
      'orders',
    );

    const [left] = await house.incidents.open('orders');
    expect(left?.detector).toBe('quorum-lost');
    expect((await house.incidents.get(symptom?.id ?? 0))?.foldedInto).toBe(left?.id);
  });

  it('decides afresh where somebody else was faster', async () => {
    const house = aHouse();
    await carryOut(house, [open('zk2'), open('zk3')], 'orders');
    const stale = await house.incidents.open('orders');
    const [first, second] = stale.map(({ id }) => id);
    await applyChange(house, first ?? 0, { kind: 'acknowledge', stamp: aStamp() });

    const touched = await carryOut(
      house,
      stale.map(({ id }) => ({ kind: 'change', incident: id, intent: { kind: 'page' } })),
      'orders',
      stale,
    );

    expect(touched.map(({ id }) => id)).toEqual([second]);
    const [one, other] = await house.incidents.open('orders');
    expect(one).toMatchObject({ state: 'acknowledged', version: 2 });
    expect(one?.pagedMs).toBeUndefined();
    expect(other?.pagedMs).toBeDefined();
  });

  it('does the steps of one incident in their order', async () => {
    const house = aHouse();
    const [incident] = await carryOut(house, [open('zk2')], 'orders');
    const id = incident?.id ?? 0;

    await carryOut(
      house,
      [
        { kind: 'change', incident: id, intent: { kind: 'page' } },
        { kind: 'change', incident: id, intent: { kind: 'resolve', grid: [] } },
      ],
      'orders',
      incident === undefined ? [] : [incident],
    );

    const kinds = (await house.incidents.events(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['triggered', 'paged', 'resolved']);
    const what = (await house.incidents.audited('orders', 9)).map((entry) => entry.what);
    expect(what).toEqual(['resolve', 'page', 'trigger']);
  });
});
