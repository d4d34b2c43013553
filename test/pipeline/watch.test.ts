import { afterEach, describe, expect, it } from 'vitest';
import { NightkeeperError } from '../../src/model/errors.ts';
import type { CanaryResult, Notice } from '../../src/model/sample.ts';
import { canaryCountsMs } from '../../src/pipeline/canaries.ts';
import type { House } from '../../src/pipeline/house.ts';
import { look } from '../../src/pipeline/look.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import {
  aloneMsMax,
  beatEveryMs,
  createWatch,
  replicaLeaseMs,
  type Watch,
} from '../../src/pipeline/watch.ts';
import type { Sensors } from '../../src/ports/zookeeper.ts';
import { ownerOf } from '../../src/rules/ownership/rendezvous.ts';
import { aNotice, anEnsemble, anEnsembleSettings, aSettings } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { until } from '../support/until.ts';

const ids = Array.from({ length: 12 }, (_, at) => `ensemble-${at}`);
const settings = aSettings({
  ensembles: ids.map((id) => anEnsembleSettings({ id, discover: false })),
});

/** Sensors that only know whether they are open, and by whom an ensemble is watched at a time. */
function countingSensors() {
  const watching = new Map<string, string[]>();
  const tell = new Map<string, (notice: Notice) => void>();
  const seen = new Map<string, CanaryResult>();
  let mostAtOnce = 0;
  return {
    watching,
    tell,
    seen,
    most: () => mostAtOnce,
    of: (replica: string): Sensors => ({
      watch({ id }, _ensemble, onNotice) {
        tell.set(id, onNotice);
        watching.set(id, [...(watching.get(id) ?? []), replica]);
        mostAtOnce = Math.max(mostAtOnce, watching.get(id)?.length ?? 0);
        return {
          canary: () => seen.get(id),
          held: () => [],
          close() {
            const left = (watching.get(id) ?? []).filter((each) => each !== replica);
            watching.set(id, left);
            return Promise.resolve();
          },
        };
      },
    }),
  };
}

describe('the watch of several replicas', () => {
  const watches: Watch[] = [];
  const base = aHouse({ settings });
  const sensors = countingSensors();

  afterEach(async () => {
    await Promise.all(watches.splice(0).map((watch) => watch.stop()));
  });

  function aReplica(name: string, parts: Partial<House> = {}): Watch {
    const house: House = {
      ...aHouse({ settings, shared: base }),
      ownership: base.stores.owners.replica(name),
      sensors: sensors.of(name),
      ...parts,
    };
    const watch = createWatch(
      house,
      createMembers(house, () => undefined),
    );
    watches.push(watch);
    return watch;
  }

  /** Lets a round that was asked for run to its end: it waits for nothing but promises. */
  const turnOver = () => new Promise((resolve) => setImmediate(resolve));

  const shareOf = (name: string, living: readonly string[]) =>
    ids.filter((id) => ownerOf(id, living) === name);
  const watchedBy = (name: string) => ids.filter((id) => sensors.watching.get(id)?.includes(name));

  it('is shared when a second one comes and handed over at once when it goes, never held twice', async () => {
    const a = aReplica('a');
    await a.start();
    expect(watchedBy('a')).toEqual(ids);

    const b = aReplica('b');
    await b.start();
    await until('b has its share', () => watchedBy('b').length === shareOf('b', ['a', 'b']).length);

    expect(watchedBy('b')).toEqual(shareOf('b', ['a', 'b']));
    expect(watchedBy('a')).toEqual(shareOf('a', ['a', 'b']));
    const stoppedMs = performance.now();
    await b.stop();
    await until('a has everything', () => watchedBy('a').length === ids.length);
    expect(performance.now() - stoppedMs).toBeLessThan(beatEveryMs);
    expect(sensors.most()).toBe(1);
    expect(a.replicas()).toEqual(['a']);
  });

  it('tells the others what its canaries saw, before the look that they lead to', async () => {
    const told = aHouse({ settings, shared: base });
    const a = aReplica('a', { schedule: told.schedule });
    await a.start();
    const [id = ''] = ids;
    const other = async () =>
      (await look(told, anEnsembleSettings({ id }), anEnsemble({ id, voters: 0 }), [])).view.canary;
    const detail = 'not written in 1000 ms';
    sensors.seen.set(id, { kind: 'failed', atMs: base.clock.now(), tookMs: 1000, detail });

    sensors.tell.get(id)?.(aNotice({ kind: 'canary' }));
    const seen = await until('the other one sees it', other);
    sensors.seen.set(id, { kind: 'written', atMs: base.clock.now(), tookMs: 3 });
    a.refresh();
    await until('it sees the next', async () => (await other())?.kind === 'written');
    sensors.seen.delete(id);
    await a.stop();
    await base.clock.advance(canaryCountsMs);

    expect(seen).toMatchObject({ kind: 'failed', detail });
    expect(await other()).toBeUndefined();
  });

  it('leaves ensembles to a living holder, and takes them when its heartbeat runs out', async () => {
    const ghost = base.stores.owners.replica('ghost');
    await ghost.beat(replicaLeaseMs);
    await ghost.hold(ids);
    const a = aReplica('a');
    await a.start();
    expect(watchedBy('a')).toEqual([]);

    await base.clock.advance(replicaLeaseMs);
    a.refresh();

    await until('a has everything', () => watchedBy('a').length === ids.length);
  });

  it('keeps its sensors for a while without Redis, and closes them before two could watch for long', async () => {
    let isDown = false;
    const real = base.stores.owners.replica('a');
    const ask = <T>(work: () => Promise<T>): Promise<T> =>
      isDown ? Promise.reject(new NightkeeperError('redis-unavailable', 'gone')) : work();
    const a = aReplica('a', {
      ownership: {
        ...real,
        beat: (leaseMs) => ask(() => real.beat(leaseMs)),
        hold: (ensembles) => ask(() => real.hold(ensembles)),
      },
    });
    await a.start();
    isDown = true;

    await base.clock.advance(aloneMsMax);
    a.refresh();
    await turnOver();
    expect(watchedBy('a')).toEqual(ids);
    await base.clock.advance(1);
    a.refresh();
    await until('the sensors are closed', () => watchedBy('a').length === 0);
    isDown = false;
    a.refresh();
    await until('the sensors are open again', () => watchedBy('a').length === ids.length);
  });

  it('keeps what a sensor noticed while the queue was away, and asks for the look later', async () => {
    const asked: unknown[] = [];
    let isDown = true;
    const a = aReplica('a', {
      schedule: {
        ...base.schedule,
        now(job) {
          if (isDown) return Promise.reject(new NightkeeperError('queue-unavailable', 'gone'));
          asked.push(job);
          return Promise.resolve();
        },
      },
    });
    await a.start();
    const notice = aNotice();

    sensors.tell.get('ensemble-3')?.(notice);
    isDown = false;

    await until('the look is asked for', () => asked.length > 0);
    expect(asked).toEqual([{ kind: 'observe', ensemble: 'ensemble-3', notices: [notice] }]);
  });
});
