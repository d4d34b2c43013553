import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptsMax } from '../../src/edges/queue/limits.ts';
import type { Job } from '../../src/model/job.ts';
import type { Schedule } from '../../src/ports/schedule.ts';
import type { RecordingLog } from '../support/log.ts';

export interface ScheduleUnderTest {
  readonly schedule: Schedule;
  readonly log: RecordingLog;
  now(): number;
  /** Lets time pass until it is so: by moving the clock where the test owns it, by waiting where it does not. */
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const escalate: Job = { kind: 'escalate', ensemble: 'orders', incident: 12, step: 1 };
const observe: Job = { kind: 'observe', ensemble: 'orders', notices: [] };
const observeBilling: Job = { kind: 'observe', ensemble: 'billing', notices: [] };

function ensembleOf(job: Job): string | undefined {
  return 'ensemble' in job ? job.ensemble : undefined;
}

function deliver(incident: number): Job {
  return { kind: 'fallback', ensemble: 'orders', incident };
}

const last = deliver(9999);

function isLast(job: Job): boolean {
  return job.kind === 'fallback' && job.incident === 9999;
}

/** What every schedule promises. */
export function scheduleContract(name: string, make: () => Promise<ScheduleUnderTest>): void {
  describe(`${name} as schedule`, () => {
    let under: ScheduleUnderTest;
    let schedule: Schedule;
    /** Every job that was begun, with its time. */
    let begun: { readonly job: Job; readonly atMs: number }[];
    /** Ends the jobs that `holds` lets run. */
    let letGo: () => void;

    beforeEach(async () => {
      under = await make();
      schedule = under.schedule;
      begun = [];
      letGo = () => undefined;
    });

    afterEach(async () => {
      letGo();
      await under.close();
    });

    function handles(kind: Job['kind'], then: () => Promise<void> = () => Promise.resolve()): void {
      schedule.handle(kind, (job) => {
        begun.push({ job, atMs: under.now() });
        return then();
      });
    }

    /** Handles the kind; every job runs until `letGo`. */
    function holds(kind: Job['kind']): void {
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      handles(kind, () => held);
    }

    async function untilBegun(count: number): Promise<void> {
      await under.until(`${count} jobs have begun`, () => begun.length >= count);
      expect(begun.length).toBeGreaterThanOrEqual(count);
    }

    /** Everything added so far has begun, if it ever will: jobs of a queue begin in their order. */
    async function untilAllBegun(): Promise<void> {
      await schedule.now(last);
      await under.until('the last job has begun', () => begun.some(({ job }) => isLast(job)));
    }

    /** Incidents of the deliveries that were begun. */
    function delivered(): readonly number[] {
      return begun
        .flatMap(({ job }) => (job.kind === 'fallback' && !isLast(job) ? [job.incident] : []))
        .sort((a, b) => a - b);
    }

    it('hands every kind of job to its handler, as it was given', async () => {
      const jobs: readonly Job[] = [
        {
          kind: 'observe',
          ensemble: 'orders',
          notices: [{ kind: 'broken', server: 'zk2', atMs: 5, detail: '断' }],
        },
        deliver(12),
        escalate,
        { kind: 'recover', ensemble: 'orders', recovery: 'r-1' },
      ];
      for (const { kind } of jobs) handles(kind);
      await schedule.start();

      for (const job of jobs) await schedule.now(job);
      await untilBegun(4);

      const byKind = (a: Job, b: Job): number => a.kind.localeCompare(b.kind);
      expect(begun.map(({ job }) => job).sort(byKind)).toEqual(jobs.toSorted(byKind));
    });

    it('keeps jobs that come before the start', async () => {
      handles('fallback');
      await schedule.now(deliver(1), 'deliver:1:ops');
      await schedule.now(deliver(2));

      expect(begun).toEqual([]);
      await schedule.start();
      await untilBegun(2);
    });

    it('adds an id once while it waits, and always without an id', async () => {
      handles('fallback');
      for (let time = 0; time < 5; time += 1) await schedule.now(deliver(1), 'deliver:1:ops');
      for (let time = 0; time < 2; time += 1) await schedule.now(deliver(2));
      await schedule.now(deliver(3), 'deliver:3:ops');

      await schedule.start();
      await untilAllBegun();

      expect(delivered()).toEqual([1, 2, 2, 3]);
    });

    it('does not add an id that is running, and adds it again when it has finished', async () => {
      holds('fallback');
      await schedule.start();
      await schedule.now(deliver(1), 'deliver:1:ops');
      await untilBegun(1);

      await schedule.now(deliver(1), 'deliver:1:ops');
      await untilAllBegun();
      expect(delivered()).toEqual([1]);
      letGo();

      await under.until('it is added again', async () => {
        await schedule.now(deliver(1), 'deliver:1:ops');
        return begun.length > 2;
      });
      expect(delivered().length).toBeGreaterThan(1);
    });

    it('tells ids apart that differ in any letter', async () => {
      handles('fallback');
      await schedule.now(deliver(1), 'a:b');
      await schedule.now(deliver(2), 'a-b');
      await schedule.now(deliver(3), 'a%3Ab');
      await schedule.now(deliver(4), '12');
      await schedule.now(deliver(5), '订单/ops');

      await schedule.start();
      await untilAllBegun();

      expect(delivered()).toEqual([1, 2, 3, 4, 5]);
    });

    it('runs a job at its time and not before, once for an id', async () => {
      handles('escalate');
      await schedule.start();
      const atMs = under.now() + 300;

      await schedule.at(atMs, escalate, 'escalate:12:1');
      await schedule.at(atMs, escalate, 'escalate:12:1');
      await under.until('its time is past', () => begun.length > 0 && under.now() > atMs + 50);

      expect(begun).toHaveLength(1);
      expect(begun[0]?.atMs).toBeGreaterThanOrEqual(atMs);
      expect(begun[0]?.atMs).toBeLessThan(atMs + 1000);
    });

    it('runs a job whose time is past at once', async () => {
      handles('escalate');
      await schedule.start();

      const before = under.now();

      await schedule.at(before - 60_000, escalate, 'late');
      await untilBegun(1);

      expect(begun[0]!.atMs - before).toBeLessThan(1000);
    });

    it('runs a waiting job at once when it is asked for now', async () => {
      handles('fallback');
      await schedule.start();
      await schedule.at(under.now() + 3_600_000, deliver(1), 'deliver:1:ops');
      const before = under.now();

      await schedule.now(deliver(1), 'deliver:1:ops');
      await untilBegun(1);

      expect(begun[0]!.atMs - before).toBeLessThan(1000);
    });

    it('repeats a job on its grid, and two with the same interval at different times', async () => {
      handles('observe');
      await schedule.every('observe:orders', 400, 20, observe);
      await schedule.every('observe:billing', 400, 220, observeBilling);
      await schedule.start();

      await untilBegun(8);

      const gaps = begun.map(({ job, atMs }) => {
        const offsetMs = ensembleOf(job) === 'orders' ? 20 : 220;
        return (atMs - offsetMs) % 400;
      });
      const middle = gaps.sort((a, b) => a - b)[4];
      expect(middle).toBeLessThan(150);
      for (const ensemble of ['orders', 'billing'])
        expect(begun.filter(({ job }) => ensembleOf(job) === ensemble).length).toBeGreaterThan(2);
    });

    it('replaces a repeated job of the same id', async () => {
      handles('observe');
      await schedule.start();
      await schedule.every('observe:orders', 3_600_000, 0, observe);

      await schedule.every('observe:orders', 100, 50, observeBilling);
      await untilBegun(3);

      expect(new Set(begun.map(({ job }) => ensembleOf(job)))).toEqual(new Set(['billing']));
    });

    it('stops repeating what is not on the list any more', async () => {
      handles('observe');
      await schedule.start();
      await schedule.every('observe:orders', 100, 10, observe);
      await schedule.every('observe:billing', 100, 60, observeBilling);
      await untilBegun(2);

      await schedule.only(['observe:billing']);
      const seen = begun.length;
      await under.until('billing goes on', () => begun.length >= seen + 5);

      const after = begun.slice(seen).filter(({ job }) => ensembleOf(job) === 'orders');
      // One may have been on its way.
      expect(after.length).toBeLessThanOrEqual(1);
    });

    it('tries a failing job again with growing waits, drops it with a log line, and takes its id again', async () => {
      handles('fallback', () =>
        begun.length <= attemptsMax ? Promise.reject(new Error('down')) : Promise.resolve(),
      );
      await schedule.start();

      await schedule.now(deliver(1), 'deliver:1:ops');
      await under.until('it is dropped', () => under.log.messages('error').length > 0);

      expect(begun).toHaveLength(attemptsMax);
      const waits = begun.slice(1).map(({ atMs }, index) => atMs - begun[index]!.atMs);
      expect(waits.every((wait, index) => wait >= 500 * 2 ** index)).toBe(true);
      expect(under.log.messages('warn')).toHaveLength(attemptsMax - 1);
      expect(under.log.lines.at(-1)?.facts).toMatchObject({
        job: 'fallback',
        attempt: attemptsMax,
      });
      await under.until('it is added again', async () => {
        await schedule.now(deliver(1), 'deliver:1:ops');
        return begun.length > attemptsMax;
      });
    });

    it('does not try a repeated job again before its next time', async () => {
      handles('observe', () => Promise.reject(new Error('the look failed')));
      await schedule.start();
      await schedule.every('observe:orders', 200, 10, observe);

      await under.until('it failed three times', () => under.log.messages('error').length >= 3);

      expect(begun.length).toBeLessThanOrEqual(4);
    });

    it('waits for running work when it stops, and begins nothing more', async () => {
      holds('fallback');
      await schedule.start();
      await schedule.now(deliver(1));
      await untilBegun(1);
      let isStopped = false;

      const stopping = schedule.stop(10_000).then(() => {
        isStopped = true;
      });
      await under.pass(50);
      expect(isStopped).toBe(false);
      letGo();
      await stopping;

      expect(begun).toHaveLength(1);
    });

    it('stops in the end although a job never does', async () => {
      holds('fallback');
      await schedule.start();
      await schedule.now(deliver(1));
      await untilBegun(1);

      await schedule.stop(100);

      expect(begun).toHaveLength(1);
    });
  });
}
