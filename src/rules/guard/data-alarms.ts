import type { Alarm, GuardView } from '../../model/recovery-action.ts';

/** Faults after which nobody knows whose data is right, and a restart could take the only copy of what is right away. */
const contradictory: readonly string[] = [
  'digest-mismatch',
  'zxid-regression',
  'two-leaders',
  'membership-drift',
];

/** Faults after which nobody knows whose data is right. A restart loses nothing by the last four, and is what mends some of them. */
const doubtful: ReadonlySet<string> = new Set([
  ...contradictory,
  'stale-leader',
  'epoch-mismatch',
  'myid-mismatch',
  'znode-count-divergence',
]);

/** Faults of another server that make it a bad one to lean on. */
const weakening: ReadonlySet<string> = new Set([...doubtful, 'disk-full-now', 'fsync-slow']);

type Asked = Pick<GuardView, 'alarms' | 'server'>;

/** Alarms about data anywhere in the ensemble: nothing is removed, and no member added, until a person has looked. */
export function dataAlarms({ alarms }: Pick<Asked, 'alarms'>): readonly string[] {
  return named(alarms, ({ detector }) => doubtful.has(detector));
}

/** Alarms about data, of the ensemble or of another server than this one, that forbid to copy everything from the others. */
export function alarmsBeside({ alarms, server: { id } }: Asked): readonly string[] {
  return named(
    alarms,
    ({ detector, server }) =>
      server !== id && (server === undefined ? doubtful : weakening).has(detector),
  );
}

/**
 * Alarms that forbid to take a server away: about the data of the ensemble, or a full disk of another server. A server whose own list
 * of members is the wrong one may be restarted: that is what mends it.
 */
export function alarmsAgainstRestart({ alarms, server: { id } }: Asked): readonly string[] {
  return named(alarms, ({ detector, server }) =>
    detector === 'disk-full-now' || detector === 'membership-drift'
      ? server !== id
      : contradictory.includes(detector),
  );
}

/** `digest-mismatch (zk3)`, each once. */
function named(
  alarms: readonly Alarm[] = [],
  forbids: (alarm: Alarm) => boolean,
): readonly string[] {
  const names = alarms
    .filter(forbids)
    .map(({ detector, server }) => (server === undefined ? detector : `${detector} (${server})`));
  return [...new Set(names)].toSorted();
}
