import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../src/model/ensemble.ts';
import type { MaintenanceWindow } from '../../src/model/settings.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { createDesk } from '../../src/pipeline/desk.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { notify } from '../../src/pipeline/notify.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import { keepSilences, silence, underSilence } from '../../src/pipeline/silences.ts';
import type { PlanStep } from '../../src/rules/incident/plan.ts';
import { aDestination, aPerson, aRoute, aSettings, aTrigger } from '../support/builders.ts';
import { aHouse, type SharedHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A house with a chat and the console, whose queue delivers and keeps silences. */
async function aQuietHouse(maintenance: readonly MaintenanceWindow[] = [], shared?: SharedHouse) {
  const [chat, console] = [createMemoryChannel(), createMemoryChannel({ name: 'console' })];
  const observed: string[] = [];
  const escalated: number[] = [];
  const house = aHouse({
    channels: [chat, console],
    settings: aSettings({
      people: [aPerson()],
      destinations: [aDestination(), aDestination({ id: 'console', channel: 'console' })],
      routes: [
        aRoute({
          destinations: ['ops', 'console'],
          severities: ['page', 'warn'],
          escalation: [{ afterMs: 5 * minuteMs, to: [{ kind: 'person', id: 'ann' }] }],
        }),
      ],
      maintenance,
    }),
    ...(shared === undefined ? {} : { shared }),
  });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('life', () => keepSilences(house));
  house.schedule.handle('observe', (job) => {
    if (job.kind === 'observe') observed.push(job.ensemble);
    return Promise.resolve();
  });
  house.schedule.handle('escalate', () => {
    escalated.push(house.clock.now());
    return Promise.resolve();
  });
  await house.schedule.start();
  const desk = createDesk(
    house,
    createRecoverer(
      house,
      createMembers(house, () => undefined),
    ),
    {
      origin: { via: 'slack', actor: aPerson() },
      language: 'en',
    },
  );
  const idle = () => house.schedule.idle();
  return {
    house,
    desk,
    chat,
    console,
    observed,
    escalated,
    idle,
    pass: async (ms: number) => {
      await house.clock.advance(ms);
      await idle();
    },
    /** A look finds zk2 down. */
    fault: async (overrides: Parameters<typeof aTrigger>[0] = {}) => {
      const intent = aTrigger({ severity: 'page', page: true, ...overrides });
      const step: PlanStep = { kind: 'open', intent };
      const silences = await house.silences.list();
      const [planned] = underSilence([step], silences, house.clock.now());
      if (planned?.kind !== 'open') throw new Error('nothing planned');
      const done = await applyOpen(house, 'orders', planned.intent);
      if (done.kind !== 'applied') throw new Error(done.kind);
      await notify(house, [done.incident]);
      await idle();
      return done.incident;
    },
    change: async (id: number, intent: Parameters<typeof applyChange>[2]) => {
      const done = await applyChange(house, id, intent);
      if (done.kind === 'applied') await notify(house, [done.incident]);
      await idle();
    },
    hush: async (forMs: number) => {
      const set = await desk.silence({
        scope: { ensemble: 'orders' },
        untilMs: house.clock.now() + forMs,
        reason: 'new disk',
      });
      await idle();
      if ('code' in set) throw new Error(set.code);
      return set;
    },
  };
}

type Chat = ReturnType<typeof createMemoryChannel>;

const titles = (chat: Chat) => chat.cards.map(({ title }) => title.split(':')[1]?.trim());

describe('a fault under a silence', () => {
  it('is on the console, marked with until when and by whom, and in no chat', async () => {
    const { chat, console, hush, fault } = await aQuietHouse();
    await hush(hourMs);

    await fault();

    expect(chat.cards.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^orders: silenced until 21 Nov 13:00 UTC/u),
    ]);
    expect(console.cards[1]?.stateLine).toMatch(
      /^Silenced until 21 Nov 13:00 UTC by Ann: new disk/u,
    );
    expect(console.cards[1]?.thread).toEqual([]);
  });

  it('that is over before the silence is never spoken of', async () => {
    const { chat, hush, fault, change, pass } = await aQuietHouse();
    await hush(hourMs);
    const { id } = await fault();

    await change(id, { kind: 'resolve', grid: [] });
    await pass(2 * hourMs);

    expect(chat.cards).toHaveLength(1);
    expect(chat.cards[0]?.title).toMatch(/the silence is over/u);
    expect(chat.sends.filter((send) => send.startsWith('line'))).toEqual([]);
  });

  it('speaks at its end if it is still there, and escalates from then', async () => {
    const { house, chat, observed, escalated, hush, fault, change, pass } = await aQuietHouse();
    await hush(hourMs);
    const { id } = await fault();
    await pass(hourMs - 1);
    const before = chat.cards.length;
    await pass(1);
    const endMs = house.clock.now();
    await change(id, { kind: 'page' });
    await pass(5 * minuteMs);

    expect(before).toBe(1);
    expect(observed).toEqual(['orders']);
    expect(chat.cards).toHaveLength(2);
    expect(chat.cards[1]?.thread[0]).toMatch(/^Please look: /u);
    expect(escalated).toEqual([endMs + 5 * minuteMs]);
  });

  it('whose card hangs already is redrawn, calls nobody, and says when the silence is over', async () => {
    const { chat, escalated, hush, fault, pass } = await aQuietHouse();
    await fault();
    await hush(hourMs);
    const said = chat.cards[0]?.stateLine;
    await pass(30 * minuteMs);
    const thread = [...(chat.cards[0]?.thread ?? [])];
    const called = escalated.length;
    await pass(30 * minuteMs);

    expect(said).toMatch(/^Silenced until/u);
    expect(thread).toEqual([expect.stringMatching(/^Please look/u)]);
    expect(called).toBe(1);
    expect(chat.cards[0]?.thread.at(-1)).toMatch(/^The silence is over and the fault is still/u);
    expect(chat.cards[0]?.stateLine).not.toMatch(/Silenced/u);
  });

  it('cannot be escalated by a person, and says how to go on', async () => {
    const { desk, hush, fault } = await aQuietHouse();
    const { id } = await hush(hourMs);
    const incident = await fault();

    expect(await desk.escalate(incident.id)).toMatchObject({
      code: 'silenced',
      facts: { silence: id },
    });
  });

  it('is told when somebody ends the silence', async () => {
    const { desk, chat, hush, fault, idle } = await aQuietHouse();
    const { id } = await hush(hourMs);
    await fault({ severity: 'warn', page: false });

    await desk.unsilence(id);
    await idle();

    expect(titles(chat)).toEqual(['the silence is over', expect.stringMatching(/^down/u)]);
    expect(chat.cards[0]?.stateLine).toContain('Resolved by Ann');
    expect(await desk.unsilence(id)).toMatchObject({ code: 'silence-over' });
  });

  it('that a silence does not cover any more is told', async () => {
    const { house, desk, chat, fault, change, idle } = await aQuietHouse();
    await desk.silence({
      scope: { ensemble: 'orders', severity: 'warn' },
      untilMs: house.clock.now() + hourMs,
      reason: 'known',
    });
    const incident = await fault({ severity: 'warn', page: false });
    const {
      kind: _k,
      fingerprint: _f,
      detector: _d,
      subject: _s,
      sinceMs: _m,
      page: _p,
      ...look
    } = aTrigger({ severity: 'page' });
    await change(incident.id, { kind: 'observe', ...look });

    const open = await house.incidents.open('orders');
    await notify(house, await silence(house, 'orders', open, await house.silences.list()));
    await idle();

    expect(chat.cards).toHaveLength(2);
  });
});

describe('a silence', () => {
  it('is said once in every chat that would hear of its faults, at its beginning and at its end', async () => {
    const { chat, house, hush, pass } = await aQuietHouse();

    await hush(hourMs);
    await keepSilences(house);
    await pass(30 * minuteMs);
    const during = [...chat.sends];
    await pass(30 * minuteMs);
    await keepSilences(house);
    await pass(hourMs);

    expect(during).toHaveLength(1);
    expect(chat.sends).toHaveLength(2);
    expect(chat.cards).toHaveLength(1);
    expect(chat.cards[0]).toMatchObject({ edits: 1, title: 'orders: the silence is over' });
  });

  it('is kept in the audit with scope, reason and end', async () => {
    const { house, desk, hush } = await aQuietHouse();
    const { id } = await hush(hourMs);
    await desk.unsilence(id);

    const entries = await house.incidents.audited('orders', 10);
    expect(entries.map(({ what }) => what)).toEqual(['unsilence', 'silence']);
    expect(entries[1]).toMatchObject({
      who: 'ann',
      facts: { scope: 'orders', reason: 'new disk' },
    });
  });
});

describe('a maintenance window', () => {
  /** The clock of the house stands at 12:00 UTC, which is 13:00 in Berlin. */
  const window: MaintenanceWindow = {
    name: 'patch',
    scope: { ensemble: 'orders' },
    cron: '30 13 * * *',
    timeZone: 'Europe/Berlin',
    forMs: hourMs,
    reason: 'patches',
  };

  it('begins and ends by its own clock, in its own zone, every day', async () => {
    const { house, chat, fault, pass } = await aQuietHouse([window]);
    await keepSilences(house);
    await pass(30 * minuteMs - 1);
    const before = chat.cards.length;
    await pass(1);
    const begun = chat.cards[0]?.title;
    await fault();
    const during = chat.cards.length;
    await pass(hourMs);
    const after = titles(chat);
    await pass(23 * hourMs);

    expect(before).toBe(0);
    expect(begun).toBe('orders: silenced until 21 Nov 13:30 UTC');
    expect(during).toBe(1);
    expect(after).toEqual(['the silence is over', expect.stringMatching(/^down/u)]);
    expect(chat.cards.at(-1)?.title).toBe('orders: silenced until 22 Nov 13:30 UTC');
    expect(await house.silences.list()).toHaveLength(2);
  });

  it('that somebody ended stays over until the next time', async () => {
    const { house, desk, pass } = await aQuietHouse([window]);
    await keepSilences(house);
    await pass(30 * minuteMs);
    const [begun] = await desk.silences();
    await desk.unsilence(begun?.id ?? 0);

    await keepSilences(house);

    expect(await desk.silences()).toEqual([]);
  });

  it('begins once on two replicas', async () => {
    const first = await aQuietHouse([window]);
    const { clock, stores, schedule } = first.house;
    const second = await aQuietHouse([window], { clock, stores, schedule });
    await first.pass(30 * minuteMs);

    await Promise.all([keepSilences(first.house), keepSilences(second.house)]);
    await first.idle();

    expect(await first.house.silences.list()).toHaveLength(1);
    const open = await first.house.incidents.open(ownEnsemble);
    expect(open).toHaveLength(1);
  });
});
