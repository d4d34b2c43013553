import type { EnsembleId } from '../model/ensemble.ts';
import type { IncidentId } from '../model/incident.ts';

/** A hint that something changed, told to all replicas; may get lost, so nothing but redrawing may hang on it. */
export type Bulletin =
  | { readonly kind: 'status'; readonly ensemble: EnsembleId }
  | { readonly kind: 'card'; readonly incident: IncidentId }
  /** A replica came, went or let go of an ensemble. */
  | { readonly kind: 'replicas' };

export interface Bulletins {
  publish(bulletin: Bulletin): void;
  /** Calls back for every hint of any replica until the returned function is called. */
  subscribe(listener: (bulletin: Bulletin) => void): () => void;
}
