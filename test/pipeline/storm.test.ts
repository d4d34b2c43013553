import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/model/errors.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { sweep } from '../../src/pipeline/notify.ts';
import { deliveryLeaseMs } from '../../src/pipeline/place.ts';
import { digestEveryMs } from '../../src/rules/routing/digest.ts';
import { aRoute, aSettings, aStamp, aTrigger } from '../support/builders.ts';
import { changeAll, openFaults, pass } from '../support/happenings.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';

type House = ReturnType<typeof aHouse>;

async function aStormHouse(channel: MemoryChannel, above = 5): Promise<House> {
  const house = aHouse({
    channels: [channel],
    settings: aSettings({ routes: [aRoute({ grouping: { above, withinMs: 60_000 } })] }),
  });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('escalate', () => Promise.resolve());
  house.schedule.handle('fallback', () => Promise.resolve());
  await house.schedule.start();
  return house;
}

function posts(channel: MemoryChannel): number {
  return channel.sends.filter((send) => send.startsWith('post')).length;
}

const chat = () => createMemoryChannel({ digests: true });

describe('a storm', () => {
  it('is a few cards and one digest, not a hundred posts', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);

    await openFaults(house, 100);
    await pass(house, 10_000);

    expect(posts(channel)).toBe(6);
    expect(channel.cards.at(-1)?.title).toBe('Storm: 95 faults at once, 95 open');
  });

  it('draws its one digest again, at most every few seconds, as more comes and goes', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const first = await openFaults(house, 20);
    await pass(house, 10_000);

    for (let second = 0; second < 10; second += 1) {
      await openFaults(house, 2, 100 + 2 * second);
      await pass(house, 1_000);
    }
    await changeAll(house, first.slice(10), { kind: 'resolve', grid: [] });
    await pass(house, digestEveryMs);

    expect(posts(channel)).toBe(6);
    const digest = channel.cards.at(-1);
    expect(digest?.title).toBe('Storm: 35 faults at once, 25 open');
    expect(digest?.stateLine).toBe('The storm goes on: 35 faults, 10 resolved');
    expect(digest?.edits).toBeLessThanOrEqual(25_000 / digestEveryMs);
  });

  it('names the worst first and counts the rest', async () => {
    const channel = chat();
    const house = await aStormHouse(channel, 1);
    await openFaults(house, 40);
    await pass(house, 10_000);

    const [last] = (await house.incidents.open('orders')).slice(-1);
    await changeAll(house, [last!], { ...aTrigger(), kind: 'observe', severity: 'page' });
    await pass(house, digestEveryMs);

    const { evidence } = channel.cards.at(-1)!;
    expect(evidence[0]).toContain('#40 ');
    expect(evidence).toHaveLength(13);
    expect(evidence.at(-1)).toBe('… 27 more');
  });

  it('keeps the cards that hang already true', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const opened = await openFaults(house, 30);
    await pass(house, 10_000);

    await changeAll(house, opened.slice(0, 1), { kind: 'acknowledge', stamp: aStamp() });
    await pass(house);

    expect(channel.cards[0]?.stateLine).toContain('Ann');
  });

  it('calls for many of its faults in one line of its thread, once', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const opened = await openFaults(house, 45);
    await pass(house, 10_000);

    await changeAll(house, opened.slice(5), { kind: 'page' });
    await pass(house, 10_000);
    await sweep(house, 'orders');
    await pass(house, 10_000);

    const { thread } = channel.cards.at(-1)!;
    expect(thread.join('\n').match(/Please look/gu)?.length).toBeLessThanOrEqual(2);
    const called = thread.map((line) => Number(/look, (\d+) faults/u.exec(line)?.[1] ?? 1));
    expect(called.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('says that it is over, and gives the few that stay a card each', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const opened = await openFaults(house, 45);
    await pass(house, 10_000);
    await changeAll(house, opened.slice(0, 43), { kind: 'resolve', grid: [] });

    await pass(house, 70_000);

    const digest = channel.cards[5]!;
    expect(digest.stateLine).toBe('The storm is over: 40 faults, 38 resolved');
    expect(digest.thread).toEqual(['The storm is over: 40 faults, 38 resolved, 2 still open.']);
    expect(channel.cards.slice(6)).toHaveLength(2);
    expect(channel.cards.slice(6).map(({ title }) => title)).toEqual([
      expect.stringContaining('zk44'),
      expect.stringContaining('zk45'),
    ]);
  });

  it('stays one digest while too many are open, and lets go of them when few are left', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const opened = await openFaults(house, 45);
    await pass(house, 200_000);
    const during = channel.cards.length;

    await changeAll(house, opened.slice(5, 42), { kind: 'resolve', grid: [] });
    await pass(house, 10_000);

    expect(during).toBe(6);
    expect(channel.cards).toHaveLength(9);
  });

  it('does not take a card of its own back into a later storm, and opens a new digest for it', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    const opened = await openFaults(house, 10);
    await pass(house, 70_000);
    await changeAll(house, opened, { kind: 'resolve', grid: [] });
    await pass(house, 70_000);
    const before = channel.cards.length;

    await openFaults(house, 10, 50);
    await pass(house, 10_000);

    expect(channel.cards.length - before).toBe(6);
    expect(channel.cards.at(-1)?.title).toBe('Storm: 5 faults at once, 5 open');
  });

  it('is not for programs: a channel without digests gets every card', async () => {
    const channel = createMemoryChannel();
    const house = await aStormHouse(channel);

    await openFaults(house, 50);
    await pass(house, 10_000);

    expect(posts(channel)).toBe(50);
  });
});

describe('the digest', () => {
  it('is posted once although its answer got lost', async () => {
    const channel = chat();
    const house = await aStormHouse(channel, 1);
    await openFaults(house, 1);
    await pass(house);
    channel.failNext(new DeliveryError('delivery-unknown', 'timeout'), true);

    await openFaults(house, 20, 2);
    await pass(house, 30_000);

    expect(posts(channel)).toBe(2);
    expect(channel.cards.at(-1)?.title).toBe('Storm: 20 faults at once, 20 open');
  });

  it('is found after its sender was killed between send and record', async () => {
    const channel = chat();
    const house = await aStormHouse(channel, 1);
    await openFaults(house, 1);
    await pass(house);
    const { outbox } = house.stores;
    let isKilled = false;
    channel.onArrival(() => {
      isKilled = true;
      channel.onArrival(() => Promise.resolve());
      return Promise.resolve();
    });
    Object.assign(house, {
      outbox: {
        ...outbox,
        write(...args: Parameters<typeof outbox.write>) {
          const isLost = isKilled;
          isKilled = false;
          return isLost ? Promise.resolve('lost') : outbox.write(...args);
        },
      },
    });

    await openFaults(house, 20, 2);
    await pass(house);
    await house.clock.advance(deliveryLeaseMs + 1_000);
    await house.schedule.now({ kind: 'deliver', destination: 'ops' });
    await pass(house, 10_000);

    expect(posts(channel)).toBe(2);
    expect(channel.cards.at(-1)?.title).toBe('Storm: 20 faults at once, 20 open');
  });

  it('takes a thousand incidents in a bounded number of jobs, sends and bytes', async () => {
    const channel = chat();
    const house = await aStormHouse(channel);
    let jobs = 0;
    house.schedule.handle('deliver', (job) => {
      jobs += 1;
      return deliver(house, job);
    });

    await openFaults(house, 1_000);
    await pass(house, 10_000);

    expect(posts(channel)).toBe(6);
    expect(channel.sends.length).toBeLessThan(20);
    expect(jobs).toBeLessThan(60);
    await house.clock.advance(deliveryLeaseMs);
    const claim = await house.outbox.claim('ops', 1_000);
    if (!('token' in claim)) throw new Error('held');
    expect(JSON.stringify(claim.record).length).toBeLessThan(32_000);
    const { waiting } = await house.outbox.queue('ops', house.clock.now(), 1_000);
    expect(waiting).toEqual([]);
  });
});
