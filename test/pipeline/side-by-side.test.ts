import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { atOnceMax, deliver } from '../../src/pipeline/deliver.ts';
import { notify } from '../../src/pipeline/notify.ts';
import type { Channel } from '../../src/ports/channel.ts';
import { aStamp, aTrigger } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';
import { until } from '../support/until.ts';
import { withResolvers } from '../support/with-resolvers.ts';

type House = ReturnType<typeof aHouse>;

/** A chat whose messages arrive when the test lets them, and how many of them are on their way. */
function slowChannel(inner: MemoryChannel) {
  const held: { readonly incident: number; readonly go: () => void }[] = [];
  let most = 0;
  const channel: Channel = {
    ...inner,
    async deliver(delivery, to, key) {
      const { promise, resolve } = withResolvers<void>();
      held.push({ incident: delivery.card.incident, go: resolve });
      most = Math.max(most, held.length);
      await promise;
      return await inner.deliver(delivery, to, key);
    },
  };
  return {
    channel,
    held,
    most: () => most,
    /** Lets arrive what is on its way now. */
    go(incident?: number): void {
      const mine = held.filter((each) => incident === undefined || each.incident === incident);
      for (const each of mine) {
        held.splice(held.indexOf(each), 1);
        each.go();
      }
    },
  };
}

async function aRunningHouse(channel: Channel): Promise<House> {
  const house = aHouse({ channels: [channel] });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('escalate', () => Promise.resolve());
  await house.schedule.start();
  return house;
}

async function faults(house: House, count: number): Promise<readonly Incident[]> {
  const opened: Incident[] = [];
  for (let index = 1; index <= count; index += 1) {
    const subject = { ensemble: 'orders', server: `zk${index}` };
    const fingerprint = `orders/member-down/zk${index}`;
    const done = await applyOpen(house, 'orders', aTrigger({ fingerprint, subject }));
    if (done.kind === 'applied') opened.push(done.incident);
  }
  await notify(house, opened);
  return opened;
}

describe('messages to one destination', () => {
  it('go side by side up to a bound, where the platform sets no budget', async () => {
    const inner = createMemoryChannel();
    const slow = slowChannel(inner);
    const house = await aRunningHouse(slow.channel);

    await faults(house, 3 * atOnceMax);
    await until('as many as may be on their way', () => slow.held.length === atOnceMax);
    await until('all have arrived', async () => {
      slow.go();
      await house.clock.advance(0);
      return inner.cards.length === 3 * atOnceMax;
    });
    await house.schedule.idle();

    expect(slow.most()).toBe(atOnceMax);
  });

  it('go one by one where it sets one', async () => {
    const slow = slowChannel(createMemoryChannel({ budget: { burst: 100, everyMs: 1 } }));
    const house = await aRunningHouse(slow.channel);

    await faults(house, 5);
    for (let index = 0; index < 5; index += 1) {
      await until('a message is on its way', () => slow.held.length > 0);
      slow.go();
    }
    await house.schedule.idle();

    expect(slow.most()).toBe(1);
  });

  it('do not wait for one that the chat is slow to take', async () => {
    const inner = createMemoryChannel();
    const slow = slowChannel(inner);
    const house = await aRunningHouse(slow.channel);

    const opened = await faults(house, 20);
    const stuck = opened[0]?.id ?? 0;
    await until('all others have arrived', async () => {
      for (const { incident } of slow.held.filter((each) => each.incident !== stuck))
        slow.go(incident);
      await house.clock.advance(0);
      return inner.cards.length === 19;
    });
    slow.go();
    await house.schedule.idle();

    expect(inner.cards).toHaveLength(20);
  });

  it('go one after the other for one incident', async () => {
    const inner = createMemoryChannel();
    const slow = slowChannel(inner);
    const house = await aRunningHouse(slow.channel);
    const [incident] = await faults(house, 1);
    await until('the card is on its way', () => slow.held.length === 1);

    const done = await applyChange(house, incident!.id, { kind: 'acknowledge', stamp: aStamp() });
    if (done.kind === 'applied') await notify(house, [done.incident]);
    await house.clock.advance(1_000);
    const during = slow.held.length;
    slow.go();
    await until('the next one is on its way', () => slow.held.length === 1);
    slow.go();
    await house.schedule.idle();

    expect(during).toBe(1);
    expect(inner.sends.map((send) => send.split(' ')[0])).toEqual(['post', 'edit']);
  });
});
