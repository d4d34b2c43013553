import type { Explains } from '../../../model/finding.ts';

/** Explains these detectors where they speak of the same server. */
export function ofTheServer(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'same-server' }));
}

/** Explains these detectors in the whole ensemble. */
export function ofTheEnsemble(...detectors: readonly string[]): readonly Explains[] {
  return detectors.map((detector) => ({ detector, scope: 'ensemble' }));
}

/**
 * What a server that is out explains. The three ways to be out explain each other: a hung server that is killed and started again
 * stays one card, under the name it got first.
 */
export function ofAServerThatIsOut(name: string): readonly Explains[] {
  return [
    ...ofTheServer('member-down', 'member-hung', 'member-not-serving').filter(
      ({ detector }) => detector !== name,
    ),
    ...ofTheServer('member-restarted', 'latency-high'),
    ...ofTheEnsemble('quorum-at-risk'),
  ];
}
