import type { FaultWords } from './detectors/en.ts';
import type { Words } from './words.ts';

/** The texts of a fault by the name of its detector; a plain stand-in for a name this version does not know. */
export function faultWords(all: Words, detector: string): FaultWords {
  const known: Readonly<Record<string, FaultWords>> = all.detectors.faults;
  return (
    (Object.hasOwn(known, detector) ? known[detector] : undefined) ??
    all.detectors.unnamed(detector)
  );
}
