import type { Detector, EnsembleView, Finding } from '../../../src/model/finding.ts';
import type { Sample } from '../../../src/model/sample.ts';
import { aSample, nightMs, type State } from '../../support/builders.ts';

/** What a detector says of one server, or of the whole ensemble. */
export function judge(detector: Detector, view: EnsembleView, server?: string): Finding {
  const finding = detector.detect(view, view.atMs).find(({ subject }) => subject.server === server);
  if (finding === undefined) throw new Error(`${detector.name} says nothing of ${server}`);
  return finding;
}

/** Earlier looks at a server: `earlier('zk2', [-500, 'follower'], [-250, 'timeout'])`, in ms before the night's moment. */
export function earlier(
  server: string,
  ...looks: readonly (readonly [ms: number, state: State])[]
): Record<string, readonly Sample[]> {
  return { [server]: looks.map(([ms, state]) => aSample(server, state, nightMs + ms)) };
}
