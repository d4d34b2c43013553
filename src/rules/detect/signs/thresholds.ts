import type { EnsembleView } from '../../../model/finding.ts';

/** The threshold in force: a person's override, else the detector's own, which may follow from the ensemble's timing. */
export function thresholdOf<Name extends string>(
  view: EnsembleView,
  {
    name,
    thresholds,
  }: { readonly name: string; readonly thresholds: Readonly<Record<Name, number>> },
  threshold: NoInfer<Name>,
  own: number = thresholds[threshold],
): number {
  return view.thresholds[name]?.[threshold] ?? own;
}

/** How far back a detector looks that has a window. */
export function looksBackOf(
  view: EnsembleView,
  {
    name,
    thresholds,
  }: { readonly name: string; readonly thresholds: Readonly<Record<string, number>> },
): number {
  return thresholds['windowMs'] === undefined
    ? 0
    : thresholdOf(view, { name, thresholds }, 'windowMs');
}
