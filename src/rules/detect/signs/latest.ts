import { growthOver } from '../../../model/delta.ts';
import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { Reading } from '../../../model/sample.ts';
import { medianOf } from '../../../model/slope.ts';
import { isReading } from './looks.ts';

/** The newest readings of a look, of those servers that answer. */
export function readingsOf(view: EnsembleView): readonly Reading[] {
  return view.ensemble.servers.flatMap(({ id }) => {
    const sample = view.samples[id];
    return sample !== undefined && isReading(sample) ? [sample] : [];
  });
}

/** A figure of each server that answers and reports it, highest first; below zero it is not known. */
export function figuresOf(
  view: EnsembleView,
  metric: string,
): readonly { readonly server: ServerId; readonly value: number }[] {
  return readingsOf(view)
    .flatMap(({ server, metrics }) => {
      const value = metrics[metric];
      return value === undefined || !Number.isFinite(value) || value < 0 ? [] : [{ server, value }];
    })
    .sort((a, b) => b.value - a.value);
}

/** The middle value of a figure over readings: one look that swings does not count. Undefined where fewer than two report it. */
export function middleOf(metric: string, readings: readonly Reading[]): number | undefined {
  const values = readings.flatMap(({ metrics }) => metrics[metric] ?? []);
  return values.length < 2 ? undefined : medianOf(values);
}

/** Stages of a write with their mean times over readings, slowest first. */
export function stagesOf(
  readings: readonly Reading[],
): readonly { readonly stage: string; readonly mean: number }[] {
  return stages
    .flatMap((stage) => {
      const growth = growthOver(stage, readings);
      return growth === undefined || growth.count === 0 ? [] : [{ stage, mean: growth.mean }];
    })
    .sort((a, b) => b.mean - a.mean);
}

/** Summaries of the way of a write through the leader, by `mntr` key (3.6 and later). */
const stages: readonly string[] = [
  'prep_processor_queue_time_ms',
  'sync_processor_queue_time_ms',
  'fsynctime',
  'quorum_ack_latency',
  'propagation_latency',
];
