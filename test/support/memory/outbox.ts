import { wokenMs } from '../../../src/edges/redis/outbox.ts';
import { type DestinationRecord, lanes, type Waiting } from '../../../src/model/destination.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Outbox } from '../../../src/ports/outbox.ts';

interface Entry extends Waiting {
  readonly ripeMs: number;
}

interface Place {
  readonly entries: Map<string, Entry>;
  counter: number;
  wokenUntilMs: number;
  record: DestinationRecord | undefined;
  lease: { readonly token: string; untilMs: number } | undefined;
}

/** What waits at each destination, kept in this process; leases end by the clock given. */
export function createMemoryOutbox(clock: Clock): Outbox {
  const places = new Map<string, Place>();
  let tokens = 0;

  function at(destination: string): Place {
    const place = places.get(destination) ?? {
      entries: new Map(),
      counter: 0,
      wokenUntilMs: 0,
      record: undefined,
      lease: undefined,
    };
    places.set(destination, place);
    return place;
  }

  function live(place: Place) {
    return place.lease !== undefined && place.lease.untilMs > clock.now() ? place.lease : undefined;
  }

  function settle(destination: string, item: Waiting, ripeMs: number | undefined): void {
    const { entries } = at(destination);
    const entry = entries.get(thingOf(item));
    if (entry?.asked !== item.asked) return;
    if (ripeMs === undefined) entries.delete(thingOf(item));
    else entries.set(thingOf(item), { ...entry, ripeMs });
  }

  return {
    ask(destination, { ensemble, incident, lane, atMs, patient }) {
      const place = at(destination);
      const before = place.entries.get(thingOf({ ensemble, incident }));
      if (before === undefined || !patient) {
        const kept =
          before !== undefined &&
          ((lane === 'redraw' && before.lane === 'redraw') || before.ripeMs < atMs);
        place.entries.set(thingOf({ ensemble, incident }), {
          ensemble,
          incident,
          lane: lanes[Math.min(rank(lane), rank(before?.lane ?? 'redraw'))] ?? lane,
          asked: (before?.asked ?? 0) + 1,
          sinceMs: before?.sinceMs ?? atMs,
          ripeMs: kept ? before.ripeMs : atMs,
        });
        place.counter += 1;
      }
      const nowMs = clock.now();
      if (live(place) !== undefined || place.wokenUntilMs > nowMs) return Promise.resolve('awake');
      place.wokenUntilMs = nowMs + wokenMs;
      return Promise.resolve('wake');
    },
    queue(destination, nowMs, limit) {
      const place = at(destination);
      const all = [...place.entries.values()].sort(
        (a, b) => rank(a.lane) - rank(b.lane) || a.ripeMs - b.ripeMs,
      );
      const later = all.filter(({ ripeMs }) => ripeMs > nowMs).map(({ ripeMs }) => ripeMs);
      return Promise.resolve({
        waiting: all
          .filter(({ ripeMs }) => ripeMs <= nowMs)
          .slice(0, limit)
          .map(({ ripeMs: _ripeMs, ...waiting }) => waiting),
        ...(later.length === 0 ? {} : { nextAtMs: Math.min(...later) }),
        seen: place.counter,
      });
    },
    done(destination, item) {
      settle(destination, item, undefined);
      return Promise.resolve();
    },
    later(destination, item, atMs) {
      settle(destination, item, atMs);
      return Promise.resolve();
    },
    ripen(destination, nowMs) {
      const { entries } = at(destination);
      for (const [thing, entry] of entries)
        entries.set(thing, { ...entry, ripeMs: Math.min(entry.ripeMs, nowMs) });
      return Promise.resolve();
    },
    claim(destination, leaseMs) {
      const place = at(destination);
      const held = live(place);
      if (held !== undefined) return Promise.resolve({ heldForMs: held.untilMs - clock.now() });
      tokens += 1;
      place.wokenUntilMs = 0;
      place.lease = { token: `t-${tokens}`, untilMs: clock.now() + leaseMs };
      const record = structuredClone(place.record) ?? { destination, firsts: [] };
      return Promise.resolve({ token: place.lease.token, record });
    },
    write({ token, record: { destination } }, record, leaseMs) {
      const place = at(destination);
      if (live(place)?.token !== token) return Promise.resolve('lost');
      place.record = structuredClone(record);
      place.lease = { token, untilMs: clock.now() + leaseMs };
      return Promise.resolve({ token, record: structuredClone(record) });
    },
    renew({ token, record: { destination } }, leaseMs) {
      const lease = live(at(destination));
      if (lease?.token !== token) return Promise.resolve(false);
      lease.untilMs = clock.now() + leaseMs;
      return Promise.resolve(true);
    },
    leave({ token, record: { destination } }, seen) {
      const place = at(destination);
      if (live(place)?.token !== token) return Promise.resolve('left');
      if (place.counter !== seen) return Promise.resolve('more');
      place.lease = undefined;
      return Promise.resolve('left');
    },
  };
}

function rank(lane: Waiting['lane']): number {
  return lanes.indexOf(lane);
}

function thingOf({ ensemble, incident }: Pick<Waiting, 'ensemble' | 'incident'>): string {
  return `${incident}:${ensemble}`;
}
