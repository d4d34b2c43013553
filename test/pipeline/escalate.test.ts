import { describe, expect, it } from 'vitest';
import type { OnCallSettings } from '../../src/model/on-call.ts';
import type { RouteSettings } from '../../src/model/settings.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { createDesk } from '../../src/pipeline/desk.ts';
import { escalate } from '../../src/pipeline/escalate.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { notify } from '../../src/pipeline/notify.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import { reroute } from '../../src/pipeline/reroute.ts';
import {
  aDestination,
  anIncident,
  aPerson,
  aRoute,
  aSettings,
  aTrigger,
} from '../support/builders.ts';
import { fakeStartMs } from '../support/clock.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const people = [
  aPerson(),
  aPerson({ id: 'bo', name: 'Bo', roles: {}, handles: { slack: 'U0BO' } }),
  aPerson({ id: 'cy', name: 'Cy', roles: {}, handles: { slack: 'U0CY' } }),
  aPerson({ id: 'dee', name: 'Dee', roles: {}, handles: {} }),
];
const person = (id: string) => ({ kind: 'person', id }) as const;
const group = (id: string) => ({ kind: 'group', id }) as const;
const oncall = (id: string) => ({ kind: 'oncall', id }) as const;

/** Bo until half an hour after the page, then Cy, each for a day. */
const orders: OnCallSettings = {
  id: 'orders',
  zone: 'UTC',
  rotations: [
    {
      people: ['bo', 'cy'],
      startWallMs: fakeStartMs + hourMs / 2 - 24 * hourMs,
      everyMs: 24 * hourMs,
      when: [],
    },
  ],
  overrides: [],
};

/** Who is called, in words and by their handles: one chat, whose route is given, on a clock the test owns. */
async function aNight(route: Partial<RouteSettings>, onCall: readonly OnCallSettings[] = [orders]) {
  const channel = createMemoryChannel();
  const house = aHouse({
    channels: [channel],
    settings: aSettings({
      people,
      destinations: [aDestination(), aDestination({ id: 'day', address: 'C0DAY' })],
      routes: [aRoute(route)],
      groups: [{ id: 'platform', members: [person('cy'), person('dee')] }],
      onCall,
    }),
  });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('escalate', (job) => escalate(house, job));
  house.schedule.handle('reroute', (job) => reroute(house, job));
  await house.schedule.start();
  const desk = createDesk(
    house,
    createRecoverer(
      house,
      createMembers(house, () => undefined),
    ),
    { origin: { via: 'slack', actor: people[0] ?? aPerson() }, language: 'en' },
  );
  return {
    house,
    channel,
    desk,
    open: async (page = true) => {
      const trigger = aTrigger({ severity: 'page', page, sinceMs: house.clock.now() });
      const done = await applyOpen(house, 'orders', trigger);
      if (done.kind !== 'applied') throw new Error(`not opened: ${done.kind}`);
      await notify(house, [done.incident]);
      await house.schedule.idle();
      return done.incident.id;
    },
    pass: async (ms: number) => {
      await house.clock.advance(ms);
      await house.schedule.idle();
      // What a job asked for is a job of its own.
      await house.clock.advance(0);
      await house.schedule.idle();
    },
    /** Each line of the thread with whom it mentions. */
    said: () => {
      const [card] = channel.cards;
      return (card?.thread ?? []).map(
        (text, index) => `${text} @${(card?.mentions[index] ?? []).join(' @')}`,
      );
    },
    state: () => channel.cards[0]?.stateLine ?? '',
  };
}

describe('a night that nobody answers', () => {
  const route = {
    escalation: [
      { afterMs: 0, to: [oncall('orders')] },
      { afterMs: 10 * minuteMs, to: [person('ann'), group('platform')] },
    ],
    repeat: { everyMs: 30 * minuteMs, times: 2 },
  };

  it('goes from the page over the next step to repeats, each said once', async () => {
    const { open, pass, said, state } = await aNight(route);

    await open();
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/^Please look: .*Called: Bo\. @U0BO$/u);
    expect(state()).toContain('called: Bo');

    await pass(10 * minuteMs - 1);
    expect(said()).toHaveLength(1);
    await pass(1);
    expect(said()).toHaveLength(2);
    expect(said()[1]).toMatch(
      /^Nobody has acknowledged, so this goes to Ann, Cy, Dee .*@U0ANN @U0CY$/u,
    );

    await pass(30 * minuteMs);
    await pass(30 * minuteMs);
    expect(said().slice(2)).toEqual([
      expect.stringMatching(/^Still nobody .* Ann, Cy, Dee .* again \(1\)\. .*@U0ANN @U0CY$/u),
      expect.stringMatching(/again \(2\)/u),
    ]);
    expect(state()).toContain('called again 2 times');

    await pass(5 * hourMs);
    expect(said()).toHaveLength(4);
  });

  it('ends with an acknowledgement, and goes on when it is given back', async () => {
    const { open, pass, said, desk } = await aNight(route);
    const id = await open();
    await pass(10 * minuteMs);
    await desk.acknowledge(id);
    await pass(2 * hourMs);
    expect(said()).toHaveLength(2);

    await desk.unacknowledge(id);
    await pass(30 * minuteMs);

    expect(said().filter((line) => line.startsWith('Still nobody'))).toHaveLength(1);
  });

  it('says of a person without any contact that there is none', async () => {
    const { open, pass, said, state } = await aNight(route);
    await open();
    await pass(10 * minuteMs);

    expect(said()[1]).toContain('Dee (no contact in the configuration: tell them yourself)');
    expect(state()).toContain('Dee (no contact');
  });

  it('calls nobody while the card is quiet', async () => {
    const { open, pass, said } = await aNight(route);
    await open(false);
    await pass(hourMs);

    expect(said()).toEqual([]);
  });

  it('calls with the page once, although two replicas tell of it at the same time', async () => {
    const { house, said } = await aNight(route);
    const trigger = aTrigger({ severity: 'page', page: true });
    const done = await applyOpen(house, 'orders', trigger);
    if (done.kind !== 'applied') throw new Error(`not opened: ${done.kind}`);

    await Promise.all([notify(house, [done.incident]), notify(house, [done.incident])]);
    await house.schedule.idle();

    expect(said()).toHaveLength(1);
  });
});

describe('who is on call', () => {
  it('is found out when the step is taken, not when the night begins', async () => {
    const { open, pass, said } = await aNight({
      escalation: [
        { afterMs: 10 * minuteMs, to: [oncall('orders')] },
        { afterMs: 40 * minuteMs, to: [oncall('orders')] },
      ],
    });
    await open();
    await pass(10 * minuteMs);
    await pass(30 * minuteMs);

    expect(said().map((line) => line.split('@').at(-1))).toEqual(['U0ANN', 'U0BO', 'U0CY']);
  });

  it('may be nobody: the next step is called at once, and the card says why', async () => {
    const empty = { ...orders, rotations: [] };
    const { open, said, state, house } = await aNight(
      {
        escalation: [
          { afterMs: 0, to: [oncall('orders')] },
          { afterMs: hourMs, to: [person('cy')] },
        ],
      },
      [empty],
    );
    const id = await open();

    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/Nobody is on call in orders\. Called: Cy\. @U0CY$/u);
    expect(state()).toContain('nobody is on call in orders');
    expect((await house.incidents.get(id))?.escalationStep).toBe(2);
  });

  it('may be the fallback, and the card says so', async () => {
    const held = { ...orders, rotations: [], fallback: 'cy' };
    const { open, said } = await aNight({ escalation: [{ afterMs: 0, to: [oncall('orders')] }] }, [
      held,
    ]);
    await open();

    expect(said()[0]).toMatch(/Nobody is on call in orders\. Called: Cy\. @U0CY$/u);
  });

  it('may be nobody at all: then the page is everybody’s', async () => {
    const empty = { ...orders, rotations: [] };
    const { open, pass, said } = await aNight(
      { escalation: [{ afterMs: 0, to: [oncall('orders')] }] },
      [empty],
    );
    await open();
    await pass(2 * hourMs);

    expect(said()).toEqual([expect.stringMatching(/Nobody is on call in orders\. @U0ANN$/u)]);
  });
});

describe('a person who escalates', () => {
  const route = {
    escalation: [
      { afterMs: hourMs, to: [oncall('orders')] },
      { afterMs: 2 * hourMs, to: [group('platform')] },
    ],
  };

  it('takes the next step at once, and learns whom it calls', async () => {
    const { open, house, said, desk } = await aNight(route);
    const id = await open();

    const first = await desk.escalate(id);
    const second = await desk.escalate(id);
    await house.schedule.idle();

    expect(first).toMatchObject({ escalated: { to: ['bo'], by: 'ann' } });
    expect(second).toMatchObject({ escalated: { to: ['cy', 'dee'] } });
    expect(said().at(-1)).toMatch(/^Ann calls Cy, Dee .*@U0CY$/u);
  });

  it('learns that nobody is left, or that nobody is on call', async () => {
    const { open, desk } = await aNight({ escalation: [{ afterMs: hourMs, to: [person('bo')] }] });
    const id = await open();
    await desk.escalate(id);
    expect(await desk.escalate(id)).toMatchObject({ code: 'escalation-exhausted' });

    const empty = await aNight({ escalation: [{ afterMs: hourMs, to: [oncall('orders')] }] }, [
      { ...orders, rotations: [] },
    ]);
    const other = await empty.open();
    expect(await empty.desk.escalate(other)).toMatchObject({
      code: 'nobody-on-call',
      facts: { schedules: ['orders'] },
    });
    expect((await empty.house.incidents.get(other))?.escalationStep).toBe(0);
  });
});

describe('a job of an escalation', () => {
  it('that rings for a step already taken does nothing', async () => {
    const { open, house, said, desk } = await aNight({
      escalation: [{ afterMs: hourMs, to: [person('bo')] }],
      repeat: { everyMs: hourMs, times: 3 },
    });
    const id = await open();
    await desk.escalate(id);
    await house.schedule.idle();
    const before = said();

    await escalate(house, { kind: 'escalate', ensemble: 'orders', incident: id, step: 1 });
    await escalate(house, {
      kind: 'escalate',
      ensemble: 'orders',
      incident: id,
      step: 1,
      repeat: 2,
    });
    await house.schedule.idle();

    expect(said()).toEqual(before);
  });

  it('that rings too early for a configuration that changed waits for its time', async () => {
    const { open, pass, house, said } = await aNight({
      escalation: [{ afterMs: minuteMs, to: [person('bo')] }],
    });
    await open();
    house.settingsAre({
      ...house.settings(),
      routes: [aRoute({ escalation: [{ afterMs: hourMs, to: [person('cy')] }] })],
    });

    await pass(2 * minuteMs);
    expect(said()).toHaveLength(1);
    await pass(hourMs);

    expect(said().at(-1)).toMatch(/@U0CY$/u);
  });
});

describe('a route with hours', () => {
  /** From one hour after the start of the clock, noon UTC, for an hour. */
  const when = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 780, toMinute: 840, zone: 'UTC' }];

  it('shows what is still there when they begin, and keeps it true after they end', async () => {
    const { open, pass, channel, house } = await aNight({ when, destinations: ['day'] });
    const id = await open();
    await pass(hourMs - 1);
    expect(channel.cards).toHaveLength(0);

    await pass(1);
    expect(channel.cards).toHaveLength(1);

    await pass(5 * hourMs);
    const done = await applyChange(house, id, { kind: 'resolve', grid: anIncident().grid });
    if (done.kind === 'applied') await notify(house, [done.incident]);
    await house.schedule.idle();
    expect(channel.cards[0]?.stateLine).toContain('Resolved');
  });

  it('does not show what was over before they began', async () => {
    const { open, pass, channel, house } = await aNight({ when, destinations: ['day'] });
    const id = await open();
    const done = await applyChange(house, id, { kind: 'resolve', grid: [] });
    if (done.kind === 'applied') await notify(house, [done.incident]);
    await pass(2 * hourMs);

    expect(channel.cards).toHaveLength(0);
  });
});
