import { beforeEach, describe, expect, it } from 'vitest';
import { type OwnSessions, toldCountsMs } from '../../src/model/own-sessions.ts';
import { createSessionTeller, type SessionTeller } from '../../src/pipeline/own-sessions.ts';
import { aHouse } from '../support/house.ts';

let house: ReturnType<typeof aHouse>;
let teller: SessionTeller;
let newest: OwnSessions;

beforeEach(() => {
  house = aHouse({});
  newest = { standing: 0, left: [] };
  teller = createSessionTeller({ ...house, ownSessions: () => newest });
});

const told = async () => (await house.ensembles.recall('orders', [], 0)).ownSessions;

describe('what a replica says of its own sessions', () => {
  it('is nothing while it never had one', async () => {
    await teller.tellAll();

    expect(await told()).toEqual([]);
  });

  it('is what changed, at once', async () => {
    newest = { standing: 4, left: [] };
    await teller.tellAll();
    const atMs = house.clock.now();
    newest = { standing: 3, left: [[atMs, atMs + 30_000]] };

    await teller.tellAll();

    expect(await told()).toEqual([{ ...newest, atMs }]);
  });

  it('is said again as long as sessions stand, so that nobody takes it for dead', async () => {
    newest = { standing: 4, left: [] };
    await teller.tellAll();

    await house.clock.advance(toldCountsMs - 1);
    await teller.tellAll();

    expect(await told()).toEqual([{ ...newest, atMs: house.clock.now() }]);
  });

  it('is said in the next round where Redis was away', async () => {
    newest = { standing: 4, left: [] };
    const { ensembles } = house;
    let isDown = true;
    const saveOwnSessions: typeof ensembles.saveOwnSessions = (...said) =>
      isDown ? Promise.reject(new Error('down')) : ensembles.saveOwnSessions(...said);
    teller = createSessionTeller({
      ...house,
      ensembles: { ...ensembles, saveOwnSessions },
      ownSessions: () => newest,
    });
    await teller.tellAll();
    const before = await told();
    isDown = false;

    await teller.tellAll();

    expect(before).toEqual([]);
    expect(await told()).toHaveLength(1);
  });
});
