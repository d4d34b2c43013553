import { growthOver, readingsWithin } from '../../../model/delta.ts';
import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { Reading } from '../../../model/sample.ts';
import type { Standing } from '../../../model/standing.ts';

/** The readings of the leader since it leads, oldest first, that are not older than this; none without a leader. */
export function leaderReadings(
  view: EnsembleView,
  { leader }: Standing,
  windowMs: number,
): readonly Reading[] {
  const now = leader === undefined ? undefined : view.samples[leader];
  if (leader === undefined || now?.kind !== 'reading') return [];
  const readings = readingsWithin(view.history[leader] ?? [], now, windowMs);
  const before = readings.findLastIndex(({ mode }) => mode !== 'leader');
  return readings.slice(before + 1);
}

/** How far back it is looked for packets to a learner: pings go to each twice a tick. */
const stalledMs = 10_000;

/**
 * Learners to which the leader sends nothing any more while it sends to others: the count of packets to one that was lost stood still,
 * and that of the other went on (88 to 95 in 3 s, measured). Only servers whose number is known can be told.
 */
export function stalledLearners(view: EnsembleView, standing: Standing): readonly ServerId[] {
  const readings = leaderReadings(view, standing, stalledMs);
  const sent = view.ensemble.servers.flatMap(({ id, sid }) => {
    const first = sid === undefined ? undefined : readings[0]?.metrics[packetsTo(sid)];
    const last = sid === undefined ? undefined : readings.at(-1)?.metrics[packetsTo(sid)];
    return first === undefined || last === undefined ? [] : [{ id, count: last - first }];
  });
  if (readings.length < 2 || !sent.some(({ count }) => count > 0)) return [];
  return sent.filter(({ count }) => count === 0).map(({ id }) => id);
}

function packetsTo(sid: number): string {
  return `cnt_${sid}_learner_handler_qp_size`;
}

/** What the leader told of one learner lately. */
export interface LearnerFigures {
  /** How long packets waited in its queue, and how many were measured. */
  readonly queue: { readonly count: number; readonly mean: number } | undefined;
  /** How long its acknowledgements took. */
  readonly ack: { readonly count: number; readonly mean: number } | undefined;
  /** The longest its queue ever was, now and when the readings begin. */
  readonly longest: { readonly now: number; readonly before: number } | undefined;
}

export function learnerFigures(readings: readonly Reading[], sid: number): LearnerFigures {
  const size = `max_${sid}_learner_handler_qp_size`;
  const before = readings[0]?.metrics[size];
  const now = readings.at(-1)?.metrics[size];
  return {
    queue: growthOver(`${sid}_learner_handler_qp_time_ms`, readings),
    ack: growthOver(`${sid}_ack_latency`, readings),
    longest: before === undefined || now === undefined ? undefined : { now, before },
  };
}
