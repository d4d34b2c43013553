import type { EnsembleId } from '../../model/ensemble.ts';
import type { Finding } from '../../model/finding.ts';
import { detectorFailedName } from './faults.ts';

/** The finding about detectors that threw: a mistake in the bot, which must not hide behind a quiet card. */
export function detectorFailed(
  ensemble: EnsembleId,
  failures: readonly { readonly detector: string; readonly message: string }[],
): Finding {
  return {
    detector: detectorFailedName,
    subject: { ensemble },
    verdict: 'firing',
    severity: 'warn',
    conclusive: true,
    facts: { detector: failures.map(({ detector }) => detector).join(', ') },
    evidence: failures.map(({ detector, message }) => `${detector}: ${message}`),
  };
}
