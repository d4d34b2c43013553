import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import { type Quota, quotaStep } from '../../src/model/quota.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { fallback } from '../../src/pipeline/notify.ts';
import { judgeQuotas } from '../../src/pipeline/quotas.ts';
import { aDestination, aRoute, aSettings } from '../support/builders.ts';
import { openFault, pass } from '../support/happenings.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

type House = ReturnType<typeof aHouse>;

const quota: Quota = { meter: 'dingtalk-calls', channel: 'dingtalk', what: 'calls', max: 100 };

/** The month of the fake clock. */
const monthOf = ({ clock }: House) => new Date(clock.now()).toISOString().slice(0, 7);

async function use(house: House, count: number): Promise<void> {
  const month = monthOf(house);
  for (let each = 0; each < count; each += 1)
    await house.budgets.take({ channel: quota.meter, destination: '', month });
}

async function told(house: House): Promise<readonly string[]> {
  const open = await house.incidents.open(ownEnsemble);
  return open.map(({ severity, facts }) => `${severity} ${String(facts['percent'])}`);
}

/** DingTalk first, and a webhook where that can call nobody. */
async function aHouseWithFallback() {
  const budget = { burst: 50, everyMs: 10, monthly: quota.max, meter: quota.meter };
  const dingtalk = createMemoryChannel({ name: 'dingtalk', budget });
  const hook = createMemoryChannel({ name: 'webhook' });
  const house = aHouse({
    channels: [dingtalk, hook],
    settings: aSettings({
      destinations: [
        aDestination({ id: 'duty', channel: 'dingtalk', address: 'cid1' }),
        aDestination({ id: 'hook', channel: 'webhook', address: 'h' }),
      ],
      routes: [aRoute({ destinations: ['duty'], fallback: ['hook'] })],
    }),
  });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('fallback', (job) => fallback(house, job));
  house.schedule.handle('escalate', () => Promise.resolve());
  await house.schedule.start();
  return { house, dingtalk, hook };
}

describe('the step of a quota', () => {
  it.each([
    [0, 0],
    [79, 0],
    [80, 80],
    [89, 80],
    [90, 90],
    [95, 95],
    [99, 95],
    [100, 100],
    [250, 100],
  ])('of %i used is %i', (used, step) => {
    expect(quotaStep(used, 100)).toBe(step);
  });
});

describe('a quota of the month', () => {
  it('is told at 80 percent, once, and pages when it is used up', async () => {
    const house = aHouse();
    await use(house, 79);
    await judgeQuotas(house, [quota]);
    const before = await told(house);

    await use(house, 1);
    await judgeQuotas(house, [quota]);
    const [first] = await house.incidents.open(ownEnsemble);
    await use(house, 5);
    await judgeQuotas(house, [quota]);
    const [again] = await house.incidents.open(ownEnsemble);
    const early = await told(house);
    await use(house, 15);
    await judgeQuotas(house, [quota]);

    expect([before, early, await told(house)]).toEqual([[], ['warn 80'], ['page 100']]);
    expect(again?.version).toBe(first?.version);
  });

  it('is enough again with the next month, or when there is more of it', async () => {
    const house = aHouse();
    await use(house, 85);
    await judgeQuotas(house, [quota]);

    await judgeQuotas(house, [{ ...quota, max: 1000 }]);
    const raised = await told(house);
    await judgeQuotas(house, [quota]);
    const short = await told(house);
    await house.clock.advance(31 * 24 * 3_600_000);
    await judgeQuotas(house, [quota]);

    expect([raised, short, await told(house)]).toEqual([[], ['warn 80'], []]);
  });

  it('that is used up lets the next route speak at once, with a word about why', async () => {
    const { house, dingtalk, hook } = await aHouseWithFallback();
    await use(house, 98);

    await openFault(house, 'zk1', { page: true });
    await pass(house, 1000);

    expect(dingtalk.sends).toEqual([]);
    expect(hook.cards[0]?.title).toContain('zk1');
    expect(hook.cards[0]?.notice).toBe(
      "Here because this month's quota of duty is used up: nobody was called there",
    );
  });

  it('is held against what the channel counts itself, and left to people at the end', async () => {
    const { house, dingtalk } = await aHouseWithFallback();
    await use(house, 97);
    await openFault(house, 'zk1', { page: true });
    await pass(house, 1000);
    const before = dingtalk.cards.length;
    await use(house, 1);

    await openFault(house, 'zk2', { page: true });
    await pass(house, 1000);

    expect([before, dingtalk.cards.length]).toEqual([1, 1]);
  });
});
