import type { Alarm } from '../../model/recovery-action.ts';

/** Faults after which nobody knows whose data is right: nothing is moved, removed or added until a person has looked. */
const doubtful: ReadonlySet<string> = new Set([
  'digest-mismatch',
  'zxid-regression',
  'two-leaders',
  'stale-leader',
  'membership-drift',
  'epoch-mismatch',
  'myid-mismatch',
  'znode-count-divergence',
]);

/** Faults of another server that make it a bad one to lean on. */
const weakening: ReadonlySet<string> = new Set([...doubtful, 'disk-full-now', 'fsync-slow']);

/** Alarms about data, of the ensemble or of a server other than this one: `digest-mismatch (zk3)`. */
export function alarmsBeside(
  alarms: readonly Alarm[] | undefined,
  server: string,
): readonly string[] {
  return named(
    (alarms ?? []).filter(
      (alarm) =>
        alarm.server !== server &&
        (alarm.server === undefined ? doubtful : weakening).has(alarm.detector),
    ),
  );
}

/** Alarms about data anywhere in the ensemble. */
export function dataAlarms(alarms: readonly Alarm[] | undefined): readonly string[] {
  return named((alarms ?? []).filter(({ detector }) => doubtful.has(detector)));
}

function named(alarms: readonly Alarm[]): readonly string[] {
  const names = alarms.map(({ detector, server }) =>
    server === undefined ? detector : `${detector} (${server})`,
  );
  return [...new Set(names)].toSorted();
}
