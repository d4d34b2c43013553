import { randomUUID } from 'node:crypto';
import { type DestinationRecord, lanes, type Waiting } from '../../model/destination.ts';
import { assert } from '../../model/errors.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { RedisLink } from './connect.ts';
import { readJson } from './json.ts';

/** How long whoever was called may take to come, before the next wish calls again. */
export const wokenMs = 2_000;

/** The one field of a destination's record. */
const field = 'record';

/** What waits at each destination, in Redis. Leases end by the clock of Redis. */
export function createOutbox(redis: RedisLink): Outbox {
  const { keys } = redis;

  async function settle(destination: string, item: Waiting, ripe: string): Promise<void> {
    const at = keys.destination(destination);
    await redis.step(
      'settle-delivery',
      [...at.lanes, at.waiting],
      [thingOf(item), item.asked, ripe],
    );
  }

  return {
    async ask(destination, wish) {
      const at = keys.destination(destination);
      const answer = await redis.step(
        'ask-delivery',
        [...at.lanes, at.waiting, at.lease, at.counter, at.woken],
        [
          thingOf(wish),
          lanes.indexOf(wish.lane) + 1,
          Math.floor(wish.atMs),
          wish.patient ? '1' : '0',
          wokenMs,
        ],
      );
      return answer === 1 ? 'wake' : 'awake';
    },
    async queue(destination, nowMs, limit) {
      const at = keys.destination(destination);
      const answer = await redis.step(
        'list-waiting',
        [...at.lanes, at.waiting, at.counter],
        [Math.floor(nowMs), limit],
      );
      assert(Array.isArray(answer), 'list-waiting answers a list');
      const [seen, nextMs, ...things] = (answer as readonly unknown[]).map(String);
      return {
        seen: Number(seen),
        ...(nextMs === undefined || nextMs === '' ? {} : { nextAtMs: Number(nextMs) }),
        waiting: things.flatMap((thing, index) =>
          index % 2 === 0 ? waitingOf(thing, things[index + 1] ?? '') : [],
        ),
      };
    },
    done: (destination, item) => settle(destination, item, ''),
    later: (destination, item, atMs) => settle(destination, item, String(Math.ceil(atMs))),
    async ripen(destination, nowMs) {
      const at = keys.destination(destination);
      await redis.step('ripen-deliveries', at.lanes, [Math.floor(nowMs)]);
    },
    ...createHold(redis),
  };
}

/** The lease on each destination, and what whoever holds it writes down. */
function createHold(redis: RedisLink): Pick<Outbox, 'claim' | 'write' | 'renew' | 'leave'> {
  const { keys } = redis;
  return {
    async claim(destination, leaseMs) {
      const at = keys.destination(destination);
      const token = randomUUID();
      const answer = await redis.step(
        'claim-delivery',
        [at.lease, at.record],
        [token, leaseMs, field],
      );
      assert(Array.isArray(answer), 'claim-delivery answers a list');
      const [outcome, value] = answer as readonly unknown[];
      if (outcome === 'held') return { heldForMs: Math.max(1, Number(value)) };
      await redis.ask((client) => client.del(at.woken));
      const record: DestinationRecord =
        typeof value === 'string' && value !== ''
          ? readJson(value, at.record)
          : { destination, firsts: [] };
      return { token, record };
    },
    async write(claim, record, leaseMs) {
      const at = keys.destination(claim.record.destination);
      const answer = await redis.step(
        'write-destination',
        [at.lease, at.record],
        [claim.token, leaseMs, field, JSON.stringify(record)],
      );
      return answer === 'written' ? { token: claim.token, record } : 'lost';
    },
    async renew(claim, leaseMs) {
      const { lease } = keys.destination(claim.record.destination);
      return (await redis.step('renew-lease', [lease], [claim.token, leaseMs])) === 1;
    },
    async leave(claim, seen) {
      const at = keys.destination(claim.record.destination);
      const answer = await redis.step(
        'leave-destination',
        [at.lease, at.counter],
        [claim.token, seen],
      );
      return answer === 'more' ? 'more' : 'left';
    },
  };
}

function thingOf({ ensemble, incident }: Pick<Waiting, 'ensemble' | 'incident'>): string {
  return `${incident}:${ensemble}`;
}

/** Leaves out what is not readable: the sweep asks for it again. */
function waitingOf(thing: string, entry: string): readonly Waiting[] {
  const [, incident, ensemble] = /^(\d+):(.+)$/u.exec(thing) ?? [];
  const [, lane, asked, since] = /^(\d):(\d+):(\d+)$/u.exec(entry) ?? [];
  const named = lanes[Number(lane) - 1];
  if (ensemble === undefined || named === undefined) return [];
  return [
    {
      ensemble,
      incident: Number(incident),
      lane: named,
      sinceMs: Number(since),
      asked: Number(asked),
    },
  ];
}
