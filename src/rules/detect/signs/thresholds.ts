import type { Detector, EnsembleView } from '../../../model/finding.ts';

/** The threshold in force: a person's override, else the detector's own, which may follow from the ensemble's timing. */
export function thresholdOf(
  view: EnsembleView,
  { name, thresholds }: Pick<Detector, 'name' | 'thresholds'>,
  threshold: string,
  own: number = thresholds[threshold] ?? 0,
): number {
  return view.thresholds[name]?.[threshold] ?? own;
}
