import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/model/errors.ts';
import {
  announcePauseMs,
  announceTriesMax,
  blindAfterMs,
  createBlindWatch,
  standInMs,
} from '../../src/pipeline/blind.ts';
import { aDestination, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel } from '../support/memory/channel.ts';

/** A replica that can be blinded, at one destination of one chat. */
function aReplica(
  name: string,
  parts: {
    readonly channel: MemoryChannel;
    readonly living?: readonly string[];
    readonly shared?: ReturnType<typeof aHouse>;
  },
) {
  const house = aHouse({
    settings: aSettings({ destinations: [aDestination({ id: 'ops', channel: 'slack' })] }),
    channels: [parts.channel],
    ...(parts.shared === undefined ? {} : { shared: parts.shared }),
  });
  let sinceMs: number | undefined;
  const watch = createBlindWatch(house, {
    replica: name,
    redis: 'redis:6379',
    replicas: () => parts.living ?? ['a'],
    blindSinceMs: () => sinceMs,
  });
  return {
    house,
    watch,
    goBlind: () => {
      sinceMs = house.clock.now();
    },
    see: () => {
      sinceMs = undefined;
    },
  };
}

const unreachable = new DeliveryError('delivery-temporary', 'no');
const lost = new DeliveryError('delivery-unknown', 'no answer');

describe('a bot without its Redis', () => {
  it('says nothing of a short outage', async () => {
    const channel = createMemoryChannel();
    const a = aReplica('a', { channel });
    a.goBlind();
    await a.watch.look();
    await a.house.clock.advance(blindAfterMs - 1);
    await a.watch.look();
    a.see();
    await a.watch.look();

    expect(channel.announced).toEqual([]);
    expect(a.house.logged).toEqual(['error: blind: Redis does not answer']);
  });

  it('says once that it is blind, and changes that to how long when it sees again', async () => {
    const channel = createMemoryChannel();
    const a = aReplica('a', { channel });
    a.goBlind();
    await a.watch.look();
    for (let second = 0; second < 42; second += 1) {
      await a.house.clock.advance(1_000);
      await a.watch.look();
    }
    expect(channel.announced).toHaveLength(1);
    expect(channel.announced[0]?.text).toMatch(/blind: Redis \(redis:6379\).+redis-cli ping/u);

    a.see();
    await a.watch.look();

    expect(channel.announced).toHaveLength(1);
    expect(channel.announced[0]?.text).toContain('blind for 42 s');
  });

  it('says it anew of the next outage', async () => {
    const channel = createMemoryChannel();
    const a = aReplica('a', { channel });
    for (let outage = 0; outage < 2; outage += 1) {
      a.goBlind();
      await a.watch.look();
      await a.house.clock.advance(blindAfterMs);
      await a.watch.look();
      a.see();
      await a.watch.look();
    }

    expect(new Set(channel.announced.map(({ key }) => key)).size).toBe(2);
  });

  it('leaves it to the first of the replicas', async () => {
    const channel = createMemoryChannel();
    const living = ['a', 'b', 'c'];
    const a = aReplica('a', { channel, living });
    const others = ['b', 'c'].map((name) => aReplica(name, { channel, living, shared: a.house }));
    const all = [a, ...others];
    for (const { goBlind } of all) goBlind();
    for (let second = 0; second < 90; second += 1) {
      await Promise.all(all.map(({ watch }) => watch.look()));
      await a.house.clock.advance(1_000);
    }

    expect(channel.announced).toHaveLength(1);
    for (const { see } of all) see();
    await Promise.all(all.map(({ watch }) => watch.look()));
    expect(channel.announced).toHaveLength(1);
    expect(channel.announced[0]?.text).toContain('sees again');
  });

  it('stands in for a first replica that died with Redis, where the chat tells that nobody spoke', async () => {
    const living = ['a', 'b'];
    const heard: number[] = [];
    for (const reconciles of [true, false]) {
      const channel = createMemoryChannel({ reconciles });
      const b = aReplica('b', { channel, living });
      b.goBlind();
      await b.watch.look();
      await b.house.clock.advance(blindAfterMs + standInMs - 1);
      await b.watch.look();
      heard.push(channel.announced.length);
      await b.house.clock.advance(1);
      await b.watch.look();
      heard.push(channel.announced.length);
    }

    expect(heard).toEqual([0, 1, 0, 0]);
  });

  it('tries a chat that cannot be reached again, a few times', async () => {
    const channel = createMemoryChannel();
    const a = aReplica('a', { channel });
    for (let tries = 0; tries <= announceTriesMax; tries += 1) channel.failNext(unreachable);
    a.goBlind();
    await a.watch.look();
    await a.house.clock.advance(blindAfterMs);
    for (let second = 0; second < announcePauseMs * announceTriesMax; second += 100) {
      await a.watch.look();
      await a.house.clock.advance(1_000);
    }

    expect(channel.announced).toEqual([]);
    expect(a.house.logged.filter((line) => line.includes('announcement failed'))).toHaveLength(
      announceTriesMax,
    );
  });

  it.each([true, false])(
    'does not say it twice after a lost answer (chat tells: %s)',
    async (reconciles) => {
      const channel = createMemoryChannel({ reconciles });
      const a = aReplica('a', { channel });
      channel.failNext(lost, true);
      a.goBlind();
      await a.watch.look();
      for (let second = 0; second < 30; second += 1) {
        await a.house.clock.advance(1_000);
        await a.watch.look();
      }

      expect(channel.announced).toHaveLength(1);
    },
  );

  it('says nothing where it never heard of the other replicas', async () => {
    const channel = createMemoryChannel();
    const a = aReplica('a', { channel, living: [] });
    a.goBlind();
    await a.watch.look();
    await a.house.clock.advance(blindAfterMs * 10);
    await a.watch.look();

    expect(channel.announced).toEqual([]);
    expect(a.house.logged).toContain('warn: still blind');
  });
});
