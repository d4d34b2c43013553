import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/model/errors.ts';
import type { Incident } from '../../src/model/incident.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { notify, sweep } from '../../src/pipeline/notify.ts';
import { deliveryLeaseMs } from '../../src/pipeline/place.ts';
import { backoffMsMax } from '../../src/rules/routing/trouble.ts';
import { aRoute, aSettings, aStamp, aTrigger } from '../support/builders.ts';
import { aHouse, type SharedHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';

/** A house whose queue delivers, with one incident open. */
async function aHouseWithIncident(channel: MemoryChannel, shared?: SharedHouse) {
  const house = aHouse({ channels: [channel], ...(shared === undefined ? {} : { shared }) });
  if (shared === undefined) {
    house.schedule.handle('deliver', (job) => deliver(house, job));
    house.schedule.handle('escalate', () => Promise.resolve());
    await house.schedule.start();
  }
  const opened = await applyOpen(house, 'orders', aTrigger());
  if (opened.kind !== 'applied') throw new Error(`not opened: ${opened.kind}`);
  return { house, incident: opened.incident };
}

async function change(
  house: ReturnType<typeof aHouse>,
  incident: Incident,
  intent: Parameters<typeof applyChange>[2],
): Promise<void> {
  const done = await applyChange(house, incident.id, intent);
  if (done.kind === 'applied') await notify(house, [done.incident]);
}

/** Puts an incident on the list of its destination, and calls nobody. */
async function asked(house: ReturnType<typeof aHouse>, { id }: Incident): Promise<void> {
  const wish = { ensemble: 'orders', incident: id, lane: 'call', atMs: 0 } as const;
  await house.outbox.ask('ops', { ...wish, patient: false });
}

const refused = (retryAfterMs?: number) =>
  new DeliveryError(
    retryAfterMs === undefined ? 'delivery-temporary' : 'delivery-rate-limited',
    'no',
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );

describe('delivery', () => {
  it('posts a card once, and edits that post from then on', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);

    await notify(house, [incident]);
    await house.schedule.idle();
    await change(house, incident, { kind: 'acknowledge', stamp: aStamp({ name: 'Ann' }) });
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
    expect(channel.cards[0]).toMatchObject({ edits: 1, stateLine: expect.stringContaining('Ann') });
  });

  it('sends a card that cannot be edited once, and says the end under it', async () => {
    const channel = createMemoryChannel({ edits: false });
    const { house, incident } = await aHouseWithIncident(channel);

    await notify(house, [incident]);
    await house.schedule.idle();
    await change(house, incident, { kind: 'acknowledge', stamp: aStamp() });
    await house.schedule.idle();
    await change(house, incident, { kind: 'resolve', grid: [] });
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
    expect(channel.cards[0]).toMatchObject({ edits: 0, thread: [expect.any(String)] });
  });

  it('keeps the key of a card that cannot be edited, whatever happened since the first try', async () => {
    const channel = createMemoryChannel({ edits: false, reconciles: false });
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(new DeliveryError('delivery-unknown', 'no answer'), true);
    await notify(house, [incident]);
    await house.schedule.idle();

    await change(house, incident, { kind: 'resolve', grid: [] });
    await house.clock.advance(backoffMsMax);
    await house.schedule.idle();

    expect(channel.sends).toHaveLength(2);
    expect(new Set(channel.sends).size).toBe(1);
  });

  it('sends nothing when nothing has changed, however often it is asked', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    await notify(house, [incident]);
    await house.schedule.idle();

    await sweep(house, 'orders');
    await notify(house, [incident]);
    await house.schedule.idle();

    expect(channel.sends).toHaveLength(1);
  });

  it('makes one edit of all that happened while the channel was away', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    await notify(house, [incident]);
    await house.schedule.idle();
    channel.failNext(refused());
    channel.failNext(refused());

    await change(house, incident, { kind: 'acknowledge', stamp: aStamp() });
    await house.schedule.idle();
    await change(house, incident, { kind: 'unacknowledge', stamp: aStamp() });
    await change(house, incident, { kind: 'acknowledge', stamp: aStamp({ name: 'Bo' }) });
    await house.clock.advance(backoffMsMax);
    await house.schedule.idle();

    expect(channel.cards[0]).toMatchObject({ edits: 1, stateLine: expect.stringContaining('Bo') });
  });

  it('waits as long as a rate limit asks, and then delivers', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(refused(30_000));

    await notify(house, [incident]);
    await house.clock.advance(29_000);
    const early = channel.cards.length;
    await house.clock.advance(2_000);
    await house.schedule.idle();

    expect(early).toBe(0);
    expect(channel.cards).toHaveLength(1);
  });

  it('tries again with growing pauses, at most every five minutes, and gives up never', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    for (let i = 0; i < 12; i += 1) channel.failNext(refused());

    await notify(house, [incident]);
    await house.clock.advance(
      1_000 +
        2_000 +
        4_000 +
        8_000 +
        16_000 +
        32_000 +
        64_000 +
        128_000 +
        256_000 +
        4 * backoffMsMax,
    );
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
  });

  it('keeps asking a destination that refused for good, slowly', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(new DeliveryError('delivery-refused', 'token revoked'));

    await notify(house, [incident]);
    await house.clock.advance(backoffMsMax - 1_000);
    const early = channel.cards.length;
    await house.clock.advance(2_000);
    await house.schedule.idle();

    expect(early).toBe(0);
    expect(channel.cards).toHaveLength(1);
    expect(house.logged).toContain('error: delivery failed');
  });

  it('does not post again what arrived although its answer got lost', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(new DeliveryError('delivery-unknown', 'timeout'), true);

    await notify(house, [incident]);
    await house.clock.advance(5_000);
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
    expect(channel.sends.filter((send) => send.startsWith('post'))).toHaveLength(1);
  });

  it('posts what did not arrive when its answer got lost', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(new DeliveryError('delivery-unknown', 'timeout'), false);

    await notify(house, [incident]);
    await house.clock.advance(5_000);
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
  });

  it('posts nothing while nobody says whether the first post arrived', async () => {
    const inner = createMemoryChannel();
    let answers = 0;
    const channel: MemoryChannel = {
      ...inner,
      reconcile: (key, to, sinceMs) => {
        answers += 1;
        if (answers <= 3) return Promise.reject(refused());
        return inner.reconcile?.(key, to, sinceMs) ?? Promise.resolve(undefined);
      },
    };
    const { house, incident } = await aHouseWithIncident(channel);
    inner.failNext(new DeliveryError('delivery-unknown', 'timeout'), true);

    await notify(house, [incident]);
    await house.clock.advance(60_000);
    await house.schedule.idle();

    expect(answers).toBe(4);
    expect(channel.cards).toHaveLength(1);
    expect(channel.sends.filter((send) => send.startsWith('post'))).toHaveLength(1);
  });

  it('forgets a line whose outcome is not known once it need not be said any more', async () => {
    const channel = createMemoryChannel({ reconciles: false });
    const { house, incident } = await aHouseWithIncident(channel);
    await notify(house, [incident]);
    await house.schedule.idle();
    const claim = await house.deliveries.claim('orders', incident.id, 'ops', deliveryLeaseMs);
    if ('heldForMs' in claim) throw new Error('held');
    const startedMs = house.clock.now();
    const attempt = { key: 'k', kind: 'speak', signal: 'lapsed:1', startedMs } as const;
    await house.deliveries.write(claim, { ...claim.record, attempt }, 0);

    await sweep(house, 'orders');
    await house.schedule.idle();
    await sweep(house, 'orders');

    const [record] = await house.deliveries.records('orders', incident.id);
    expect(record?.attempt).toBeUndefined();
    expect(channel.sends).toHaveLength(1);
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('draws a card again whose last drawing may have arrived, where nobody can be asked', async () => {
    const channel = createMemoryChannel({ reconciles: false });
    const { house, incident } = await aHouseWithIncident(channel);
    await notify(house, [incident]);
    await house.schedule.idle();
    channel.failNext(new DeliveryError('delivery-unknown', 'no answer'), true);

    await change(house, incident, { kind: 'acknowledge', stamp: aStamp() });
    await house.schedule.idle();
    await change(house, incident, { kind: 'unacknowledge', stamp: aStamp() });
    await house.clock.advance(5_000);
    await house.schedule.idle();

    const [record] = await house.deliveries.records('orders', incident.id);
    expect(channel.cards[0]).toMatchObject({ edits: 2 });
    expect(record?.attempt).toBeUndefined();
  });

  it('repeats under the same key where the platform cannot be asked', async () => {
    const channel = createMemoryChannel({ reconciles: false });
    const { house, incident } = await aHouseWithIncident(channel);
    channel.failNext(new DeliveryError('delivery-unknown', 'timeout'), true);

    await notify(house, [incident]);
    await house.clock.advance(5_000);
    await house.schedule.idle();

    expect(new Set(channel.sends.map((send) => send.split(' ')[1])).size).toBe(1);
  });

  it('finds after a crash between send and record what had arrived', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    const claim = await house.deliveries.claim('orders', incident.id, 'ops', deliveryLeaseMs);
    if ('heldForMs' in claim) throw new Error('held');
    const key = `nk-${incident.id}-ops-v${incident.version}`;
    await house.deliveries.write(
      claim,
      { ...claim.record, attempt: { key, kind: 'show', startedMs: house.clock.now() } },
      deliveryLeaseMs,
    );
    const card = { title: 'sent before the crash' } as never;
    await channel.deliver({ kind: 'show', card, previous: undefined, text: '' }, {} as never, key);

    await sweep(house, 'orders');
    await house.clock.advance(deliveryLeaseMs + 1_000);
    await house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
    expect(channel.cards[0]?.title).not.toBe('sent before the crash');
  });

  it('posts once when two replicas are asked at the same moment', async () => {
    const channel = createMemoryChannel();
    const first = await aHouseWithIncident(channel);
    const second = aHouse({ channels: [channel], shared: first.house });
    const job = { kind: 'deliver', destination: 'ops' } as const;
    await asked(second, first.incident);

    await Promise.all([deliver(first.house, job), deliver(second, job)]);
    await first.house.clock.advance(deliveryLeaseMs + 1_000);
    await first.house.schedule.idle();

    expect(channel.cards).toHaveLength(1);
    expect(channel.sends).toHaveLength(1);
  });

  it('keeps its lease while a slow chat takes the message, so that no other replica sends it too', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    let arrive = () => {};
    const slow = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    channel.onArrival(() => slow);
    const job = { kind: 'deliver', destination: 'ops' } as const;
    await asked(house, incident);

    const sending = deliver(house, job);
    await house.clock.advance(deliveryLeaseMs * 2);
    await deliver(aHouse({ channels: [channel], shared: house }), job);
    arrive();
    await sending;
    await house.clock.advance(deliveryLeaseMs + 1_000);
    await house.schedule.idle();

    expect(channel.sends).toHaveLength(1);
    expect(house.clock.sleepers()).toBe(0);
  });

  it('draws a change that came in while the message was under way', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    let once = true;
    channel.onArrival(async () => {
      if (!once) return;
      once = false;
      await change(house, incident, { kind: 'acknowledge', stamp: aStamp({ name: 'Ann' }) });
    });

    await notify(house, [incident]);
    await house.schedule.idle();
    await house.clock.advance(deliveryLeaseMs + 1_000);

    expect(channel.cards[0]?.stateLine).toContain('Ann');
    expect(channel.cards).toHaveLength(1);
  });

  it('calls people once, in the thread of the card', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);

    await change(house, incident, { kind: 'page' });
    await house.schedule.idle();
    await sweep(house, 'orders');
    await house.schedule.idle();

    expect(channel.sends.map((send) => send.split(' ')[0])).toEqual(['post', 'line']);
    expect(channel.cards[0]?.thread).toHaveLength(1);
  });

  it('keeps a card true that was shown before its route changed', async () => {
    const channel = createMemoryChannel();
    const { house, incident } = await aHouseWithIncident(channel);
    await notify(house, [incident]);
    await house.schedule.idle();

    house.settingsAre(aSettings({ routes: [aRoute({ severities: ['page'] })] }));
    await change(house, incident, { kind: 'resolve', grid: [] });
    await house.schedule.idle();

    expect(channel.cards[0]?.edits).toBe(1);
  });

  it('is repaired by the sweep when its job was lost', async () => {
    const channel = createMemoryChannel();
    const { house } = await aHouseWithIncident(channel);

    await sweep(house, 'orders');
    await house.schedule.idle();
    await sweep(house, 'orders');

    expect(channel.cards).toHaveLength(1);
    expect(await house.incidents.restless('orders')).toEqual([]);
  });
});
