import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { blankMemory } from '../../src/model/memory.ts';
import { defaultIncidentSettings } from '../../src/model/settings.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { createDesk } from '../../src/pipeline/desk.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { notify } from '../../src/pipeline/notify.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import { remind } from '../../src/pipeline/remind.ts';
import { aPerson, aRoute, aSettings, aTrigger, nightMs } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

const ann = aPerson();
const bo = aPerson({ id: 'bo', name: 'Bo', handles: { slack: 'U0BO' } });

/** A house with one chat, whose queue delivers and reminds, and a page about zk2. */
async function aPagedHouse(
  life: Partial<typeof defaultIncidentSettings> = {},
  route: Partial<ReturnType<typeof aRoute>> = {},
) {
  const channel = createMemoryChannel();
  const house = aHouse({
    channels: [channel],
    settings: aSettings({
      people: [ann, bo],
      routes: [aRoute(route)],
      incidents: { ...defaultIncidentSettings, ...life },
    }),
  });
  const calls: number[] = [];
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('remind', (job) => remind(house, job));
  house.schedule.handle('escalate', () => {
    calls.push(house.clock.now());
    return Promise.resolve();
  });
  await house.schedule.start();
  const open = async (): Promise<Incident> => {
    const done = await applyOpen(house, 'orders', aTrigger({ severity: 'page', page: true }));
    if (done.kind !== 'applied') throw new Error(`not opened: ${done.kind}`);
    await notify(house, [done.incident]);
    await house.schedule.idle();
    return done.incident;
  };
  const deskOf = (person: typeof ann) =>
    createDesk(
      house,
      createRecoverer(
        house,
        createMembers(house, () => undefined),
      ),
      {
        origin: { via: 'slack', actor: person },
        language: 'en',
      },
    );
  const end = async (id: number): Promise<void> => {
    const done = await applyChange(house, id, { kind: 'resolve', grid: [] });
    if (done.kind === 'applied') await notify(house, [done.incident]);
    await house.schedule.idle();
  };
  const pass = async (ms: number): Promise<void> => {
    await house.clock.advance(ms);
    await house.schedule.idle();
  };
  return { house, channel, open, end, pass, deskOf, calls, incident: await open() };
}

describe('a fault that comes back', () => {
  it('within the window is the same incident, called out again in place', async () => {
    const { channel, open, end, pass, incident } = await aPagedHouse({ reopenMs: 5 * minuteMs });
    await end(incident.id);
    await pass(4 * minuteMs);

    const again = await open();

    expect(again).toMatchObject({ id: incident.id, state: 'triggered', reopened: 1 });
    expect(channel.cards).toHaveLength(1);
    expect(channel.cards[0]?.stateLine).toMatch(/^Again: the 2nd time/u);
    expect(channel.cards[0]?.thread).toEqual([
      expect.stringMatching(/^Please look/u),
      expect.stringMatching(/^Resolved/u),
      expect.stringMatching(/^Again, for the 2nd time\. Please look/u),
    ]);
    expect(new Set(channel.sends).size).toBe(channel.sends.length);
  });

  it('after the window, or without one, is a new incident', async () => {
    const late = await aPagedHouse({ reopenMs: 5 * minuteMs });
    await late.end(late.incident.id);
    await late.pass(5 * minuteMs + 1);
    const never = await aPagedHouse();
    await never.end(never.incident.id);

    expect((await late.open()).id).not.toBe(late.incident.id);
    expect((await never.open()).id).not.toBe(never.incident.id);
  });
});

describe('a fault whose beginning had a card that ended quietly', () => {
  const walk = (afterMs: number) =>
    aTrigger({
      fingerprint: 'orders/rolling-restart/',
      detector: 'rolling-restart',
      subject: { ensemble: 'orders' },
      severity: 'info',
      continues: { detectors: ['member-down'], afterMs },
    });

  async function ended(paged: boolean) {
    const house = aHouse();
    const done = await applyOpen(house, 'orders', aTrigger({ page: paged }));
    if (done.kind !== 'applied') throw new Error('not opened');
    await applyChange(house, done.incident.id, { kind: 'resolve', grid: [] });
    return { house, id: done.incident.id };
  }

  it('takes that card up under its own name', async () => {
    const { house, id } = await ended(false);

    const done = await applyOpen(house, 'orders', walk(house.clock.now()));

    expect(done).toMatchObject({
      kind: 'applied',
      incident: { id, detector: 'rolling-restart', state: 'triggered', severity: 'info' },
    });
    expect(await house.incidents.open('orders')).toHaveLength(1);
  });

  it('takes up that of the ensemble for a fault of a server, and none of another server', async () => {
    const house = aHouse();
    const quiet = async (server?: string) => {
      const subject = { ensemble: 'orders', ...(server === undefined ? {} : { server }) };
      const fingerprint = `orders/canary-failed/${server ?? ''}`;
      const trigger = aTrigger({ detector: 'canary-failed', subject, fingerprint, page: false });
      const done = await applyOpen(house, 'orders', trigger);
      if (done.kind !== 'applied') throw new Error('not opened');
      await applyChange(house, done.incident.id, { kind: 'resolve', grid: [] });
      return done.incident.id;
    };
    const whole = await quiet();
    await quiet('zk3');
    const continues = { detectors: ['canary-failed'], afterMs: house.clock.now() };

    const done = await applyOpen(house, 'orders', aTrigger({ continues }));

    expect(done).toMatchObject({
      kind: 'applied',
      incident: { id: whole, detector: 'member-down' },
    });
  });

  it.each([
    ['called somebody', true, 0],
    ['ended too long ago', false, 1],
  ])('gets a card of its own where the other %s', async (_, paged, later) => {
    const { house, id } = await ended(paged);

    const done = await applyOpen(house, 'orders', walk(house.clock.now() + later));

    expect(done).toMatchObject({ kind: 'applied', incident: { detector: 'rolling-restart' } });
    expect(done.kind === 'applied' && done.incident.id).not.toBe(id);
  });
});

describe('an acknowledgement', () => {
  const reminding = { ackReminderMs: hourMs, ackReminderGraceMs: 10 * minuteMs };

  it('is asked for again, and given back with who had it when nobody answers', async () => {
    const { house, channel, pass, deskOf, incident } = await aPagedHouse(reminding, {
      escalation: [{ afterMs: 5 * minuteMs, to: [{ kind: 'person', id: 'bo' }] }],
    });
    await deskOf(ann).acknowledge(incident.id);
    await pass(hourMs);
    const asked = channel.cards[0]?.thread.at(-1);
    await pass(10 * minuteMs);

    expect(asked).toMatch(/^Ann, do you still have this\?/u);
    expect(channel.cards[0]?.thread.at(-1)).toMatch(/^Ann did not answer/u);
    expect(channel.cards[0]?.stateLine).toContain('Ann had it until 21 Nov 13:10 UTC');
    const after = await house.incidents.get(incident.id);
    expect(after).toMatchObject({ state: 'triggered', hadBy: { by: 'ann', lapsed: true } });
  });

  it('that lapsed lets the escalation count from then', async () => {
    const { house, pass, deskOf, calls, incident } = await aPagedHouse(reminding, {
      escalation: [{ afterMs: 5 * minuteMs, to: [{ kind: 'person', id: 'bo' }] }],
    });
    const startMs = house.clock.now();
    await deskOf(ann).acknowledge(incident.id);
    await pass(hourMs + 10 * minuteMs);
    const before = calls.filter((atMs) => atMs > startMs + hourMs).length;
    await pass(5 * minuteMs);

    expect(before).toBe(0);
    expect(calls.at(-1)).toBe(startMs + hourMs + 15 * minuteMs);
  });

  it('is confirmed with the same button, and asked for again an hour later', async () => {
    const { house, channel, pass, deskOf, incident } = await aPagedHouse(reminding);
    await deskOf(ann).acknowledge(incident.id);
    await pass(hourMs);
    await deskOf(ann).acknowledge(incident.id);
    await pass(30 * minuteMs);
    const calm = await house.incidents.get(incident.id);
    await pass(30 * minuteMs);

    expect(calm).toMatchObject({ state: 'acknowledged' });
    expect(calm?.reminded).toBeUndefined();
    const questions = channel.cards[0]?.thread.filter((line) => line.includes('do you still'));
    expect(questions).toHaveLength(2);
  });

  it('is not asked for when the fault is over, or when nobody sees it', async () => {
    const over = await aPagedHouse(reminding);
    await over.deskOf(ann).acknowledge(over.incident.id);
    await over.end(over.incident.id);
    await over.pass(2 * hourMs);
    const unseen = await aPagedHouse(reminding);
    await unseen.deskOf(ann).acknowledge(unseen.incident.id);
    await applyChange(unseen.house, unseen.incident.id, {
      kind: 'sight',
      unseen: { sinceMs: nightMs, why: 'unknown' },
    });
    await unseen.pass(2 * hourMs);

    for (const { channel } of [over, unseen])
      expect(channel.cards[0]?.thread.filter((line) => line.includes('do you still'))).toEqual([]);
  });

  it('needs as many people as the route asks for; until then others are called', async () => {
    const { house, channel, deskOf, incident } = await aPagedHouse({}, { acknowledgers: 2 });

    const first = await deskOf(ann).acknowledge(incident.id);
    const twice = await deskOf(ann).acknowledge(incident.id);
    await house.schedule.idle();
    const between = channel.cards[0]?.stateLine;
    const second = await deskOf(bo).acknowledge(incident.id);
    await house.schedule.idle();

    expect(first).toMatchObject({ state: 'triggered' });
    expect(twice).toMatchObject({ code: 'already-acknowledged' });
    expect(between).toContain('Ann has it, 2 people are needed');
    expect(second).toMatchObject({ state: 'acknowledged' });
    expect(channel.cards[0]?.stateLine).toMatch(/Acknowledged by Bo .* with Ann/u);
  });
});

describe('a person', () => {
  it('writes a note once into the thread and the timeline', async () => {
    const { house, channel, deskOf, incident } = await aPagedHouse();

    await deskOf(ann).note(incident.id, ' the disk was full ');
    await house.schedule.idle();

    expect(channel.cards[0]?.thread.at(-1)).toBe('Ann: the disk was full');
    const events = await house.incidents.events(incident.id);
    expect(events.at(-1)).toMatchObject({ kind: 'noted', note: { text: 'the disk was full' } });
  });

  it('cannot resolve what the last look still saw, and may what nobody sees', async () => {
    const { house, channel, deskOf, incident } = await aPagedHouse();
    const { fingerprint } = incident;
    const remember = async (version: number, unseen: boolean) =>
      await house.ensembles.remember({
        ensemble: 'orders',
        samples: [],
        memory: {
          ...blankMemory,
          version: version + 1,
          atMs: nightMs + version,
          firingSince: { [fingerprint]: nightMs },
          ...(unseen ? { unseenSince: { [fingerprint]: nightMs } } : {}),
        },
        expectedVersion: version,
        status: {
          ensemble: 'orders',
          atMs: nightMs + version,
          health: 'healthy',
          voters: 3,
          serving: 3,
          quorum: 2,
          grid: [],
          servers: {},
        },
      });
    await remember(0, false);
    const seen = await deskOf(ann).resolve(incident.id, 'it is fine');
    await remember(1, true);
    const unseen = await deskOf(ann).resolve(incident.id, 'zk2 was sold');
    await house.schedule.idle();

    expect(seen).toMatchObject({ code: 'still-firing' });
    expect(unseen).toMatchObject({ state: 'resolved', resolvedReason: 'zk2 was sold' });
    expect(channel.cards[0]?.stateLine).toMatch(/Resolved by Ann.*zk2 was sold/u);
  });
});

describe('an incident of which nothing is known', () => {
  it('says so on its card, and that it expired rather than resolved', async () => {
    const { house, channel, incident } = await aPagedHouse();
    const apply = async (intent: Parameters<typeof applyChange>[2]) => {
      const done = await applyChange(house, incident.id, intent);
      if (done.kind === 'applied') await notify(house, [done.incident]);
      await house.schedule.idle();
    };

    await apply({ kind: 'sight', unseen: { sinceMs: nightMs, why: 'unknown' } });
    const said = channel.cards[0]?.stateLine;
    await apply({ kind: 'expire' });

    expect(said).toMatch(/^Not seen since 21 Nov 03:00 UTC/u);
    expect(channel.cards[0]?.stateLine).toMatch(/^Expired .*, not resolved/u);
    expect(channel.cards[0]?.thread.at(-1)).toMatch(/^Expired, not resolved/u);
  });
});
