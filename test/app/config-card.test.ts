import { describe, expect, it } from 'vitest';
import { createConfigCard } from '../../src/app/config-card.ts';
import { NightkeeperError } from '../../src/model/errors.ts';
import { aHouse } from '../support/house.ts';
import { until } from '../support/until.ts';

const own = 'nightkeeper';

describe('the card about a broken configuration', () => {
  it('says what is broken, and is over when the file is sound', async () => {
    const house = aHouse();
    const card = createConfigCard(house);

    await card.broken('nightkeeper.yaml', ['nightkeeper.yaml:3:1: fault: langage']);

    expect(await house.incidents.open(own)).toMatchObject([
      { detector: 'config-broken', evidence: ['nightkeeper.yaml:3:1: fault: langage'] },
    ]);
    await card.sound();
    expect(await house.incidents.open(own)).toEqual([]);
  });

  it('of an earlier process is over once the bot has started with a sound file', async () => {
    const house = aHouse();
    await createConfigCard(house).broken('nightkeeper.yaml', ['line 3']);

    createConfigCard(house).again();

    await until('its end', async () => (await house.incidents.open(own)).length === 0);
    expect(await house.incidents.get(1)).toMatchObject({ state: 'resolved' });
  });

  it('is made later where Redis was away', async () => {
    const house = aHouse();
    let isUp = false;
    const incidents = {
      ...house.incidents,
      allocate: async (ensemble: string) => {
        if (!isUp) throw new NightkeeperError('redis-unavailable', 'away');
        return await house.incidents.allocate(ensemble);
      },
    };
    const card = createConfigCard({ ...house, incidents });
    await expect(card.broken('nightkeeper.yaml', ['line 3'])).rejects.toThrow('away');

    isUp = true;
    card.again();

    await until('the card', async () => (await house.incidents.open(own)).length === 1);
  });

  it('shows the newer of two states that come at once', async () => {
    const house = aHouse();
    const card = createConfigCard(house);

    await Promise.all([card.broken('nightkeeper.yaml', ['line 3']), card.sound()]);

    expect(await house.incidents.open(own)).toEqual([]);
  });
});
