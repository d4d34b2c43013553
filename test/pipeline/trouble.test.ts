import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import { DeliveryError } from '../../src/model/errors.ts';
import type { Settings } from '../../src/model/settings.ts';
import { deliver, retryDestinations } from '../../src/pipeline/deliver.ts';
import { fallback, notify, sweep } from '../../src/pipeline/notify.ts';
import { backoffMsMax, brokenPageAfterMs } from '../../src/rules/routing/trouble.ts';
import { aDestination, aRoute, aSettings, aStamp } from '../support/builders.ts';
import { changeAll, openFault, pass } from '../support/happenings.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';

type House = ReturnType<typeof aHouse>;

/** `ops` in Slack, and `hook` as the way out. */
function twoDestinations(change: Partial<Settings> = {}): Settings {
  return aSettings({
    destinations: [aDestination(), aDestination({ id: 'hook', channel: 'webhook', address: 'h' })],
    routes: [aRoute({ fallback: ['hook'] })],
    ...change,
  });
}

async function aRunningHouse(
  channels: readonly MemoryChannel[],
  settings = aSettings(),
): Promise<House> {
  const house = aHouse({ channels, settings });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('fallback', (job) => fallback(house, job));
  house.schedule.handle('escalate', () => Promise.resolve());
  await house.schedule.start();
  return house;
}

/** Until it recovers. */
function away(channel: MemoryChannel): void {
  for (let each = 0; each < 1_000; each += 1)
    channel.failNext(new DeliveryError('delivery-temporary', 'away'));
}

async function ownTroubles(house: House): Promise<readonly string[]> {
  const open = await house.incidents.open(ownEnsemble);
  return open.map(({ detector, subject, severity }) => `${detector} ${subject.server} ${severity}`);
}

describe('a chat that limits the rate', () => {
  it('is left alone as a whole for as long as it asks, and gets every card afterwards', async () => {
    const channel = createMemoryChannel();
    const house = await aRunningHouse([channel]);
    channel.failNext(new DeliveryError('delivery-rate-limited', '429', { retryAfterMs: 30_000 }));

    for (const server of ['zk1', 'zk2', 'zk3']) await openFault(house, server);
    await pass(house, 29_000);
    const early = channel.sends.length;
    await pass(house, 5_000);

    expect(early).toBe(0);
    expect(channel.cards).toHaveLength(3);
  });

  it('loses nothing in a storm of refusals, and is asked no more often than it allows', async () => {
    const channel = createMemoryChannel();
    const house = await aRunningHouse([channel]);
    for (let each = 0; each < 20; each += 1)
      channel.failNext(new DeliveryError('delivery-rate-limited', '429', { retryAfterMs: 5_000 }));

    for (let server = 1; server <= 50; server += 1) await openFault(house, `zk${server}`);
    await pass(house, 20 * 5_000 + 40_000);

    expect(channel.cards).toHaveLength(50);
    expect(channel.cards.every(({ notice }) => notice?.includes('no more messages'))).toBe(true);
  });

  it('gets what a person did before everything that was waiting', async () => {
    const channel = createMemoryChannel({ budget: { burst: 2, everyMs: 1000 } });
    const house = await aRunningHouse([channel]);
    const first = await openFault(house, 'zk1');
    await pass(house, 10_000);

    for (let server = 2; server <= 9; server += 1) await openFault(house, `zk${server}`);
    await pass(house);
    const sent = channel.sends.length;
    await changeAll(house, [first], { kind: 'acknowledge', stamp: aStamp() });
    await pass(house, 2_000);

    expect(channel.sends[sent]).toMatch(/^edit nk-1-/u);
  });

  it('gets new cards in the order in which they came, within its budget', async () => {
    const channel = createMemoryChannel({ budget: { burst: 2, everyMs: 1000 } });
    const house = await aRunningHouse([channel]);

    for (let server = 1; server <= 8; server += 1) {
      await openFault(house, `zk${server}`);
      await house.clock.advance(1);
    }
    await pass(house, 4_000);
    const soon = channel.cards.length;
    await pass(house, 10_000);

    expect(soon).toBeLessThanOrEqual(6);
    expect(channel.cards.map(({ title }) => /zk\d/u.exec(title)?.[0])).toEqual(
      ['1', '2', '3', '4', '5', '6', '7', '8'].map((number) => `zk${number}`),
    );
  });

  it('merges new cards into a digest when they wait too long for its budget', async () => {
    const channel = createMemoryChannel({ digests: true, budget: { burst: 1, everyMs: 8_000 } });
    const grouping = { above: 500, withinMs: 60_000 };
    const house = await aRunningHouse([channel], aSettings({ grouping }));

    for (let server = 1; server <= 40; server += 1) await openFault(house, `zk${server}`);
    await pass(house, 60_000);

    expect(channel.cards.length).toBeLessThan(6);
    expect(channel.cards.at(-1)?.title).toMatch(/^Storm: 3\d faults/u);
  });
});

describe('a chat that is away', () => {
  it('gets one edit for each card after ten minutes of changes', async () => {
    const channel = createMemoryChannel();
    const house = await aRunningHouse([channel]);
    const opened = [await openFault(house, 'zk1'), await openFault(house, 'zk2')];
    await pass(house);
    away(channel);

    for (let minute = 0; minute < 10; minute += 1) {
      for (const incident of opened) {
        await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp({ name: 'Ann' }) });
        await changeAll(house, [incident], { kind: 'unacknowledge', stamp: aStamp() });
        await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp({ name: 'Bo' }) });
        await changeAll(house, [incident], { kind: 'unacknowledge', stamp: aStamp() });
      }
      await pass(house, 60_000);
    }
    for (const incident of opened)
      await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp({ name: 'Cy' }) });
    channel.recover();
    await pass(house, 60_000);

    expect(channel.cards.map(({ edits }) => edits)).toEqual([1, 1]);
    expect(channel.cards.every(({ stateLine }) => stateLine.includes('Cy'))).toBe(true);
  });

  it('shows late how late it is, and what was over meanwhile as over', async () => {
    const channel = createMemoryChannel();
    const house = await aRunningHouse([channel]);
    away(channel);
    const over = await openFault(house, 'zk1');
    await openFault(house, 'zk2');
    await pass(house, 10_000);
    await changeAll(house, [over], { kind: 'resolve', grid: [] });
    await pass(house, 40_000);
    channel.recover();

    await pass(house, 10_000);

    const notices = channel.cards.map(({ notice }) => notice);
    expect(notices).toContainEqual(
      expect.stringMatching(/^Fired .* over .* could not be reached/u),
    );
    expect(notices).toContainEqual(expect.stringMatching(/^Shown .* late/u));
  });

  it('does not let one message that nobody takes hold up the others', async () => {
    const channel = createMemoryChannel();
    const house = await aRunningHouse([channel]);
    channel.failNext(new DeliveryError('delivery-refused', 'not this one'));

    await openFault(house, 'zk1');
    await pass(house);
    await openFault(house, 'zk2');
    await pass(house, 1_000);

    expect(channel.cards).toHaveLength(1);
    expect(channel.cards[0]?.title).toContain('zk2');
  });
});

describe('a destination that is broken', () => {
  it('is told elsewhere after a minute, pages after five, and is over when it works again', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());
    away(slack);
    await openFault(house, 'zk1');
    await openFault(house, 'zk2');

    await pass(house, 55_000);
    const before = await ownTroubles(house);
    await pass(house, 10_000);
    const soon = await ownTroubles(house);
    await pass(house, brokenPageAfterMs);
    const later = await ownTroubles(house);
    slack.recover();
    await pass(house, 60_000);

    expect([before, soon, later]).toEqual([
      [],
      ['channel-broken ops warn'],
      ['channel-broken ops page'],
    ]);
    expect(await ownTroubles(house)).toEqual([]);
    expect(hook.cards.map(({ title }) => title)).toEqual([
      expect.stringContaining('destination ops (slack): works again'),
    ]);
    expect(slack.cards.every(({ title }) => title.includes('orders'))).toBe(true);
  });

  it('is told at once when it refuses for good, and hardly asked any more', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());
    for (let each = 0; each < 100; each += 1)
      slack.failNext(new DeliveryError('delivery-refused', 'token_revoked'));
    for (let server = 1; server <= 20; server += 1) await openFault(house, `zk${server}`);

    await pass(house, 1_000);
    const told = await ownTroubles(house);
    await pass(house, 10 * backoffMsMax);

    expect(told).toEqual(['channel-broken ops warn']);
    const refusals = house.logged.filter((line) => line === 'error: delivery failed').length;
    expect(refusals).toBeLessThan(30);
  });

  it('is tried at once when the configuration has changed', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());
    slack.failNext(new DeliveryError('delivery-refused', 'token_revoked'));
    slack.failNext(new DeliveryError('delivery-refused', 'token_revoked'));
    await openFault(house, 'zk1');
    await openFault(house, 'zk2');
    await pass(house, 1_000);
    const before = slack.cards.length;

    await retryDestinations(house);
    await pass(house, 1_000);

    expect(before).toBe(0);
    expect(slack.cards).toHaveLength(2);
    expect(await ownTroubles(house)).toEqual([]);
  });
});

describe('the fallback of a route', () => {
  it('is asked once when nobody could be called for a minute, and says why', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());
    away(slack);
    const incident = await openFault(house, 'zk1', { page: true });

    await pass(house, 59_000);
    const early = hook.cards.filter(({ title }) => title.includes('orders')).length;
    await pass(house, 10_000);
    await notify(house, [incident]);
    await sweep(house, 'orders');
    await pass(house, 60_000);
    slack.recover();
    await pass(house, 60_000);

    const cards = hook.cards.filter(({ title }) => title.includes('orders'));
    expect(early).toBe(0);
    expect(cards).toHaveLength(1);
    expect(cards[0]?.notice).toMatch(/^Here because ops has been failing for 1 min/u);
    expect(cards[0]?.thread.filter((line) => line.startsWith('Please look'))).toHaveLength(1);
    expect(slack.cards).toHaveLength(1);
  });

  it('is not asked where people were called, nor for what calls nobody', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());

    await openFault(house, 'zk1', { page: true });
    await openFault(house, 'zk2');
    await pass(house, 300_000);

    expect(hook.cards).toEqual([]);
  });

  it('is kept up to date from then on', async () => {
    const [slack, hook] = [createMemoryChannel(), createMemoryChannel({ name: 'webhook' })];
    const house = await aRunningHouse([slack, hook], twoDestinations());
    away(slack);
    const incident = await openFault(house, 'zk1', { page: true });
    await pass(house, 300_000);

    await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp() });
    await pass(house, 1_000);

    const card = hook.cards.find(({ title }) => title.includes('orders'));
    expect(card?.stateLine).toContain('Ann');
    expect(card?.notice).toContain('Here because');
  });
});
