import type { Subject } from '../../model/finding.ts';
import type { Fingerprint } from '../../model/incident.ts';

/** The identity of a fault: `orders/member-down/zk2`, or `orders/quorum-lost/` for the ensemble as a whole. */
export function fingerprintOf(detector: string, subject: Subject): Fingerprint {
  return `${subject.ensemble}/${detector}/${subject.server ?? ''}`;
}
