import { describe, expect, it } from 'vitest';
import { carryOut, togetherMax } from '../../src/pipeline/carry-out.ts';
import type { PlanStep } from '../../src/rules/incident/plan.ts';
import { aTrigger } from '../support/builders.ts';
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
    );

    const kinds = (await house.incidents.events(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['triggered', 'paged', 'resolved']);
  });
});
