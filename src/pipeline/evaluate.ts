import type { Detector, EnsembleView, Finding } from '../model/finding.ts';
import type { Log } from '../ports/log.ts';

/** The detector name under which a detector that threw is reported. */
export const detectorFailed = 'detector-failed';

/** Asks every detector. One that throws becomes a finding about itself, and the others go on. */
export function evaluate(
  detectors: readonly Detector[],
  view: EnsembleView,
  nowMs: number,
  log: Log,
): readonly Finding[] {
  const failed: string[] = [];
  const findings = detectors.flatMap((detector) => {
    try {
      return detector.detect(view, nowMs);
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
