import type { Server } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import { perView } from './per-view.ts';

/** Servers that answer now: of the others, nothing that a reading tells can fire. */
export const answering: (view: EnsembleView) => readonly Server[] = perView(
  ({ ensemble, samples }) => ensemble.servers.filter(({ id }) => samples[id]?.kind === 'reading'),
);

/** Servers whose process may run: where nobody listens, nothing hangs. */
export const running: (view: EnsembleView) => readonly Server[] = perView(({ ensemble, samples }) =>
  ensemble.servers.filter(({ id }) => {
    const sample = samples[id];
    return sample?.kind !== 'failure' || sample.reason !== 'refused';
  }),
);

/** Servers that answer, or of which something slow is known. */
export const known: (view: EnsembleView) => readonly Server[] = perView(
  ({ ensemble, samples, surveys, trends }) =>
    ensemble.servers.filter(
      ({ id }) =>
        samples[id]?.kind === 'reading' ||
        surveys?.[id] !== undefined ||
        trends?.[id] !== undefined,
    ),
);

/** Servers that were looked at before: what comes and goes needs two looks. */
export const remembered: (view: EnsembleView) => readonly Server[] = perView(
  ({ ensemble, history }) => ensemble.servers.filter(({ id }) => (history[id]?.length ?? 0) > 0),
);
