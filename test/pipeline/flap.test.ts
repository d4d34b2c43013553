import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/model/finding.ts';
import type { Incident } from '../../src/model/incident.ts';
import {
  defaultFlap,
  defaultIncidentSettings,
  type FlapSettings,
} from '../../src/model/settings.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { observe } from '../../src/pipeline/observe.ts';
import { createPace } from '../../src/pipeline/pace.ts';
import { createTrendReader } from '../../src/pipeline/trends.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { memberDown } from '../../src/rules/detect/member-down.ts';
import { aFailure, anEnsembleSettings, aReading, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const quiet = { coming: 30_000, going: 30_000 };

/** A bot that looks at `orders` every ten seconds, in which zk2 goes and comes as it is told. */
function aNightWith(flap: FlapSettings, detector: Detector = memberDown) {
  let isDown = false;
  const settings = aSettings({
    ensembles: [anEnsembleSettings({ discover: false })],
    incidents: { ...defaultIncidentSettings, flap },
  });
  const house = aHouse({
    settings,
    detectors: [detector],
    prober: {
      probe: (_, { id }) =>
        Promise.resolve(
          id === 'zk2' && isDown
            ? aFailure({ server: id, atMs: house.clock.now() })
            : aReading({
                server: id,
                mode: id === 'zk1' ? 'leader' : 'follower',
                atMs: house.clock.now(),
                metrics: { synced_followers: 2 },
              }),
        ),
      discover: () => Promise.resolve(undefined),
      evidence: () => Promise.resolve({}),
    },
  });
  const observing = {
    members: createMembers(house, () => undefined),
    pace: createPace(house),
    trends: createTrendReader(house),
  };
  const looks = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      await observe(house, observing, { kind: 'observe', ensemble: 'orders', notices: [] });
      await house.clock.advance(10_000);
    }
  };
  return {
    /** zk2 is down for a while, and then up for a while. */
    async flap({ coming, going } = quiet): Promise<void> {
      isDown = true;
      await looks(going);
      isDown = false;
      await looks(coming);
    },
    looks,
    incidents: async (): Promise<readonly Incident[]> =>
      (await house.incidents.recent('orders', 50)).toSorted((a, b) => a.id - b.id),
    title: (incident: Incident): string =>
      incidentCard(incident, { language: 'en', settings }).title,
    events: (id: number) => house.incidents.events(id),
  };
}

describe('a fault that comes and goes', () => {
  it('becomes one card at the fourth time within ten minutes, which says so and stays', async () => {
    const night = aNightWith(defaultFlap);

    for (let time = 0; time < 9; time += 1) await night.flap();

    const incidents = await night.incidents();
    expect(incidents).toHaveLength(3);
    expect(incidents.map(({ state }) => state)).toEqual(['resolved', 'resolved', 'triggered']);
    const [, , last] = incidents;
    expect(night.title(last ?? fail())).toMatch(/down — .*flapping: \d+ times in 10 min$/u);
    const kinds = (await night.events(last?.id ?? 0)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'reopened')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'resolved')).toHaveLength(1);
    // Drawn again when the count has grown by half, and not each time.
    expect(kinds.filter((kind) => kind === 'observed').length).toBeLessThanOrEqual(3);
  });

  it('is over once it has stayed away for long enough', async () => {
    const night = aNightWith(defaultFlap);
    for (let time = 0; time < 4; time += 1) await night.flap();

    await night.looks(defaultFlap.quietMs - 60_000);
    expect((await night.incidents()).at(-1)?.state).toBe('triggered');

    await night.looks(90_000);
    expect((await night.incidents()).at(-1)?.state).toBe('resolved');
  });

  it('is a fault like any other when it comes back later', async () => {
    const night = aNightWith(defaultFlap);
    for (let time = 0; time < 4; time += 1) await night.flap();
    await night.looks(defaultFlap.withinMs + 60_000);

    await night.flap();

    const incidents = await night.incidents();
    expect(incidents).toHaveLength(4);
    expect(incidents.map(({ state }) => state)).toEqual(Array(4).fill('resolved'));
    expect(incidents.at(-1)?.facts['flaps']).toBeUndefined();
  });

  it('has a card each time where it comes more rarely, and where nobody wants it gathered', async () => {
    const rare = aNightWith(defaultFlap);
    const plain = aNightWith({ ...defaultFlap, times: 0 });

    for (let time = 0; time < 6; time += 1) {
      await rare.flap({ coming: 180_000, going: 30_000 });
      await plain.flap();
    }

    expect(await rare.incidents()).toHaveLength(6);
    expect(await plain.incidents()).toHaveLength(6);
  });

  it('calls people when it has come and gone for as long as its hold, though never stayed so long', async () => {
    const pages: Detector = {
      ...memberDown,
      holdMs: () => 60_000,
      detect: (view, nowMs) =>
        memberDown.detect(view, nowMs).map((finding) => ({ ...finding, severity: 'page' })),
    };
    const short = { coming: 10_000, going: 10_000 };
    const [flapping, plain] = [defaultFlap, { ...defaultFlap, times: 0 }].map((flap) =>
      aNightWith(flap, pages),
    );

    for (let time = 0; time < 9; time += 1) {
      await flapping?.flap(short);
      await plain?.flap(short);
    }

    expect((await flapping?.incidents())?.at(-1)?.pagedMs).toBeDefined();
    expect((await plain?.incidents())?.every(({ pagedMs }) => pagedMs === undefined)).toBe(true);
  });
});

function fail(): never {
  throw new Error('there are three incidents');
}
