import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/model/errors.ts';
import {
  giveUpTest,
  postTest,
  pressTest,
  pressWaitMs,
  testRound,
} from '../../src/pipeline/test-cards.ts';
import { aPerson, aSettings } from '../support/builders.ts';
import { aDestination } from '../support/cards.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const settings = aSettings({
  destinations: [
    aDestination(),
    aDestination({ id: 'duty', channel: 'dingtalk', address: 'cid1' }),
    aDestination({ id: 'hook', channel: 'webhook', address: 'hook' }),
  ],
});

const ann = { actor: aPerson({ name: 'Ann Chen' }), via: 'slack' };

function aTest() {
  const slack = createMemoryChannel();
  const dingtalk = createMemoryChannel({ name: 'dingtalk' });
  const house = aHouse({ settings, channels: [slack, dingtalk] });
  /** The id of the card's button, as whoever presses it sends it back. */
  const idOf = (channel: typeof slack): string =>
    /doctor-(\w+)/u.exec(channel.sends[0] ?? '')?.[1] ?? '';
  return { slack, dingtalk, house, idOf };
}

describe('a test of clicks', () => {
  it('hangs a card in each chat that hears, and nowhere else', async () => {
    const { slack, dingtalk, house } = aTest();

    const round = await postTest(house, undefined);

    expect(round?.diagnoses.map(({ code, about }) => `${code} ${about}`)).toEqual([
      'click-posted ops',
      'click-posted duty',
    ]);
    expect([slack.cards.length, dingtalk.cards.length]).toEqual([1, 1]);
  });

  it('may be of one destination, and is of none where none hears', async () => {
    const { slack, dingtalk, house } = aTest();

    expect((await postTest(house, 'duty'))?.diagnoses).toHaveLength(1);
    expect([slack.cards.length, dingtalk.cards.length]).toEqual([0, 1]);
    expect(await postTest(house, 'hook')).toBeUndefined();
  });

  it('says why a card could not be posted', async () => {
    const { slack, house } = aTest();
    slack.failNext(new DeliveryError('delivery-refused', 'Slack said not_in_channel'));

    const round = await postTest(house, 'ops');

    expect(round?.diagnoses).toMatchObject([
      { code: 'click-not-posted', facts: { reason: 'Slack said not_in_channel' } },
    ]);
  });

  it('comes back at another replica, which redraws the card and tells whoever asks', async () => {
    const { slack, dingtalk, house, idOf } = aTest();
    const other = aHouse({ settings, channels: [slack, dingtalk], shared: house });
    const round = await postTest(house, 'ops');
    await house.clock.advance(4_000);

    const found = await pressTest(other, idOf(slack), ann);

    expect(found).toMatchObject({
      code: 'click-came-back',
      facts: { name: 'Ann Chen', via: 'slack', afterMs: 4_000, stranger: '' },
    });
    expect(slack.cards[0]?.stateLine).toContain('The click of Ann Chen came back');
    expect(await testRound(house, round?.id ?? '')).toMatchObject([{ code: 'click-came-back' }]);
  });

  it('comes back also from who presses before the posting is over, and the card says so', async () => {
    const { slack, house, idOf } = aTest();
    slack.onArrival(async () => {
      slack.onArrival(() => Promise.resolve());
      await pressTest(house, idOf(slack), ann);
    });

    const round = await postTest(house, 'ops');

    expect(await testRound(house, round?.id ?? '')).toMatchObject([{ code: 'click-came-back' }]);
    expect(slack.cards[0]?.stateLine).toContain('The click of Ann Chen came back');
  });

  it('counts the first press', async () => {
    const { slack, house, idOf } = aTest();
    await postTest(house, 'ops');
    const bo = { actor: aPerson({ id: 'bo', name: 'Bo Berg' }), via: 'slack' };

    await pressTest(house, idOf(slack), ann);
    const second = await pressTest(house, idOf(slack), bo);

    expect(second?.facts['name']).toBe('Ann Chen');
  });

  it('is given up when nobody presses, and says so on the card', async () => {
    const { slack, house, idOf } = aTest();
    const round = await postTest(house, 'ops');

    await house.clock.advance(pressWaitMs);
    await giveUpTest(house, { kind: 'test-card', ensemble: 'nightkeeper', card: idOf(slack) });

    expect(slack.cards[0]?.stateLine).toContain('No click came back');
    expect(await testRound(house, round?.id ?? '')).toMatchObject([
      { code: 'click-missing', outcome: 'wrong' },
    ]);
  });

  it('is not given up once somebody pressed', async () => {
    const { slack, house, idOf } = aTest();
    await postTest(house, 'ops');
    await pressTest(house, idOf(slack), ann);

    await giveUpTest(house, { kind: 'test-card', ensemble: 'nightkeeper', card: idOf(slack) });

    expect(slack.cards[0]?.stateLine).toContain('Ann Chen');
  });

  it('knows nothing of a test that never was', async () => {
    const { house } = aTest();

    expect(await pressTest(house, 'nonsense', ann)).toBeUndefined();
    expect(await pressTest(house, '0123abcd', ann)).toBeUndefined();
    expect(await testRound(house, '0123abcd')).toBeUndefined();
  });
});
