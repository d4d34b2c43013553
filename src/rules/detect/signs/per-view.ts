import type { EnsembleView } from '../../../model/finding.ts';

/**
 * Computes something once for all detectors that judge the same view. They are asked one after the other, so only the view asked last
 * is kept: a WeakMap would keep every view until the next full garbage collection.
 */
export function perView<T>(compute: (view: EnsembleView) => T): (view: EnsembleView) => T {
  let last: { readonly view: EnsembleView; readonly answer: T } | undefined;
  return (view) => {
    if (last?.view !== view) last = { view, answer: compute(view) };
    return last.answer;
  };
}
