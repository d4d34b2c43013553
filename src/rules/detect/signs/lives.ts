import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import { type Life, livesOf } from '../../../model/lives.ts';
import { perView } from './per-view.ts';

/** The lives of each server, reckoned once for all who ask. */
export const livesIn: (view: EnsembleView) => Readonly<Record<ServerId, readonly Life[]>> =
  perView(livesOf);
