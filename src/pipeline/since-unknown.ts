import type { ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';

/** A look from after a crash tells nothing of how the server was before the command: it may have run already. */
export function sinceUnknown(view: EnsembleView, server: ServerId): EnsembleView {
  const { [server]: _, ...others } = view.samples;
  return { ...view, samples: others };
}
