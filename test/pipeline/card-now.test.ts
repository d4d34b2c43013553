import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { cardNow, lookAgain } from '../../src/pipeline/card-now.ts';
import { cardHash } from '../../src/pipeline/due-page.ts';
import { aSettings, nightMs } from '../support/builders.ts';
import { aCard, aDestination } from '../support/cards.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const leaseMs = 5_000;

function house() {
  return aHouse({
    settings: aSettings({ destinations: [aDestination()] }),
    channels: [createMemoryChannel()],
  });
}

let under: ReturnType<typeof house>;
let incident: Incident;

beforeEach(async () => {
  under = house();
  const done = await applyOpen(under, 'orders', {
    kind: 'trigger',
    fingerprint: 'orders/member-down/zk2',
    detector: 'member-down',
    subject: { ensemble: 'orders', server: 'zk2' },
    severity: 'page',
    facts: {},
    evidence: [],
    grid: [],
    symptoms: [],
    sinceMs: nightMs,
    page: false,
  });
  if (done.kind !== 'applied') throw new Error('not opened');
  incident = done.incident;
  await showing('looks');
});

/** It was delivered, and looked like this. */
async function showing(shownHash: string): Promise<void> {
  const claim = await under.deliveries.claim('orders', incident.id, 'ops', leaseMs);
  if ('heldForMs' in claim) throw new Error('held');
  const shown = { ...claim.record, shownVersion: 1, shownHash, receipt: { id: 'm' } };
  await under.deliveries.write(claim, shown, 0);
}

const record = async () => (await under.deliveries.records('orders', incident.id))[0];

const waiting = async () => (await under.outbox.queue('ops', under.clock.now(), 10)).waiting;

describe('a card that a chat draws by itself', () => {
  it('is the one delivery would draw', async () => {
    const card = await cardNow(under, incident.id, 'ops');

    expect(card?.incident).toBe(incident.id);
    expect(await cardNow(under, incident.id, 'elsewhere')).toBeUndefined();
    expect(await cardNow(under, 999, 'ops')).toBeUndefined();
  });
});

describe('a card that a chat has changed by itself', () => {
  it('is looked at again by delivery, though it be back to the looks that were delivered', async () => {
    await lookAgain(under, incident.id, 'ops', aCard());

    expect(await record()).toMatchObject({ shownVersion: 1, receipt: { id: 'm' } });
    expect((await record())?.shownHash).toBeUndefined();
    expect(await waiting()).toMatchObject([{ incident: incident.id, lane: 'person' }]);
  });

  it('is left alone where delivery knows that it looks like this', async () => {
    const card = aCard();
    await showing(cardHash(card));

    await lookAgain(under, incident.id, 'ops', card);

    expect((await record())?.shownHash).toBe(cardHash(card));
    expect(await waiting()).toEqual([]);
  });

  it('is looked at again where nobody knows what it looks like', async () => {
    await lookAgain(under, incident.id, 'ops', undefined);

    expect((await record())?.shownHash).toBeUndefined();
    expect(await waiting()).toHaveLength(1);
  });

  it('is looked at once whoever draws it this moment is done', async () => {
    const held = await under.deliveries.claim('orders', incident.id, 'ops', leaseMs);
    if ('heldForMs' in held) throw new Error('held');
    const looked = lookAgain(under, incident.id, 'ops', undefined);
    await under.deliveries.write(held, { ...held.record, shownHash: 'drawn meanwhile' }, 0);
    await under.clock.advance(1_000);
    await looked;

    expect((await record())?.shownHash).toBeUndefined();
    expect(await waiting()).toHaveLength(1);
  });

  it('is asked for all the same where somebody holds it for too long', async () => {
    await under.deliveries.claim('orders', incident.id, 'ops', 60_000);
    const looked = lookAgain(under, incident.id, 'ops', undefined);
    await under.clock.advance(30_000);
    await looked;

    expect((await record())?.shownHash).toBe('looks');
    expect(await waiting()).toHaveLength(1);
  });

  it('is forgotten where the destination or the incident is gone', async () => {
    await lookAgain(under, incident.id, 'elsewhere', undefined);
    await lookAgain(under, 999, 'ops', undefined);

    expect(await waiting()).toEqual([]);
  });
});
