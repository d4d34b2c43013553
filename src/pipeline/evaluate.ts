import type { Detector, EnsembleView, Finding } from '../model/finding.ts';
import type { Log } from '../ports/log.ts';

/** The detector name under which a detector that threw is reported. */
export const detectorFailed = 'detector-failed';

/**
 * Asks every detector. One that throws becomes a finding about itself, and the others go on. Of detectors that are not on a card
 * (`shown`; absent: all may be) only what fires matters, so they are asked for their candidates alone.
 */
export function evaluate(
  detectors: readonly Detector[],
  view: EnsembleView,
  nowMs: number,
  log: Log,
  shown?: ReadonlySet<string>,
): readonly Finding[] {
  const failed: string[] = [];
  const findings = detectors.flatMap((detector) => {
    try {
      const isShown = shown === undefined || shown.has(detector.name);
      return detector.detect(view, nowMs, isShown ? undefined : detector.candidates?.(view));
    } catch (error) {
      log.error(
        { ensemble: view.ensemble.id, detector: detector.name, err: error },
        'detector failed',
      );
      failed.push(detector.name);
      return [];
    }
  });
  return [
    ...findings,
    {
      detector: detectorFailed,
      subject: { ensemble: view.ensemble.id },
      verdict: failed.length > 0 ? 'firing' : 'clear',
      severity: 'warn',
      conclusive: true,
      facts: { detector: failed.join(', ') },
      evidence: failed.map((name) => `${name}: see the log for the error`),
    },
  ];
}
