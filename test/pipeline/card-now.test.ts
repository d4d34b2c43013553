import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { cardNow } from '../../src/pipeline/card-now.ts';
import { aSettings, nightMs } from '../support/builders.ts';
import { aDestination } from '../support/cards.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel } from '../support/memory/channel.ts';

const leaseMs = 5_000;

describe('a card that a chat draws by itself', () => {
  const house = () =>
    aHouse({
      settings: aSettings({ destinations: [aDestination()] }),
      channels: [createMemoryChannel()],
    });
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
    const claim = await under.deliveries.claim('orders', incident.id, 'ops', leaseMs);
    if ('heldForMs' in claim) throw new Error('held');
    const shown = { ...claim.record, shownVersion: 1, shownHash: 'looks', receipt: { id: 'm' } };
    await under.deliveries.write(claim, shown, 0);
  });

  const record = async () => (await under.deliveries.records('orders', incident.id))[0];

  it('is the one delivery would draw', async () => {
    const card = await cardNow(under, incident.id, 'ops');

    expect(card?.incident).toBe(incident.id);
    expect(await cardNow(under, incident.id, 'elsewhere')).toBeUndefined();
    expect(await cardNow(under, 999, 'ops')).toBeUndefined();
  });

  it('is looked at again by delivery, though it be back to the looks that were delivered', async () => {
    await cardNow(under, incident.id, 'ops');

    expect(await record()).toMatchObject({ shownVersion: 1, receipt: { id: 'm' } });
    expect((await record())?.shownHash).toBeUndefined();
  });

  it('is left to whoever draws it this moment', async () => {
    await under.deliveries.claim('orders', incident.id, 'ops', leaseMs);

    const card = await cardNow(under, incident.id, 'ops');

    expect(card).toBeDefined();
    expect((await record())?.shownHash).toBe('looks');
  });
});
