import { describe, expect, it } from 'vitest';
import { createMembers } from '../../src/pipeline/members.ts';
import { observe } from '../../src/pipeline/observe.ts';
import { createPace, sweepEveryMs } from '../../src/pipeline/pace.ts';
import { createTrendReader } from '../../src/pipeline/trends.ts';
import type { Prober } from '../../src/ports/zookeeper.ts';
import { memberDown } from '../../src/rules/detect/member-down.ts';
import { aFailure, anEnsembleSettings, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

/** A look at `orders`, where every server refuses; `meanwhile` happens while they are asked. */
async function lookAtOrders(meanwhile: (house: ReturnType<typeof aHouse>) => void) {
  const settings = aSettings({ ensembles: [anEnsembleSettings({ discover: false })] });
  const prober: Prober = {
    probe: (_, { id }) => {
      meanwhile(house);
      return Promise.resolve(aFailure({ server: id, reason: 'refused' }));
    },
    discover: () => Promise.resolve(undefined),
    evidence: () => Promise.resolve({}),
  };
  const house = aHouse({ settings, prober, detectors: [memberDown] });
  const members = createMembers(house, () => undefined);
  const job = { kind: 'observe', ensemble: 'orders', notices: [] } as const;
  const observing = { members, pace: createPace(house), trends: createTrendReader(house) };
  await observe(house, observing, job);
  return house;
}

describe('a look at an ensemble', () => {
  it('opens an incident for what it sees', async () => {
    const house = await lookAtOrders(() => undefined);

    expect(await house.incidents.open('orders')).not.toEqual([]);
  });

  it('opens nothing when a reload has taken the ensemble out meanwhile', async () => {
    const house = await lookAtOrders((watched) =>
      watched.settingsAre(aSettings({ ensembles: [] })),
    );

    expect(await house.incidents.open('orders')).toEqual([]);
  });

  it('searches for what is untold at its first look, and then every few seconds, however often it looks', async () => {
    const house = aHouse({ settings: aSettings({ ensembles: [anEnsembleSettings()] }) });
    const pace = createPace(house);

    const searches = [pace.takeSweep('orders'), pace.takeSweep('orders')];
    await house.clock.advance(sweepEveryMs - 1);
    searches.push(pace.takeSweep('orders'), pace.takeSweep('billing'));
    await house.clock.advance(1);
    searches.push(pace.takeSweep('orders'));

    expect(searches).toEqual([true, false, false, true, true]);
  });
});
