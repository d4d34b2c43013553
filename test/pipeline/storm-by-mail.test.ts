import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/pipeline/deliver.ts';
import { sweep } from '../../src/pipeline/notify.ts';
import type { Channel, Delivery } from '../../src/ports/channel.ts';
import { digestPace } from '../../src/rules/routing/digest.ts';
import { aRoute, aSettings } from '../support/builders.ts';
import { changeAll, openFaults, pass } from '../support/happenings.ts';
import { aHouse } from '../support/house.ts';

type House = ReturnType<typeof aHouse>;

const { gatherMs, drawMs } = digestPace(false);

/** A storm is more than five within this. */
const withinMs = 60_000;

/** A way of telling that knows no edits and cannot be asked; what was sent, with the message it refers to. */
function aMailbox() {
  const mails: { readonly about: number; readonly text: string; readonly after: string }[] = [];
  const channel: Channel = {
    name: 'slack',
    edits: false,
    digests: true,
    deliver(delivery: Delivery) {
      const { incident, title, stateLine } = delivery.card;
      const first = delivery.kind === 'show' ? delivery.previous : delivery.thread;
      const text = delivery.kind === 'show' ? `${title}. ${stateLine}` : delivery.line.text;
      mails.push({ about: incident, text, after: first?.['id'] ?? '' });
      return Promise.resolve({ id: first?.['id'] ?? `mail-${mails.length}` });
    },
  };
  return { channel, mails };
}

async function aHouseWithMail(channel: Channel): Promise<House> {
  const house = aHouse({
    channels: [channel],
    settings: aSettings({ routes: [aRoute({ grouping: { above: 5, withinMs } })] }),
  });
  house.schedule.handle('deliver', (job) => deliver(house, job));
  for (const kind of ['escalate', 'fallback'] as const)
    house.schedule.handle(kind, () => Promise.resolve());
  await house.schedule.start();
  return house;
}

describe('a storm that is told by mail', () => {
  it('is a few mails and one that gathers the others', async () => {
    const { channel, mails } = aMailbox();
    const house = await aHouseWithMail(channel);

    await openFaults(house, 60);
    await pass(house, gatherMs / 2);
    await openFaults(house, 40, 61);
    await pass(house, gatherMs);

    expect(mails).toHaveLength(6);
    expect(mails.at(-1)).toMatchObject({
      about: 0,
      text: 'Storm: 95 faults at once, 95 open. The storm goes on: 95 faults, 0 resolved',
    });
  });

  it('sends the digest again in its thread, at most every two minutes, and its end at once', async () => {
    const { channel, mails } = aMailbox();
    const house = await aHouseWithMail(channel);
    const opened = await openFaults(house, 45);
    await pass(house, gatherMs);

    for (let each = 0; each < 10; each += 1) {
      await changeAll(house, opened.slice(5 + each, 6 + each), { kind: 'resolve', grid: [] });
      await pass(house, 1_000);
    }
    const soon = mails.filter(({ about }) => about === 0).length;
    await pass(house, drawMs);
    const later = mails.filter(({ about }) => about === 0);
    await changeAll(house, opened.slice(15), { kind: 'resolve', grid: [] });
    await pass(house, 1_000);

    const digests = mails.filter(({ about }) => about === 0);
    expect(soon).toBe(1);
    expect(later.at(-1)?.text).toContain('40 faults, 10 resolved');
    expect(digests.at(-1)?.text).toContain('The storm is over: 40 faults, 40 resolved');
    expect(digests.length).toBeLessThanOrEqual(4);
    expect(new Set(digests.slice(1).map(({ after }) => after)).size).toBe(1);
    expect(digests[0]?.after).toBe('');
    await sweep(house, 'orders');
    expect(await house.incidents.restless('orders')).toEqual([]);
  });

  it('calls people for many of its faults in one line', async () => {
    const { channel, mails } = aMailbox();
    const house = await aHouseWithMail(channel);
    const opened = await openFaults(house, 45);
    await pass(house, gatherMs);

    await changeAll(house, opened.slice(5), { kind: 'page' });
    await pass(house, 60_000);

    const calls = mails.filter(({ about, text }) => about === 0 && /Please look/u.test(text));
    const called = calls.map(({ text }) => Number(/look, (\d+) faults/u.exec(text)?.[1] ?? 1));
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(called.reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('gives the few that stay open a mail each when it is over', async () => {
    const { channel, mails } = aMailbox();
    const house = await aHouseWithMail(channel);
    const opened = await openFaults(house, 45);
    await pass(house, gatherMs);
    await changeAll(house, opened.slice(0, 43), { kind: 'resolve', grid: [] });

    await pass(house, withinMs + drawMs);

    const digests = mails.filter(({ about }) => about === 0);
    expect(digests.map(({ text }) => text)).toEqual([
      expect.stringContaining('The storm goes on: 40 faults, 0 resolved'),
      expect.stringContaining('The storm is over: 40 faults, 38 resolved'),
    ]);
    const last = opened.slice(43).map(({ id }) => id);
    expect(mails.filter(({ about }) => last.includes(about)).map(({ about }) => about)).toEqual(
      last,
    );
    await changeAll(house, opened.slice(43), { kind: 'resolve', grid: [] });
    await pass(house, 1_000);
    expect(mails.slice(-2).map(({ about }) => about)).toEqual(last);
  });
});
