import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import { selfTest, selfTestLateMsMax, selfTestOpenMs } from '../../src/pipeline/self-test.ts';
import { aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const job = { kind: 'self-test', ensemble: ownEnsemble } as const;
const hourMs = 3_600_000;

/** Noon in UTC is 13:00 in Berlin in November. */
function aBot(minute: number) {
  const house = aHouse({
    settings: aSettings({ selfTest: { minute, zone: 'Europe/Berlin' } }),
  });
  const cards = () => house.incidents.recent(ownEnsemble, 10);
  return { house, cards };
}

describe('the daily test card', () => {
  it('comes at its time in its zone, once, and ends by itself', async () => {
    const { house, cards } = aBot(14 * 60);
    await selfTest(house, job);
    expect(await cards()).toEqual([]);

    await house.clock.advance(hourMs);
    await selfTest(house, job);
    await selfTest(house, job);
    expect((await cards()).map(({ state, severity }) => [state, severity])).toEqual([
      ['triggered', 'info'],
    ]);
    await house.clock.advance(selfTestOpenMs);
    await selfTest(house, job);
    await selfTest(house, job);

    expect((await cards()).map(({ state }) => state)).toEqual(['resolved']);
    expect((await cards())[0]?.pagedMs).toBeUndefined();
  });

  it('comes once when two replicas ask at the same moment', async () => {
    const { house, cards } = aBot(13 * 60);

    await Promise.all([
      selfTest(house, job),
      selfTest(aHouse({ shared: house, settings: house.settings() }), job),
    ]);

    expect(await cards()).toHaveLength(1);
  });

  it('comes again the next day', async () => {
    const { house, cards } = aBot(13 * 60);
    for (let day = 0; day < 3; day += 1) {
      await selfTest(house, job);
      await house.clock.advance(selfTestOpenMs);
      await selfTest(house, job);
      await house.clock.advance(24 * hourMs - selfTestOpenMs);
    }

    expect((await cards()).map(({ facts }) => facts['day'])).toEqual([
      '2026-11-23',
      '2026-11-22',
      '2026-11-21',
    ]);
  });

  it('is made up for soon after, and not hours later', async () => {
    const soon = aBot(13 * 60 - 30);
    const late = aBot(13 * 60 - selfTestLateMsMax / 60_000 - 1);

    await selfTest(soon.house, job);
    await selfTest(late.house, job);

    expect(await soon.cards()).toHaveLength(1);
    expect(await late.cards()).toEqual([]);
  });

  it('ends even when it is not wanted any more', async () => {
    const { house, cards } = aBot(13 * 60);
    await selfTest(house, job);
    house.settingsAre(aSettings());
    await house.clock.advance(selfTestOpenMs);

    await selfTest(house, job);

    expect((await cards()).map(({ state }) => state)).toEqual(['resolved']);
  });
});
