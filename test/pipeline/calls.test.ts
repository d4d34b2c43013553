import { afterEach, describe, expect, it } from 'vitest';
import { createSmsChannel } from '../../src/edges/sms/sms.ts';
import { DeliveryError } from '../../src/model/errors.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { Settings } from '../../src/model/settings.ts';
import { deliver } from '../../src/pipeline/deliver.ts';
import { escalate } from '../../src/pipeline/escalate.ts';
import { fallback, sweep } from '../../src/pipeline/notify.ts';
import type { Channel, Delivery } from '../../src/ports/channel.ts';
import { digestPace } from '../../src/rules/routing/digest.ts';
import { startTwilio, type TwilioStandIn } from '../servers/sms.ts';
import { aDestination, aPerson, aRoute, aSettings, aStamp } from '../support/builders.ts';
import { changeAll, openFault, pass } from '../support/happenings.ts';
import { aHouse } from '../support/house.ts';
import { quietLog } from '../support/log.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';
import { createMemoryShortMemory } from '../support/memory/short-memory.ts';

type House = ReturnType<typeof aHouse>;

/** A way to people whose every message wakes somebody, and what it said. */
function aPhone() {
  const said: { readonly about: number; readonly text: string; readonly to: string }[] = [];
  const failures: DeliveryError[] = [];
  const channel: Channel = {
    name: 'sms',
    edits: false,
    digests: true,
    calls: true,
    deliver(delivery: Delivery) {
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      const isCard = delivery.kind === 'show';
      said.push({
        about: delivery.card.incident,
        text: isCard ? `CARD ${delivery.card.title}` : delivery.line.text,
        to: isCard ? '' : delivery.line.mention.join(' '),
      });
      return Promise.resolve({});
    },
  };
  return { channel, said, failNext: (error: DeliveryError) => void failures.push(error) };
}

const phones = aDestination({ id: 'phones', channel: 'sms', address: '+41790000001' });

const bo = aPerson({ id: 'bo', name: 'Bo', handles: { slack: 'U0BO', sms: '+41790000002' } });

function toPhones(change: Partial<Settings> = {}): Settings {
  return aSettings({
    people: [aPerson(), bo],
    destinations: [aDestination(), phones],
    routes: [aRoute({ destinations: ['phones'] })],
    ...change,
  });
}

async function aRunningHouse(channels: readonly Channel[], settings = toPhones()): Promise<House> {
  const house = aHouse({ channels, settings });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  house.schedule.handle('fallback', (job) => fallback(house, job));
  house.schedule.handle('escalate', (job) => escalate(house, job));
  await house.schedule.start();
  return house;
}

/** It calls people. */
const paged = { severity: 'page', page: true } as const;

const resolve = { kind: 'resolve', grid: [] } as const;

describe('a destination that wakes people', () => {
  it('hears of a page and of its end, and of nothing in between', async () => {
    const { channel, said } = aPhone();
    const house = await aRunningHouse([channel]);
    const incident = await openFault(house, 'zk2', paged);
    await pass(house);

    await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp() });
    await changeAll(house, [incident], { kind: 'note', stamp: aStamp(), text: 'looking' });
    await pass(house, 60_000);
    await changeAll(house, [incident], resolve);
    await pass(house, 60_000);

    expect(said.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Please look: .*zk2/u),
      expect.stringMatching(/^Resolved after/u),
    ]);
    await sweep(house, 'orders');
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('hears nothing of what is gone before it pages, nor of a warning', async () => {
    const { channel, said } = aPhone();
    const house = await aRunningHouse([channel]);

    const blink = await openFault(house, 'zk1', { ...paged, page: false });
    const warning = await openFault(house, 'zk2', { ...paged, severity: 'warn' });
    await pass(house, 5_000);
    await changeAll(house, [blink], resolve);
    await changeAll(house, [warning], resolve);
    await pass(house, 60_000);

    expect(said).toEqual([]);
    await sweep(house, 'orders');
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('is not told that something is over that it was never called for', async () => {
    const { channel, said, failNext } = aPhone();
    const house = await aRunningHouse([channel]);
    failNext(new DeliveryError('delivery-temporary', 'away'));
    const incident = await openFault(house, 'zk2', paged);
    await house.schedule.idle();

    await changeAll(house, [incident], resolve);
    await pass(house, 60_000);

    expect(said).toEqual([]);
  });

  it('calls whom an escalation comes to', async () => {
    const { channel, said } = aPhone();
    const escalation = [{ afterMs: 300_000, to: [{ kind: 'person', id: 'bo' } as const] }];
    const house = await aRunningHouse(
      [channel],
      toPhones({ routes: [aRoute({ destinations: ['phones'], escalation })] }),
    );
    await openFault(house, 'zk2', paged);

    await pass(house, 300_000);

    expect(said.at(-1)).toMatchObject({ text: expect.stringContaining('Bo'), to: '+41790000002' });
  });
});

describe('a storm at a destination that wakes people', () => {
  const { gatherMs, callMs } = digestPace(false, true);

  it('is a few messages, one that gathers the others, and one at its end', async () => {
    const { channel, said } = aPhone();
    const house = await aRunningHouse([channel]);
    const opened: Incident[] = [];

    for (let each = 1; each <= 40; each += 1)
      opened.push(await openFault(house, `zk${each}`, paged));
    await pass(house, gatherMs);
    const atFirst = said.length;
    for (const incident of opened) await changeAll(house, [incident], resolve);
    await pass(house, callMs + 60_000);
    await pass(house, callMs);

    expect(atFirst).toBe(6);
    expect(said[5]).toMatchObject({ about: 0, text: expect.stringContaining('35 faults') });
    expect(said.some(({ text }) => text.startsWith('CARD'))).toBe(false);
    const ends = said.slice(6).filter(({ about }) => about === 0);
    expect(ends.map(({ text }) => text)).toEqual([expect.stringContaining('The storm is over')]);
    await sweep(house, 'orders');
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('wakes nobody to say that no more comes while faults are still open', async () => {
    const { channel, said } = aPhone();
    const house = await aRunningHouse([channel]);

    for (let each = 1; each <= 20; each += 1) await openFault(house, `zk${each}`, paged);
    await pass(house, gatherMs);
    await pass(house, 10 * 60_000);

    expect(said).toHaveLength(6);
  });

  it('gathers what had to wait because a number has had too many', async () => {
    const { channel, said, failNext } = aPhone();
    const house = await aRunningHouse([channel]);
    await openFault(house, 'zk1', paged);
    await pass(house);
    failNext(new DeliveryError('delivery-rate-limited', 'full', { retryAfterMs: 60_000 }));

    for (const server of ['zk2', 'zk3', 'zk4']) await openFault(house, server, paged);
    await pass(house, 60_000);
    await pass(house, gatherMs);

    expect(said).toHaveLength(2);
    expect(said[1]).toMatchObject({ about: 0, text: expect.stringContaining('3 faults') });
  });
});

describe('an escalation while the chat is away', () => {
  let twilio: TwilioStandIn | undefined;

  afterEach(() => twilio?.close());

  function away(channel: MemoryChannel): void {
    for (let each = 0; each < 1_000; each += 1)
      channel.failNext(new DeliveryError('delivery-temporary', 'away'));
  }

  it('goes as an SMS to the phone of whoever is called, by the fallback of the route', async () => {
    twilio = await startTwilio();
    const { accountSid, authToken, from, url: apiUrl } = twilio;
    const slack = createMemoryChannel();
    const channels: Channel[] = [slack];
    const escalation = [{ afterMs: 300_000, to: [{ kind: 'person', id: 'bo' } as const] }];
    const house = await aRunningHouse(
      channels,
      toPhones({
        people: [bo],
        destinations: [aDestination(), { ...phones, address: '' }],
        routes: [aRoute({ fallback: ['phones'], escalation })],
        publicUrl: 'https://nk.example',
      }),
    );
    channels.push(
      createSmsChannel({
        config: { twilio: { accountSid, authToken, from, apiUrl } },
        memory: createMemoryShortMemory(house.clock),
        clock: house.clock,
        log: quietLog,
      }),
    );
    away(slack);

    const incident = await openFault(house, 'zk2', paged);
    await pass(house, 61_000);
    await pass(house, 300_000);
    slack.recover();
    await changeAll(house, [incident], { kind: 'acknowledge', stamp: aStamp() });
    await changeAll(house, [incident], resolve);
    await pass(house, 60_000);

    const about = twilio.messages.filter(({ body }) => body.includes(`#${incident.id} `));
    expect(about.map(({ to }) => to)).toEqual(['+41790000002', '+41790000002', '+41790000002']);
    expect(about.map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /^Page #\d+ Please look: .*zk2.* https:\/\/nk\.example\/incidents\/\d+$/u,
      ),
      expect.stringMatching(/^Page #\d+ orders\/zk2.* https:\/\/nk\.example\/incidents\/\d+$/u),
      expect.stringMatching(/^#\d+ Resolved after/u),
    ]);
  });
});
